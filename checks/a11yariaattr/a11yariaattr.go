// Package a11yariaattr is the check a11y-aria-attr: attributes of ARIA that do not exist or have a value that means nothing.
package a11yariaattr

import (
	"context"
	_ "embed"
	"strings"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/aria"
	"github.com/xunjian/xunjian/checks/places"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

//go:embed rule.md
var rule string

// Check is the check a11y-aria-attr.
var Check = inspect.NewCheck("a11y-aria-attr", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	for i := range tree.Elements {
		e := &tree.Elements[i]
		if !e.HasARIA() || !e.Exposed() {
			continue
		}
		for _, a := range e.Node.Attr {
			if !strings.HasPrefix(a.Key, "aria-") || a.Namespace != "" {
				continue
			}
			known, ok := aria.Known(a.Key)
			switch {
			case !ok:
				g.Fault(e, "没有名为“%s”的 ARIA 属性：%s", a.Key, places.Shown(e))
			case accname.Blank(a.Val) || unfilled(a.Val):
			case !known.Fits(a.Val) || dangling(tree, e, a.Key, a.Val):
				g.Fault(e, "%s 的值“%s”无效：%s", a.Key, zh.Truncate(a.Val, 30), places.Shown(e))
			}
		}
	}
	g.End()
	return nil
}

// unfilled reports whether a script would still put the value in.
func unfilled(v string) bool {
	return strings.Contains(v, "{{") || strings.Contains(v, "<%") || strings.Contains(v, "${")
}

// dangling reports whether a reference that the role cannot do without leads
// nowhere. Others may lead nowhere for the time being.
func dangling(tree *accname.Tree, e *accname.Element, key, value string) bool {
	if key != "aria-controls" || tree.Scripted {
		return false
	}
	switch e.Explicit {
	case "scrollbar":
	case "combobox":
		if !strings.EqualFold(e.Attr("aria-expanded"), "true") {
			return false
		}
	default:
		return false
	}
	for id := range strings.FieldsSeq(value) {
		if tree.ByID(id) != nil {
			return false
		}
	}
	return true
}
