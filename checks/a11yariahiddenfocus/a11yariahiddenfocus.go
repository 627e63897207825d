// Package a11yariahiddenfocus is the check a11y-aria-hidden-focus: things the Tab key reaches although they are kept from screen readers.
package a11yariahiddenfocus

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

// Check is the check a11y-aria-hidden-focus.
var Check = inspect.NewCheck("a11y-aria-hidden-focus", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	for i := range tree.Elements {
		e := &tree.Elements[i]
		if e.AriaHidden() && e.Displayed() && e.Tabbable() && !e.Is(atom.Iframe) && !e.Is(atom.Area) && !handled(tree, e) {
			if tree.Linked && styled(e) {
				g.Doubt(e, "元素对读屏软件隐藏（aria-hidden），不能确定样式表是否也隐藏了它：%s", places.Shown(e))
				continue
			}
			g.Fault(e, "元素对读屏软件隐藏（aria-hidden），键盘仍能到达：%s", places.Shown(e))
		}
	}
	g.End()
	return nil
}

// styled reports whether a style sheet can pick out the element or one around
// it up to where it is hidden from screen readers: menus and dialogues that are
// closed are commonly hidden both ways.
func styled(e *accname.Element) bool {
	for ; e != nil && e.AriaHidden(); e = e.Up {
		if e.Attr("class") != "" || e.Attr("id") != "" {
			return true
		}
	}
	return false
}

// handled reports whether a script may send the focus on when it arrives, as
// the guards at both ends of a dialogue do.
func handled(tree *accname.Tree, e *accname.Element) bool {
	for _, k := range []string{"onfocus", "onfocusin"} {
		if e.Has(k) {
			return true
		}
	}
	id := e.Attr("id")
	if id == "" {
		return false
	}
	for _, n := range tree.Page.Elements(atom.Script) {
		if n.FirstChild != nil && strings.Contains(n.FirstChild.Data, id) {
			return true
		}
	}
	return false
}
