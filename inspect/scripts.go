package inspect

import (
	"strings"

	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html/atom"
)

// scriptFilled names the sign that a script fills the page's list.
func (p *Page) scriptFilled() string {
	if p.Ran {
		return ""
	}
	for _, n := range p.Elements(atom.Script) {
		if n.FirstChild == nil {
			continue
		}
		s := n.FirstChild.Data
		for _, sign := range loaders {
			if strings.Contains(s, sign) {
				return sign
			}
		}
		for _, sign := range writers {
			if strings.Contains(s, sign) && containsAny(s, rowMarks) && !strings.Contains(s, "getFullYear") {
				return sign
			}
		}
	}
	for _, n := range p.Elements(atom.Script) {
		src := strings.ToLower(Attr(n, "src"))
		for _, sign := range []string{"vue", "react", "angular", "app.", "chunk", "bundle", "main.", "list", "data", "search", "pagelist", "getnews"} {
			if name := src[strings.LastIndexByte(src, '/')+1:]; strings.Contains(name, sign) {
				return name
			}
		}
	}
	for _, n := range p.Texts() {
		if strings.Contains(n.Data, "{{") || strings.Contains(n.Data, "正在加载") || strings.Contains(n.Data, "加载中") || strings.Contains(n.Data, "<%") {
			return zh.Truncate(strings.TrimSpace(n.Data), 20)
		}
	}
	for _, n := range p.Elements(atom.Iframe) {
		if !Hidden(n) && Attr(n, "src") != "" && Attr(n, "height") != "0" {
			return "iframe"
		}
	}
	return ""
}

// loaders are signs that a script asks for content from elsewhere.
var loaders = []string{"$.ajax", "jQuery.ajax", ".getJSON", "XMLHttpRequest", "fetch(", "axios", ".load(", "$.post", "$.get(", "new Vue",
	"createApp", "ReactDOM", "createRoot"}

// writers are signs that a script writes into the page.
var writers = []string{"innerHTML", ".append(", ".html(", "document.write", "laytpl", "template("}

// rowMarks are what a script that writes a list puts into it; one that writes
// the day of the week has none.
var rowMarks = []string{"<li", "<a ", "<tr", "<dd", "<ul", "href=", "template("}

// libraries are scripts that write nothing of their own.
var libraries = []string{"jquery", "bootstrap", "swiper", "html5shiv", "respond", "superslide", "modernizr", "hm.baidu", "cnzz", "51.la",
	"share", "bshare", "jiathis", "conac", "jiucuo", "zoom", "polyfill", "pngfix", "scroll", "slide", "qrcode", "wza", "cookie"}

// writers counts the scripts that are no known library and could write into
// the page, and names the first sign of one that loads content.
func (p *Page) writers() (n int, loads string) {
	for _, s := range p.Elements(atom.Script) {
		if src := strings.ToLower(Attr(s, "src")); src != "" {
			if !containsAny(src, libraries) {
				n++
			}
			continue
		}
		if s.FirstChild == nil || strings.Contains(s.FirstChild.Data, "_hmt") {
			continue
		}
		text := s.FirstChild.Data
		for _, sign := range loaders {
			if loads == "" && strings.Contains(text, sign) {
				loads = sign
			}
		}
		if containsAny(text, loaders) || containsAny(text, writers) {
			n++
		}
	}
	return n, loads
}

func containsAny(s string, list []string) bool {
	for _, x := range list {
		if strings.Contains(s, x) {
			return true
		}
	}
	return false
}

// ownChars counts what a visitor finds outside links and outside head,
// navigation and foot: letters, and twenty of them for a picture or a field.
func (p *Page) ownChars() int {
	k := 0
	for _, n := range p.Texts() {
		if n.Parent == nil || Within(n.Parent, atom.A) != nil || inNavigation(n.Parent) {
			continue
		}
		_, letters := zh.Han(n.Data)
		k += letters
	}
	for _, n := range p.Elements(atom.Img, atom.Input, atom.Select, atom.Textarea, atom.Map, atom.Object) {
		if !strings.EqualFold(Attr(n, "type"), "hidden") && !Hidden(n) && !inNavigation(n) {
			k += 20
		}
	}
	return k
}
