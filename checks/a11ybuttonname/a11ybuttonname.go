// Package a11ybuttonname is the check a11y-button-name: buttons, menu items and summaries without a name.
package a11ybuttonname

import (
	"context"
	_ "embed"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/places"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check a11y-button-name.
var Check = inspect.NewCheck("a11y-button-name", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	for _, e := range tree.Playing("button") {
		if e.Is(atom.Input) && e.Type() == "image" { // a picture: a11y-img-alt
			continue
		}
		button(tree, g, e, "按钮")
	}
	for _, e := range tree.Playing("menuitem") {
		button(tree, g, e, "菜单项")
	}
	for _, e := range tree.Named(atom.Summary) {
		if e.FirstSummary() && e.Role == "" {
			button(tree, g, e, "展开控件（summary）")
		}
	}
	g.End()
	return nil
}

func button(tree *accname.Tree, g *places.Gathering, e *accname.Element, what string) {
	if !e.Exposed() || !tree.Nameless(e) {
		return
	}
	if e.Is(atom.Input) && e.Attr("value") == "" && e.Attr("id") != "" && tree.Scripted || !e.Is(atom.Input) && tree.Fillable() && painted(tree, e) {
		g.Doubt(e, "%s没有文字，不能确定样式表或脚本是否给出名称：%s", what, places.Shown(e))
		return
	}
	g.Fault(e, "%s没有可读的名称：%s", what, places.Shown(e))
}

// painted reports whether a style sheet or a script may write into the
// element: nothing is in it, and it or what is in it can be picked out.
func painted(tree *accname.Tree, e *accname.Element) bool {
	marked := e.Attr("class") != "" || e.Attr("id") != ""
	tree.Inside(e, func(c *accname.Element) bool {
		if c.Is(atom.Img) {
			marked = false
			return false
		}
		marked = marked || c.Attr("class") != "" || c.Attr("id") != ""
		return true
	})
	return marked
}
