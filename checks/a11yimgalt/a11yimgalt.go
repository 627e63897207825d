// Package a11yimgalt is the check a11y-img-alt: pictures without a text
// alternative.
package a11yimgalt

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/locus"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check a11y-img-alt.
var Check = inspect.NewCheck("a11y-img-alt", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	var inText []*html.Node // pictures of the page's own text are one fault
	for i := range tree.Elements {
		e := &tree.Elements[i]
		if !shows(e) || !e.Exposed() || !tree.Nameless(e) {
			continue
		}
		n := e.Node
		if locus.InBody(p.Page, n) {
			inText = append(inText, n)
			continue
		}
		p.Report(inspect.Finding{Locus: place(p.Page, n), Template: true, Message: fmt.Sprintf("图片没有替代文本：%s", shown(n)), Nodes: []*html.Node{n}})
	}
	if len(inText) > 0 {
		p.Report(inspect.Finding{Locus: "text", Value: float64(len(inText)), Unit: "处", Nodes: inText,
			Message: fmt.Sprintf("正文中%d张图片没有替代文本，如：%s", len(inText), shown(inText[0]))})
	}
	return nil
}

// shows reports whether an element is one that must have a text alternative.
func shows(e *accname.Element) bool {
	switch n := e.Node; {
	case n.Namespace == "svg":
		return e.HasRole() && (e.Role == "img" || e.Role == "image" || e.Role == "graphics-symbol" || e.Role == "graphics-document")
	case n.DataAtom == atom.Img:
		return pictured(e)
	case n.DataAtom == atom.Input:
		return e.Type() == "image" && e.Role == "button"
	case n.DataAtom == atom.Object:
		return media(e)
	}
	return e.HasRole() && (e.Role == "img" || e.Role == "image")
}

// pictured reports whether an img is exposed as a picture that somebody sees:
// not decoration, not without an address, not a counter of one pixel.
func pictured(e *accname.Element) bool {
	n := e.Node
	if e.Role != "img" && e.Role != "image" {
		return false
	}
	if alt := inspect.Attr(n, "alt"); !accname.Blank(alt) {
		return false
	}
	if source(n) == "" {
		return false
	}
	return !dot(inspect.Attr(n, "width")) && !dot(inspect.Attr(n, "height"))
}

func dot(v string) bool { return v == "0" || v == "1" || v == "1px" || v == "0px" }

func source(n *html.Node) string {
	for _, k := range []string{"src", "data-src", "data-original", "srcset"} {
		if v := strings.TrimSpace(inspect.Attr(n, k)); v != "" {
			return v
		}
	}
	return ""
}

// media reports whether an object shows a picture, sound or film and is not
// marked as anything else.
func media(e *accname.Element) bool {
	n := e.Node
	if e.HasRole() && e.Role != "img" {
		return false
	}
	t := strings.ToLower(inspect.Attr(n, "type"))
	if strings.HasPrefix(t, "image/") || strings.HasPrefix(t, "audio/") || strings.HasPrefix(t, "video/") {
		return true
	}
	switch inspect.Extension("http://x/" + strings.TrimLeft(inspect.Attr(n, "data"), "/")) {
	case "png", "jpg", "jpeg", "gif", "svg", "webp", "bmp", "mp3", "wav", "ogg", "mp4", "webm", "avi", "flv":
		return true
	}
	return false
}

// place names a picture by its address, so that it is the same on all pages; in
// a row of a list, where pages show others, by its place in the template.
func place(p *inspect.Page, n *html.Node) string {
	if locus.Repeated(n) {
		return locus.Of(n)
	}
	for _, k := range []string{"src", "data"} {
		if v := inspect.Attr(n, k); v != "" && !strings.HasPrefix(v, "data:") {
			if u, s := inspect.NewBase(p.Landed()).Resolve(v); s == inspect.HTTP {
				return fmt.Sprintf("%s[%s=%q]", n.Data, k, locus.Short(p, u))
			}
		}
	}
	return locus.Of(n)
}

// shown is the picture for a person.
func shown(n *html.Node) string {
	if v := source(n); v != "" && !strings.HasPrefix(v, "data:") {
		return inspect.Readable(v)
	}
	if v := inspect.Attr(n, "data"); v != "" {
		return inspect.Readable(v)
	}
	return locus.Of(n)
}
