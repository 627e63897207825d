// Package a11ytabindexpositive is the check a11y-tabindex-positive: elements that take the focus out of turn.
package a11ytabindexpositive

import (
	"context"
	_ "embed"
	"strconv"
	"strings"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/places"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check a11y-tabindex-positive.
var Check = inspect.NewCheck("a11y-tabindex-positive", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	for i := range tree.Elements {
		e := &tree.Elements[i]
		if len(e.Node.Attr) == 0 || !e.Exposed() {
			continue
		}
		if v := strings.TrimSpace(e.Attr("tabindex")); v != "" {
			if n, err := strconv.Atoi(v); err == nil && n > 0 && e.Tabbable() {
				g.Doubt(e, "tabindex=%d 打乱键盘焦点顺序：%s", n, places.Shown(e))
			}
		}
	}
	g.End()
	return nil
}
