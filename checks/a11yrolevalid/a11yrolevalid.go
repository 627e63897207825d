// Package a11yrolevalid is the check a11y-role-valid: roles that do not exist.
package a11yrolevalid

import (
	"context"
	_ "embed"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/places"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

//go:embed rule.md
var rule string

// Check is the check a11y-role-valid.
var Check = inspect.NewCheck("a11y-role-valid", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	for i := range tree.Elements {
		e := &tree.Elements[i]
		if e.HasRole() && e.Explicit == "" && e.Exposed() && !accname.Blank(e.Attr("role")) {
			g.Fault(e, "role 的值“%s”不是有效的角色：%s", zh.Truncate(e.Attr("role"), 30), places.Shown(e))
		}
	}
	g.End()
	return nil
}
