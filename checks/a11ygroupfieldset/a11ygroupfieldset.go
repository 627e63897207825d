// Package a11ygroupfieldset is the check a11y-group-fieldset: choices that belong together without a common name.
package a11ygroupfieldset

import (
	"context"
	_ "embed"
	"slices"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/places"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check a11y-group-fieldset.
var Check = inspect.NewCheck("a11y-group-fieldset", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	groups := map[string][]*accname.Element{}
	var names []string
	for _, role := range []string{"radio", "checkbox"} {
		for _, e := range tree.Playing(role) {
			if n := e.Attr("name"); n != "" && e.Is(atom.Input) && e.Exposed() {
				k := role + " " + n
				if groups[k] == nil {
					names = append(names, k)
				}
				groups[k] = append(groups[k], e)
			}
		}
	}
	slices.Sort(names)
	for _, k := range names {
		if list := groups[k]; len(list) > 1 && !grouped(list[0]) {
			g.Doubt(list[0], "一组选项没有用 fieldset 或 role=group 归为一组：%s", places.Shown(list[0]))
		}
	}
	for _, e := range tree.Named(atom.Fieldset) {
		if e.Exposed() && !e.HasRole() && tree.Nameless(e) {
			g.Doubt(e, "fieldset 没有 legend：%s", places.Shown(e))
		}
	}
	g.End()
	return nil
}

func grouped(e *accname.Element) bool {
	for up := e.Up; up != nil; up = up.Up {
		if up.Role == "group" || up.Role == "radiogroup" || up.Role == "listbox" || up.Role == "menu" {
			return true
		}
	}
	return false
}
