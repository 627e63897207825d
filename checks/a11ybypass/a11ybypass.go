// Package a11ybypass is the check a11y-bypass: pages without a way past what all pages repeat.
package a11ybypass

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/locus"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check a11y-bypass.
var Check = inspect.NewCheck("a11y-bypass", rule, inspect.PerPage, struct{}{}, run).Timeless()

// many is how many links must stand before the page's own text; the number is
// this program's own.
const many = 10

// run looks for any of the usual ways: a heading, a landmark, a link to a place
// on the page. Hidden ones count: a script may show them.
func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	if len(tree.Named(atom.Frameset)) > 0 || marked(tree) || skips(tree) {
		return nil
	}
	links, found := before(tree)
	if !(found && links >= many) {
		if block := block(tree); block != nil && !tree.Scripted {
			p.Report(inspect.Finding{Locus: locus.Of(block.Node), Template: true,
				Message: fmt.Sprintf("正文之前有 %s 区域，页面没有标题、main 区域或跳转链接可供跳过", block.Node.Data)})
		}
		return nil
	}
	f := inspect.Finding{Locus: "body", Template: true, Value: float64(links), Unit: "个",
		Message: fmt.Sprintf("正文之前有%d个链接，页面没有标题、区域标记或跳转链接可供跳过", links)}
	if writes(tree) {
		f.Outcome = inspect.Review
	}
	p.Report(f)
	return nil
}

// marked reports whether a heading or the mark of the main part leads past what is repeated.
func marked(tree *accname.Tree) bool {
	for _, role := range []string{"heading", "main"} {
		if len(tree.Playing(role)) > 0 {
			return true
		}
	}
	return false
}

// skips reports whether a link leads to a place on the page.
func skips(tree *accname.Tree) bool {
	var names map[string]bool
	for _, e := range tree.Named(atom.A) {
		id, ok := strings.CutPrefix(e.Attr("href"), "#")
		if !ok || id == "" {
			continue
		}
		if tree.ByID(id) != nil {
			return true
		}
		if names == nil {
			names = map[string]bool{}
			for _, a := range tree.Named(atom.A) {
				names[a.Attr("name")] = true
			}
		}
		if names[id] {
			return true
		}
	}
	return false
}

// before counts the links that stand before the first text of some length that
// is no link, and says whether there is such a text.
func before(tree *accname.Tree) (links int, found bool) {
	for i := range tree.Elements {
		e := &tree.Elements[i]
		if !e.Exposed() {
			continue
		}
		if e.Role == "link" {
			links++
			continue
		}
		if e.Within(atom.A) != nil {
			continue
		}
		for c := e.Node.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.TextNode && len(c.Data) > 90 {
				if _, k := zh.Han(c.Data); k >= 40 {
					return links, true
				}
			}
		}
	}
	return links, false
}

// block is a part that its author marks as one that pages share, with other
// text after it; nil if there is none.
func block(tree *accname.Tree) *accname.Element {
	var found *accname.Element
	for i := 0; i < len(tree.Elements); i++ {
		e := &tree.Elements[i]
		if !e.Exposed() {
			continue
		}
		if e.Role == "navigation" || e.Role == "complementary" || e.Role == "banner" {
			if found == nil && !accname.Blank(inspect.TextOf(e.Node)) {
				found = e
			}
			i = e.End - 1
			continue
		}
		for c := e.Node.FirstChild; c != nil && found != nil; c = c.NextSibling {
			if c.Type == html.TextNode && len(c.Data) > 60 && e.Within(atom.A) == nil {
				return found
			}
		}
	}
	return nil
}

// writes reports whether a script of the page writes into it, perhaps what is missing.
func writes(tree *accname.Tree) bool {
	for _, n := range tree.Page.Elements(atom.Script) {
		if n.FirstChild != nil && (strings.Contains(n.FirstChild.Data, "document.write") || strings.Contains(n.FirstChild.Data, "innerHTML")) {
			return true
		}
	}
	return false
}
