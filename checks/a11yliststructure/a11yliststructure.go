// Package a11yliststructure is the check a11y-list-structure: lists that are none.
package a11yliststructure

import (
	"context"
	_ "embed"
	"strings"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/places"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check a11y-list-structure.
var Check = inspect.NewCheck("a11y-list-structure", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	for _, e := range tree.Named(atom.Li) {
		if !e.HasRole() && e.Exposed() && !e.Up.Is(atom.Ul, atom.Ol, atom.Menu) && !listed(e.Up) {
			g.Fault(e, "列表项（li）不在列表之内：%s", places.Shown(e))
		}
	}
	for _, a := range []atom.Atom{atom.Dt, atom.Dd} {
		for _, e := range tree.Named(a) {
			if !e.HasRole() && e.Exposed() && !described(e) {
				g.Fault(e, "%s 不在 dl 之内：%s", e.Node.Data, places.Shown(e))
			}
		}
	}
	for _, a := range []atom.Atom{atom.Ul, atom.Ol, atom.Dl} {
		for _, e := range tree.Named(a) {
			if e.HasRole() || !e.Exposed() {
				continue
			}
			if what := stranger(tree, e); what != "" {
				g.Fault(e, "列表（%s）内直接放了%s：%s", e.Node.Data, what, places.Shown(e))
			}
		}
	}
	g.End()
	return nil
}

func listed(e *accname.Element) bool { return e != nil && (e.Role == "list" || e.HasRole()) }

func described(e *accname.Element) bool {
	return e.Up.Is(atom.Dl) || e.Up.Is(atom.Div) && e.Up.Up.Is(atom.Dl)
}

// stranger is what stands directly in a list and does not belong there, "" if
// all belongs.
func stranger(tree *accname.Tree, e *accname.Element) (what string) {
	for c := e.Node.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode && !accname.Blank(c.Data) {
			return "文字“" + zh.Truncate(strings.TrimSpace(c.Data), 10) + "”"
		}
	}
	tree.Children(e, func(c *accname.Element) {
		if what == "" && c.Exposed() && !belongs(e, c) {
			what = " " + c.Node.Data + " 元素"
		}
	})
	return what
}

func belongs(list, c *accname.Element) bool {
	if c.Is(atom.Script, atom.Template, atom.Style, atom.Noscript) || c.HasRole() || strings.Contains(c.Node.Data, "-") {
		return true
	}
	if list.Is(atom.Dl) {
		return c.Is(atom.Dt, atom.Dd, atom.Div)
	}
	return c.Is(atom.Li)
}
