package portal

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
)

// The library is a small site whose faults only a browser sees. It is
// inspected where there is one, and by the rules of accessibility alone.
const (
	libraryHost = "www.qinglan-library.example"
	libraryID   = "qlqtsg"
	libraryName = "青岚区图书馆"
)

// LibraryRules is the rulebook by which the library is inspected.
const LibraryRules = `id: qinglan-access
version: "1"
extends: guoban-2019
only: ["a11y-*", elder-entry, elder-page]
`

// LibraryConfig is the library's configuration; rules is the file of its rulebook.
func (p *Portal) LibraryConfig(addr Addr, rules string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s：青岚区为虚构地名。\nrulebook: %q\ncrawl:\n  rate: -1\nresolve:\n  %s: %s\n", Mark, rules, libraryHost, addr.Plain)
	fmt.Fprintf(&b, "units:\n  - {id: %s, name: %s, region: \"%s\"}\n", libraryID, libraryName, Region)
	fmt.Fprintf(&b, "sites:\n  - {id: %s, name: %s, home: \"http://%s/\", unit: %s, region: \"%s\"}\n", libraryID, libraryName, libraryHost, libraryID, Region)
	return b.Bytes()
}

// LibraryTruth is what a browser must find there, and what it must not.
func (p *Portal) LibraryTruth() *Truth {
	deep := func(page, locus, note string) Fault {
		return Fault{Site: libraryID, Check: "a11y-deep", Outcome: "fail", Page: page, Locus: locus, Note: note}
	}
	return &Truth{
		Faults: []Fault{
			deep("/", "axe-color-contrast", "样式表使说明文字对比度不足"),
			deep("/books/", "axe-image-alt", "脚本填入的列表中图片没有替代文本"),
			deep("/search.html", "axe-button-name", "脚本去掉了按钮的名称"),
			{Site: libraryID, Check: "elder-page", Outcome: "review", Page: "/elder.html", Locus: "EL-4", Note: "样式表使长者版正文只有 15 像素"},
		},
		Twins: []Twin{
			{Site: libraryID, Check: "a11y-deep", Page: "/about.html", Note: "样式表给出足够的对比度"},
			{Site: libraryID, Check: "a11y-deep", Page: "/elder.html", Note: "长者版没有浏览器可见的其他问题"},
		},
	}
}

const librarySheet = `body { font: 16px/1.8 "Noto Sans CJK SC", sans-serif; margin: 20px; color: #222; background: #fff }
a { color: #0b57a4 } .note { color: #bbb } .calm { color: #444; background: #f5f7fa } .large { font-size: 15px } img { width: 60px; height: 80px }
`

// library lays its pages; they are the same a week before.
func (p *Portal) library() {
	page := func(path, title, body string) {
		html := `<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>` + title +
			`</title><link rel="stylesheet" href="/library.css"></head><body><header><nav aria-label="主导航"><a href="/">首页</a> <a href="/books/">新书推荐</a> <a href="/search.html">馆藏查询</a> ` +
			`<a href="/about.html">本馆介绍</a> <a href="/elder.html">长者版</a></nav></header><main><h1>` + title + `</h1>` + body + `</main></body></html>`
		p.put(libraryHost+path, &answer{status: http.StatusOK, typ: "text/html; charset=utf-8", body: []byte(html)})
	}
	page("/", libraryName, `<p>图书馆每天九时至二十一时开放，节假日照常。</p><p class="note">周一上午闭馆整理，请读者合理安排时间。</p>`)
	page("/books/", "新书推荐", `<div id="list"></div><script>var d=document.createElement("div");d.innerHTML='<p><img src="/cover.png"> 青岚县志，三楼地方文献室</p>';document.getElementById("list").appendChild(d)</script>`)
	page("/search.html", "馆藏查询", `<p>请到服务台查询馆藏。<button type="button" id="go">查询</button></p><script>document.getElementById("go").textContent=""</script>`)
	page("/about.html", "本馆介绍", `<p class="calm">本馆藏书二十万册，设有少儿阅览室和老年阅览室。</p>`)
	page("/elder.html", "长者版", `<p class="large">长者版介绍老年阅览室的开放时间和预约办法，欢迎来电咨询。</p>`)
	p.put(libraryHost+"/library.css", &answer{status: http.StatusOK, typ: "text/css", body: []byte(librarySheet)})
	p.put(libraryHost+"/cover.png", &answer{status: http.StatusOK, typ: "image/png", body: []byte("\x89PNG\r\n\x1a\n")})
	p.put(libraryHost+"/favicon.ico", &answer{status: http.StatusOK, typ: "image/x-icon", body: []byte{0, 0, 1, 0}})
}

// LibraryPages is how many pages it has.
func (p *Portal) LibraryPages() (n int) {
	for path, a := range p.pages {
		if strings.HasPrefix(path, libraryHost) && strings.HasPrefix(a.typ, "text/html") {
			n++
		}
	}
	return n
}
