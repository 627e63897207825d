// Package a11yariarequired is the check a11y-aria-required: roles without the states that they cannot do without.
package a11yariarequired

import (
	"context"
	_ "embed"
	"strings"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/places"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check a11y-aria-required.
var Check = inspect.NewCheck("a11y-aria-required", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	for i := range tree.Elements {
		e := &tree.Elements[i]
		if e.Explicit == "" || e.Explicit != e.Role || !e.Exposed() || e.Native() == e.Role {
			continue
		}
		r := e.Facts()
		if e.Role == "separator" && e.Focusable() && lacks(e, "valuenow") {
			g.Fault(e, "角色 separator 可获得焦点时需要属性 aria-valuenow：%s", places.Shown(e))
		}
		for _, name := range r.Required {
			if lacks(e, name) && !native(e, name) {
				g.Fault(e, "角色 %s 需要属性 aria-%s：%s", e.Role, name, places.Shown(e))
				break
			}
		}
	}
	g.End()
	return nil
}

func lacks(e *accname.Element, name string) bool { return accname.Blank(e.Attr("aria-" + name)) }

// native reports whether the element's own mark-up says what the attribute
// would, or whether it is not needed as things are.
func native(e *accname.Element, name string) bool {
	switch name {
	case "checked":
		return e.Is(atom.Input) && (e.Type() == "checkbox" || e.Type() == "radio")
	case "valuenow":
		return !accname.Blank(e.Attr("aria-valuetext")) || e.Is(atom.Input) && (e.Type() == "range" || e.Type() == "number") || e.Is(atom.Meter, atom.Progress)
	case "level":
		return e.Is(atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6)
	case "expanded":
		return e.Is(atom.Select) || e.Is(atom.Input) && e.Has("list")
	case "controls": // of a list that is closed there is nothing to point at
		return e.Role == "combobox" && !strings.EqualFold(e.Attr("aria-expanded"), "true") || e.Is(atom.Select) || e.Is(atom.Input) && e.Has("list")
	}
	return false
}
