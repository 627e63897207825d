// Package a11ylangparts is the check a11y-lang-parts: parts of a page whose language is no language.
package a11ylangparts

import (
	"context"
	_ "embed"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/langtag"
	"github.com/xunjian/xunjian/checks/places"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check a11y-lang-parts.
var Check = inspect.NewCheck("a11y-lang-parts", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	for i := range tree.Elements {
		e := &tree.Elements[i]
		if len(e.Node.Attr) == 0 || e.Is(atom.Html) {
			continue
		}
		lang := e.Attr("lang")
		if accname.Blank(lang) || langtag.Valid(lang) || !speaks(tree, e) {
			continue
		}
		g.Fault(e, "声明的语言“%s”不是有效的语言代码：%s", zh.Truncate(lang, 20), places.Shown(e))
	}
	g.End()
	return nil
}

// speaks reports whether a text or a named picture has its language from the
// element and is met by somebody.
func speaks(tree *accname.Tree, e *accname.Element) (found bool) {
	look := func(c *accname.Element) {
		if !c.Displayed() {
			return
		}
		if c.Is(atom.Img) {
			found = found || !accname.Blank(c.Attr("alt")) && c.Exposed()
			return
		}
		for t := c.Node.FirstChild; t != nil && !found; t = t.NextSibling {
			found = t.Type == html.TextNode && !accname.Blank(t.Data)
		}
		if found && tree.Away(c) && !c.Exposed() {
			found = false
		}
	}
	look(e)
	tree.Inside(e, func(c *accname.Element) bool {
		if found || c.Has("lang") && c.Attr("lang") != "" {
			return false
		}
		look(c)
		return !found
	})
	return found
}
