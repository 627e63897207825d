// Package a11ylinkname is the check a11y-link-name: links of which a screen
// reader can say nothing.
package a11ylinkname

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

// Check is the check a11y-link-name.
var Check = inspect.NewCheck("a11y-link-name", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	var inText []*html.Node // links of the page's own text are one fault
	for _, role := range roles {
		for _, e := range tree.Playing(role) {
			if !e.Exposed() || e.Is(atom.Area) && !mapped(p.Page, e.Node) || !tree.Nameless(e) {
				continue
			}
			if e.Is(atom.A) && locus.InBody(p.Page, e.Node) {
				inText = append(inText, e.Node)
				continue
			}
			p.Report(finding(tree, e.Node))
		}
	}
	if len(inText) > 0 {
		p.Report(inspect.Finding{Locus: "text", Value: float64(len(inText)), Unit: "处", Nodes: inText, Message: fmt.Sprintf("正文中%d个链接没有可读的名称", len(inText))})
	}
	return nil
}

// roles are the roles of links.
var roles = []string{"link", "doc-backlink", "doc-biblioref", "doc-glossref", "doc-noteref"}

// mapped reports whether an area belongs to a map that a picture uses.
func mapped(p *inspect.Page, area *html.Node) bool {
	m := inspect.Within(area, atom.Map)
	if m == nil {
		return false
	}
	for _, n := range p.Elements(atom.Img, atom.Object) {
		if use := strings.TrimPrefix(inspect.Attr(n, "usemap"), "#"); use != "" && (use == inspect.Attr(m, "name") || use == inspect.Attr(m, "id")) {
			return true
		}
	}
	return false
}

// finding is a fault, or a matter for a person when a style sheet or a script
// could still give the link its words.
func finding(tree *accname.Tree, n *html.Node) inspect.Finding {
	p := tree.Page
	f := inspect.Finding{Locus: place(p, n), Template: true, Nodes: []*html.Node{n}}
	href := inspect.Readable(inspect.Attr(n, "href"))
	f.Message = fmt.Sprintf("链接没有可读的名称（文字为空，图片没有替代文本）：%s", href)
	if tree.Fillable() && !pictured(n) && painted(n) {
		f.Outcome = inspect.Review
		f.Message = fmt.Sprintf("链接没有文字，不能确定样式表或脚本是否给出名称：%s", href)
	}
	return f
}

// pictured reports whether a picture stands in the link.
func pictured(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Img || pictured(c) {
			return true
		}
	}
	return false
}

// painted reports whether the link or an element in it is named for a style
// sheet or a script.
func painted(n *html.Node) bool {
	for _, a := range n.Attr {
		if a.Key == "class" || a.Key == "id" || strings.HasPrefix(a.Key, "v-") || strings.HasPrefix(a.Key, "data-") {
			return true
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && painted(c) {
			return true
		}
	}
	return false
}

// place names a link by where it leads; in a row of a list, where pages lead
// elsewhere, by its place in the template.
func place(p *inspect.Page, n *html.Node) string {
	if locus.Repeated(n) {
		return locus.Of(n)
	}
	if u, s := inspect.NewBase(p.Landed()).Resolve(inspect.Attr(n, "href")); s == inspect.HTTP {
		return fmt.Sprintf("%s[href=%q]", n.Data, locus.Short(p, u))
	}
	return locus.Of(n)
}
