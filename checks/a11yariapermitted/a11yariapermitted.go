// Package a11yariapermitted is the check a11y-aria-permitted: attributes of ARIA on roles that do not take them.
package a11yariapermitted

import (
	"context"
	_ "embed"
	"strings"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/aria"
	"github.com/xunjian/xunjian/checks/places"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check a11y-aria-permitted.
var Check = inspect.NewCheck("a11y-aria-permitted", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	for i := range tree.Elements {
		e := &tree.Elements[i]
		if !e.HasARIA() || !e.Exposed() || swallowed(e) {
			continue
		}
		for _, a := range e.Node.Attr {
			if !strings.HasPrefix(a.Key, "aria-") || a.Namespace != "" {
				continue
			}
			if known, ok := aria.Known(a.Key); ok {
				judge(g, e, a.Key, a.Val, known)
			}
		}
	}
	g.End()
	return nil
}

// swallowed reports whether the element lies in one whose parts have no meaning
// of their own: nobody meets it.
func swallowed(e *accname.Element) bool {
	for up := e.Up; up != nil; up = up.Up {
		if r := up.Facts(); r != nil && r.Flat {
			return true
		}
	}
	return false
}

func judge(g *places.Gathering, e *accname.Element, key, value string, known aria.Attribute) {
	r := facts(e)
	switch {
	case r == nil:
	case known.Names:
		if r.Nameless && !accname.Blank(value) && !e.Decorative() {
			g.Fault(e, "元素的角色%s不允许用 %s 命名：%s", word(r), key, places.Shown(e))
		}
	case !r.Takes(key) && !e.Decorative():
		g.Fault(e, "元素的角色%s不支持属性 %s：%s", word(r), key, places.Shown(e))
	}
}

func word(r *aria.Role) string {
	if r.Name == "generic" {
		return "（无）"
	}
	return " " + r.Name + " "
}

// facts are those of the role by which the element is judged; nil where the
// specifications let browsers choose one.
func facts(e *accname.Element) *aria.Role {
	switch {
	case e.Role != "":
		return e.Facts()
	case e.Node.Namespace != "":
		return nil
	}
	switch e.Node.DataAtom {
	case atom.Div, atom.Span, atom.B, atom.I, atom.U, atom.Bdi, atom.Bdo, atom.Q, atom.Small, atom.Samp, atom.Pre, atom.Font, atom.Center, atom.Data, atom.Abbr, atom.Kbd:
		return aria.Lookup("generic")
	case atom.A:
		if !e.Focusable() {
			return aria.Lookup("generic")
		}
	case atom.Audio, atom.Video:
		return aria.Lookup("application")
	case atom.Input:
		switch e.Type() {
		case "password", "date", "month", "week", "time", "datetime-local":
			return aria.Lookup("textbox")
		}
	}
	return nil
}
