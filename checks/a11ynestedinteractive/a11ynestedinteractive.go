// Package a11ynestedinteractive is the check a11y-nested-interactive: something to operate inside something to operate.
package a11ynestedinteractive

import (
	"context"
	_ "embed"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/places"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check a11y-nested-interactive.
var Check = inspect.NewCheck("a11y-nested-interactive", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	for i := range tree.Elements {
		e := &tree.Elements[i]
		r := e.Facts()
		if r == nil || !r.Flat || e.End == e.Index+1 || !e.Exposed() {
			continue
		}
		var found *accname.Element
		tree.Inside(e, func(c *accname.Element) bool {
			if found == nil && c.Tabbable() && c.Exposed() {
				found = c
			}
			return found == nil
		})
		if found != nil {
			g.Fault(e, "角色为 %s 的元素内还有可操作的元素，读屏软件无法区分：%s", e.Role, places.Shown(found))
		}
	}
	g.End()
	return nil
}
