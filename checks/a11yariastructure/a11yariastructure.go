// Package a11yariastructure is the check a11y-aria-structure: roles that stand outside what they belong to, or hold what does not belong in them.
package a11yariastructure

import (
	"context"
	_ "embed"
	"strings"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/aria"
	"github.com/xunjian/xunjian/checks/places"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check a11y-aria-structure.
var Check = inspect.NewCheck("a11y-aria-structure", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	left := most
	for i := range tree.Elements {
		e := &tree.Elements[i]
		if e.Explicit == "" || e.Explicit != e.Role || !e.Exposed() || e.Native() == e.Role {
			continue
		}
		r := e.Facts()
		if len(r.Parents) > 0 && outside(tree, e, r) {
			g.Fault(e, "角色 %s 应在 %s 之内：%s", e.Role, strings.Join(r.Parents, "、"), places.Shown(e))
		}
		if len(r.Children) > 0 && !strings.EqualFold(e.Attr("aria-busy"), "true") {
			owned(tree, g, e, r, &left)
		}
	}
	g.End()
	return nil
}

// outside reports whether no element that the role belongs to is around it:
// those without a role are looked through.
func outside(tree *accname.Tree, e *accname.Element, r *aria.Role) bool {
	steps := 0
	for up := around(tree, e); up != nil && steps < deepest; up = around(tree, up) {
		steps++
		switch {
		case r.In(up.Role):
			return false
		case up.Role != "" && up.Role != "none" && up.Role != "generic":
			return true
		}
	}
	return steps < deepest
}

// deepest bounds rings of aria-owns; a document nests no deeper.
const deepest = 1100

// around is the element to which this one belongs.
func around(tree *accname.Tree, e *accname.Element) *accname.Element {
	if o := tree.Owner(e); o != nil && o.Index < e.Index { // going up only, so that rings end
		return o
	}
	if o := tree.Owner(e); o != nil && e.Up != nil && !inside(o, e) {
		return o
	}
	return e.Up
}

// inside reports whether o lies inside e.
func inside(o, e *accname.Element) bool { return o.Index >= e.Index && o.Index < e.End }

// An owning is what an element was found to own.
type owning struct {
	right, wrong int
	first        *accname.Element
	doubt        bool
	left         *int // elements that may still be looked at on this page
}

// most is how many elements are looked at on one page before the rest is left
// alone: lists may own the whole page a thousand times over.
const most = 2_000_000

func owned(tree *accname.Tree, g *places.Gathering, e *accname.Element, r *aria.Role, left *int) {
	o := &owning{left: left}
	o.gather(tree, e, r, false)
	for id := range strings.FieldsSeq(e.Attr("aria-owns")) {
		if c := tree.ByID(id); c != nil && c != e {
			o.one(tree, c, r, false)
		}
	}
	switch {
	case o.wrong > 0:
		g.Fault(e, "角色 %s 之内不应有%s：%s", e.Role, word(o.first), places.Shown(e))
	case o.right == 0 && !o.doubt && !tree.Scripted && !tree.Linked:
		g.Fault(e, "角色 %s 之内没有 %s：%s", e.Role, strings.Join(r.Children, "、"), places.Shown(e))
	}
}

func word(e *accname.Element) string { return "角色为 " + e.Role + " 的元素" }

func (o *owning) gather(tree *accname.Tree, e *accname.Element, r *aria.Role, grouped bool) {
	tree.Children(e, func(c *accname.Element) { o.one(tree, c, r, grouped) })
}

// one counts an element and looks through those without a role.
func (o *owning) one(tree *accname.Tree, c *accname.Element, r *aria.Role, grouped bool) {
	if *o.left--; *o.left < 0 {
		o.doubt = true
		return
	}
	switch {
	case c.Hidden():
	case !c.Exposed():
		o.doubt = true
	case c.Role == "" || c.Role == "none" || c.Role == "generic":
		if owner := tree.Owner(c); owner == nil {
			o.gather(tree, c, r, grouped)
		}
	case (c.Role == "group" || c.Role == "rowgroup") && r.Owns(c.Role) && !grouped:
		o.gather(tree, c, r, true)
	case r.Owns(c.Role) && c.Role != "group":
		o.right++
	default:
		if o.first == nil {
			o.first = c
		}
		o.wrong++
	}
}
