// Package errorentry is the check error-entry: the entry of 我为政府网站找错.
package errorentry

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check error-entry.
var Check = inspect.NewCheck("error-entry", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	if !p.Page.Home {
		p.Due(0)
		return nil
	}
	if code := entryCode(p.Page); code != "" {
		want := p.Site.Code
		if want == "" {
			want = p.Page.Labels().Get("SiteIDCode")
		}
		if want != "" && !strings.EqualFold(want, code) {
			p.Report(inspect.Finding{Locus: "entry", Template: true, Message: fmt.Sprintf("“我为政府网站找错”入口所带网站标识码为%s，本网站为%s", code, want)})
		}
		return nil
	}
	switch {
	case Present(p.Page):
	case Scripted(p.Page):
		p.Report(inspect.Finding{Outcome: inspect.Unknown, Locus: "entry", Template: true, Message: "首页没有看到“我为政府网站找错”入口，但不能排除由脚本写入"})
	default:
		p.Report(inspect.Finding{Locus: "entry", Template: true, Message: "首页没有“我为政府网站找错”入口"})
	}
	return nil
}

func entryCode(p *inspect.Page) string {
	for _, c := range p.Codes() {
		if c.Where == "entry" {
			return c.Code
		}
	}
	return ""
}

// marks are what addresses of the entry, its picture or its script hold.
var marks = []string{"zfwzgl.www.gov.cn", "pucha.kaipuyun", "jiucuo", "zhaocuo", "zfwzzc"}

// Present reports whether a page shows the entry: a link, a picture, a text or
// the script that writes it.
func Present(p *inspect.Page) bool {
	links := p.Links()
	for i := range links {
		if marked(links[i].Raw) {
			return true
		}
	}
	for _, n := range p.Elements(atom.Img, atom.A, atom.Area) {
		if strings.Contains(inspect.Attr(n, "alt")+inspect.Attr(n, "title"), "找错") || marked(inspect.Attr(n, "onclick")) {
			return true
		}
	}
	for _, n := range p.Elements(atom.Script) {
		if n.FirstChild != nil && marked(n.FirstChild.Data) {
			return true
		}
	}
	for _, n := range p.Texts() {
		if strings.Contains(n.Data, "找错") {
			return true
		}
	}
	return false
}

func marked(s string) bool {
	if s == "" {
		return false
	}
	s = strings.ToLower(s)
	for _, m := range marks {
		if strings.Contains(s, m) {
			return true
		}
	}
	return false
}

// Scripted reports whether a script or a frame could write the entry: one from
// a file whose content is not seen, or one that writes into the page.
func Scripted(p *inspect.Page) bool {
	if len(p.Elements(atom.Iframe)) > 0 {
		return true
	}
	for _, n := range p.Elements(atom.Script) {
		if src := strings.ToLower(inspect.Attr(n, "src")); src != "" {
			if !library(src) {
				return true
			}
			continue
		}
		if n.FirstChild == nil {
			continue
		}
		for _, w := range []string{"document.write", "innerHTML", ".append(", ".html(", ".load(", "$.ajax", "fetch("} {
			if strings.Contains(n.FirstChild.Data, w) {
				return true
			}
		}
	}
	return false
}

// library reports whether a script is a known one that writes nothing of its own.
func library(src string) bool {
	for _, name := range []string{"jquery", "bootstrap", "swiper", "superslide", "slide", "scroll", "html5shiv", "respond", "modernizr", "conac",
		"hm.baidu", "cnzz", "51.la", "share", "qrcode", "polyfill", "pngfix", "zoom"} {
		if strings.Contains(src, name) {
			return true
		}
	}
	return false
}
