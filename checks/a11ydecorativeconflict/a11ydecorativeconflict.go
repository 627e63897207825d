// Package a11ydecorativeconflict is the check a11y-decorative-conflict: elements marked as decoration that are none.
package a11ydecorativeconflict

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

// Check is the check a11y-decorative-conflict.
var Check = inspect.NewCheck("a11y-decorative-conflict", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	for i := range tree.Elements {
		e := &tree.Elements[i]
		if e.Exposed() && marked(e) && !e.Decorative() && !e.Is(atom.Iframe) {
			g.Fault(e, "元素标为装饰，却能获得焦点或带有名称，标记不起作用：%s", places.Shown(e))
		}
	}
	g.End()
	return nil
}

// marked reports whether the author calls the element decoration.
func marked(e *accname.Element) bool {
	switch e.Explicit {
	case "none", "presentation":
		return true
	case "":
		return e.Is(atom.Img) && e.Has("alt") && e.Attr("alt") == ""
	}
	return false
}
