package portal

import (
	"fmt"
	"html/template"
	"net/http"
	"strings"
)

// neighbours are the hosts of others that pages link. The demonstration
// answers for them itself, so that it needs no network.
var neighbours = append([]string{paper, paperNew, tour, buyer, chamber, casino, scripts, newScripts, platforms}, authorities...)

// authorities are those that every foot must link.
var authorities = []string{"beian.miit.gov.cn", "beian.mps.gov.cn", "bszs.conac.cn", "zfwzgl.www.gov.cn"}

// Hosts of others; none of the names can exist.
const (
	paper      = "www.qinglan-daily.example"
	paperNew   = "epaper.qinglan-press.example"
	tour       = "www.qinglan-tour.example"
	buyer      = "www.cheap-deals.example"
	chamber    = "www.qinglan-chamber.example"
	casino     = "www.lucky-hall.example"
	scripts    = "js.qinglan-cdn.example"
	newScripts = "count.unknown-stat.example"
)

// others are what those hosts say of themselves, now and a week before.
func (p *Portal) others() {
	page := func(url, title, text string) {
		p.put(url, &answer{status: http.StatusOK, typ: "text/html; charset=utf-8", body: []byte(`<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>` + title + `</title></head><body><p>` + text + `</p></body></html>`)})
	}
	for _, h := range authorities {
		page(h+"/", "演示", "此处代替 "+h)
	}
	if p.early {
		page(paper+"/", "青岚日报", "青岚日报，记录青岚区的每一天。")
		page(tour+"/", "青岚旅游网", "青岚区旅游景点、线路和住宿信息。")
	} else {
		p.moved(paper+"/", "http://"+paperNew+"/")
		p.moved(tour+"/", "http://"+buyer+"/")
	}
	page(paperNew+"/", "青岚日报数字版", "青岚日报，记录青岚区的每一天。")
	page(paper+"/police.html", "警方打击跨境赌博 捣毁网上赌场三处", "警方近日严厉打击跨境赌博犯罪，捣毁网上赌场三处，抓获嫌疑人多名。")
	page(buyer+"/", "Best deals online", "Shoes and bags at low prices.")
	page(chamber+"/", chamber, "This domain is for sale. 此域名可转让。")
	page(casino+"/", "澳门新葡京 百家乐 真人荷官", "时时彩、百家乐，注册即送。")
	for _, h := range []string{scripts, newScripts} {
		p.put(h+"/count.js", &answer{status: http.StatusOK, typ: "text/javascript", body: []byte("/* 演示 */")})
	}
}

// search answers the search of a site as a server does: the first ten pieces
// whose titles hold the words.
func (p *Portal) search(host, words string) *answer {
	v := p.base(nil)
	var all []*article
	for _, c := range p.cols {
		all = append(all, c.articles...)
	}
	for _, o := range p.offices {
		if o.host == host {
			v, all = o.view(p), o.pieces
		}
	}
	v.Kind, v.Title, v.Heading = "article", "搜索结果_"+v.SiteName, "搜索结果"
	var b strings.Builder
	n := 0
	for _, a := range all {
		if words == "" || n == 10 || !strings.Contains(a.Title, strings.TrimSpace(words)) {
			continue
		}
		n++
		fmt.Fprintf(&b, `<p><a href="%s">%s</a></p>`, a.Path, template.HTMLEscapeString(a.Title))
	}
	if n == 0 {
		b.WriteString("<p>没有找到相关信息，请换一个词再试。</p>")
	}
	v.Body = template.HTML(b.String())
	return p.page(v)
}
