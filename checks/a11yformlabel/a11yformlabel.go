// Package a11yformlabel is the check a11y-form-label: fields of which a screen reader cannot say what belongs in them.
package a11yformlabel

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

// Check is the check a11y-form-label.
var Check = inspect.NewCheck("a11y-form-label", rule, inspect.PerPage, struct{}{}, run).Timeless()

// roles are the roles of fields that need a name.
var roles = []string{"checkbox", "combobox", "listbox", "menuitemcheckbox", "menuitemradio", "radio", "searchbox", "slider", "spinbutton", "switch", "textbox"}

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	for _, role := range roles {
		for _, e := range tree.Playing(role) {
			if role != "listbox" || !popup(tree, e) {
				field(tree, g, e)
			}
		}
	}
	for _, e := range tree.Named(atom.Input) {
		if e.Role == "" && !e.HasRole() && e.Type() != "hidden" { // passwords, dates, files: fields without a role
			field(tree, g, e)
		}
	}
	for _, l := range tree.Named(atom.Label) {
		if id := l.Attr("for"); id != "" && tree.ByID(id) == nil && l.Exposed() && !tree.Scripted {
			g.Doubt(l, "标签（label）所指的控件不存在：%s", places.Shown(l))
		}
	}
	g.End()
	return nil
}

// popup reports whether a list belongs to a combined field, which has the name.
func popup(tree *accname.Tree, e *accname.Element) bool {
	id := e.Attr("id")
	if id == "" {
		return false
	}
	fields := tree.Playing("combobox")
	for _, c := range fields[:min(len(fields), 1000)] {
		for _, k := range []string{"aria-controls", "aria-owns"} {
			for ref := range strings.FieldsSeq(c.Attr(k)) {
				if ref == id {
					return true
				}
			}
		}
	}
	return false
}

func field(tree *accname.Tree, g *places.Gathering, e *accname.Element) {
	switch {
	case !e.Exposed() || e.Decorative():
	case tree.Nameless(e):
		g.Fault(e, "表单控件没有可读的名称：%s", places.Shown(e))
	case hinted(tree, e):
		g.Doubt(e, "表单控件只有占位文字（placeholder），没有标签：%s", places.Shown(e))
	}
}

// hinted reports whether only the placeholder names the field: it goes when
// something is typed.
func hinted(tree *accname.Tree, e *accname.Element) bool {
	hint := strings.TrimSpace(e.Attr("placeholder"))
	return hint != "" && tree.Name(e) == hint && len(tree.Labels(e)) == 0 && accname.Blank(e.Attr("title")) &&
		accname.Blank(e.Attr("aria-label")) && accname.Blank(e.Attr("aria-labelledby"))
}
