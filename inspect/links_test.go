package inspect_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/inspect"
)

// refs are a page's links as "kind address", without the host; references that
// are no address keep their class.
func refs(p *inspect.Page) (out []string) {
	for _, l := range p.Links() {
		u := strings.TrimPrefix(l.URL, "http://www.yaodu.gov.test")
		if l.URL == "" {
			u = "(" + string(l.Scheme) + ")"
		}
		out = append(out, string(l.Kind)+" "+u)
	}
	return out
}

func TestLinks(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, html string
		want       []string
	}{
		{"anchors", `<a href="a.html">一</a><a name="x">二</a><a href="">三</a><a href="#x">四</a><a href="javascript:;">五</a><a href="b.pdf">六</a><a href="/down?id=1.doc">七</a>`,
			[]string{"a /d/a.html", "a (empty)", "a (fragment)", "a (javascript)", "attachment /d/b.pdf", "a /down?id=1.doc"}},
		{"area", `<map><area href="/m.html"></map>`, []string{"area /m.html"}},
		{"images", `<img src="a.png"><img src=""><img alt="无"><img src=" b.png ">`, []string{"img /d/a.png", "img /d/b.png"}},
		{"srcset", `<img src="a.png" srcset="a1.png 1x, a2.png 2x"><img srcset="b,1.png 300w,b2.png"><picture><source srcset="c.webp,, d.webp 2x"></picture>`,
			[]string{"img /d/a.png", "srcset /d/a1.png", "srcset /d/a2.png", "srcset /d/b,1.png", "srcset /d/b2.png", "srcset /d/c.webp", "srcset /d/d.webp"}},
		{"srcset of data", `<img srcset="data:image/png;base64,AA,BB 1x, a.png 2x">`, []string{"srcset (data)", "srcset /d/a.png"}},
		{"scripts", `<script src="a.js"></script><script>var a="x.js"</script><script src=""></script>`, []string{"script /d/a.js"}},
		{"link elements", `<link rel="stylesheet" href="s.css"><link rel="shortcut icon" href="/f.ico"><link rel="canonical" href="c.html"><link rel="alternate stylesheet" href="t.css">`,
			[]string{"style /d/s.css", "icon /f.ico", "style /d/t.css"}},
		{"frames", `<iframe src="f.html"></iframe><iframe></iframe><iframe src="about:blank"></iframe>`, []string{"iframe /d/f.html", "iframe (other)"}},
		{"frameset", `<frameset><frame src="f.html"></frameset>`, []string{"iframe /d/f.html"}},
		{"forms", `<form action="/s"></form><form method="GET" action="/g"></form><form method="post" action="/p"></form><form></form>`, []string{"form /s", "form /g"}},
		{"media", `<video src="v.mp4" poster="p.png"></video><audio src="a.mp3"></audio><video><source src="s.mp4"></video><embed src="e.swf"><object data="o.swf"></object>`,
			[]string{"media /d/s.mp4", "media /d/v.mp4", "img /d/p.png", "media /d/a.mp3", "media /d/e.swf", "object /d/o.swf"}},
		{"input", `<input type="IMAGE" src="b.png"><input type="text" src="no.png">`, []string{"img /d/b.png"}},
		{"refresh", `<meta http-equiv="Refresh" content="0; URL='r.html'">`, []string{"refresh /d/r.html"}},
		{"refresh, unquoted", `<meta http-equiv="refresh" content="5;url=r.html">`, []string{"refresh /d/r.html"}},
		{"refresh, comma and blanks", `<meta http-equiv="refresh" content="5 , url = r.html">`, []string{"refresh /d/r.html"}},
		{"refresh without url=", `<meta http-equiv="refresh" content="0;r.html">`, []string{"refresh /d/r.html"}},
		{"refresh of itself", `<meta http-equiv="refresh" content="600">`, nil},
		{"refresh to nothing", `<meta http-equiv="refresh" content="0;url=''">`, nil},
		{"styles", `<style>a{background:url( "a.png" )} /* url(no.png) */ b{background:URL(b.png)} c{src:url(data:font/x;base64,A)} @import "i.css";</style>
<p style="background-image:url('c.png')"></p><table background="d.png"></table><p style="background:url(#id)">`,
			[]string{"css /d/a.png", "css /d/b.png", "css /d/i.css", "css /d/c.png", "css /d/d.png"}},
		{"base", `<base href="/x/y/"><a href="a.html">一</a><base href="/no/">`, []string{"a /x/y/a.html"}},
		{"base elsewhere", `<base target="_blank"><base href="http://other.test/z/"><a href="a.html">一</a>`, []string{"a http://other.test/z/a.html"}},
		{"base that is none", `<base href="javascript:x"><a href="a.html">一</a>`, []string{"a /d/a.html"}},
		{"template", `<a href="{{u}}">一</a>`, []string{"a (unfilled)"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, refs(newPage(home+"d/p.html", tc.html))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// References of elements with styles come in document order, each time.
func TestLinksKeepTheirOrder(t *testing.T) {
	t.Parallel()
	html := `<p style="background:url(1)"><b style="background:url(2)"></b><i style="background:url(3)"></i><table background="4"><tr><td background="5"></table><u style="background:url(6)">`
	want := refs(newPage(home, html))
	if !slices.IsSorted(want) || len(want) != 6 {
		t.Errorf("links = %v", want)
	}
}

func TestLinksStartWhereThePageLanded(t *testing.T) {
	t.Parallel()
	p := newPage(home+"old", `<a href="a.html">一</a>`)
	p.Final = home + "new/x/"
	if diff := cmp.Diff([]string{"a /new/x/a.html"}, refs(p)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLinksOfAStyleSheet(t *testing.T) {
	t.Parallel()
	p := newPage(home+"css/site.css", `@import url("base.css"); @import 'two.css'; /* @import "no.css" */ body{background:url(../img/bg.png)} b{background:url(unclosed`)
	p.Type = inspect.StyleSheet
	if diff := cmp.Diff([]string{"css /css/base.css", "css /css/two.css", "css /img/bg.png"}, refs(p)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLinkText(t *testing.T) {
	t.Parallel()
	for html, want := range map[string]string{
		`<a href="a"> 通知 <b>公告</b></a>`:                    "通知 公告",
		`<a href="a" title="题"></a>`:                       "题",
		`<a href="a"><img alt="图"></a>`:                    "图",
		`<a href="a"><script>x</script></a>`:               "",
		`<a href="a">` + strings.Repeat("长", 70) + `</a>`:  strings.Repeat("长", 60) + "…",
		`<map><area href="a" alt="区域"></map>`:              "区域",
		`<a href="a"><style>b{}</style>文<br>字</a><p>x</p>`: "文 字",
	} {
		if got := newPage(home, html).Links()[0].Text(); got != want {
			t.Errorf("%s: text %q, want %q", html, got, want)
		}
	}
}

func TestDocumentAndExtension(t *testing.T) {
	t.Parallel()
	for u, want := range map[string]string{"http://a.test/x.PDF": "pdf", "http://a.test/x.tar.gz?y=.z": "gz", "http://a.test": "", "http://a.test/": "", "http://a.test/x.b/c": "", "http://a.test/x.verylong": ""} {
		if got := inspect.Extension(u); got != want {
			t.Errorf("Extension(%q) = %q, want %q", u, got, want)
		}
	}
	if !inspect.IsDocument("http://a.test/x.ofd") || inspect.IsDocument("http://a.test/x.html") {
		t.Error("ofd is a document, html is none")
	}
}

// FuzzPage: no bytes break what is computed of a page, and what is computed ends.
func FuzzPage(f *testing.F) {
	for _, s := range []string{"", "<", `<ul><li><a href="a">标题标题标题标题</a><span>2024-03-05</span></li></ul>`, "<table><tr><td>发布时间：2024-03-05", `<meta name=PubDate content="2024-03-05"><h1>题</h1><p>来源：x`,
		`<style>a{b:url(`, `<img srcset="a,,b 2x,`, `<base href="//"><a href="?">`, `<meta http-equiv=refresh content=";url=">`, "<svg><title>x</title></svg><frameset>", "\x00\xff<a href=\x00>", "<li>05<li>2024-03<a href=x>y", "标识码：14100000 《a》《"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		p := newPage(home+"d/p.html", string(body))
		if _, err := p.Doc(); err != nil && p.Links() != nil {
			t.Error("links of a page without a document")
		}
		q := p.Parts()
		if !slices.Contains(inspect.PageKinds, q.Kind) {
			t.Errorf("kind %q", q.Kind)
		}
		for _, l := range p.Links() {
			if (l.URL != "") != (l.Scheme == inspect.HTTP) {
				t.Errorf("link %+v", l)
			}
			l.Text()
		}
		for _, it := range p.List(inspect.Selectors{}).Items {
			if it.Title == "" {
				t.Errorf("row %+v without a title", it)
			}
		}
		p.RowSelectors()
		p.Labels()
		p.Codes()
		p.Foot()
		p.Text()
	})
}

// A page with more links than anybody made by hand is read in part.
func TestLinksAreBounded(t *testing.T) {
	var b strings.Builder
	for i := range 20_100 {
		fmt.Fprintf(&b, `<a href="/%d">%d</a>`, i, i)
	}
	p := &inspect.Page{Target: inspect.Target{URL: "http://a.example/"}, Body: []byte(b.String())}
	if n := len(p.Links()); n != 20_000 {
		t.Errorf("%d links are read", n)
	}
}
