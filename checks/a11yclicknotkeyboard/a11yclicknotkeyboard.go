// Package a11yclicknotkeyboard is the check a11y-click-not-keyboard: things to click on that the keyboard does not reach.
package a11yclicknotkeyboard

import (
	"context"
	_ "embed"
	"strings"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/places"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check a11y-click-not-keyboard.
var Check = inspect.NewCheck("a11y-click-not-keyboard", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	if keyed(p.Page) {
		return nil
	}
	g := places.On(p)
	for i := range tree.Elements {
		e := &tree.Elements[i]
		if !clickable(e) || !e.Exposed() || tree.Away(e) || e.Focusable() || within(e) || holds(tree, e) {
			continue
		}
		if tree.Linked && !visible(tree, e) {
			g.Doubt(e, "键盘无法到达，不能确定样式表是否显示它：%s", places.Shown(e))
			continue
		}
		g.Fault(e, "只能用鼠标点击，键盘无法到达：%s", places.Shown(e))
	}
	g.End()
	return nil
}

// visible reports whether there is something to see whatever style sheets say:
// a text or a picture. Others are drawn by a style sheet, perhaps for small
// screens only.
func visible(tree *accname.Tree, e *accname.Element) bool {
	if e.Is(atom.Img) {
		return true
	}
	s, _ := tree.Seen(e)
	found := !accname.Blank(s)
	tree.Inside(e, func(c *accname.Element) bool {
		found = found || c.Is(atom.Img)
		return !found
	})
	return found
}

// clickable reports whether the element does something of its own when clicked.
func clickable(e *accname.Element) bool {
	code, ok := handler(e.Node)
	return ok && acts(code) && e.Node.Namespace == "" && !e.Is(atom.Body, atom.Html, atom.Label, atom.Option, atom.Form, atom.Input, atom.Button, atom.Select, atom.Textarea,
		atom.Area, atom.Summary, atom.Audio, atom.Video, atom.Iframe, atom.Object, atom.Embed)
}

// handler is the first handler of clicks that an element has.
func handler(n *html.Node) (code string, ok bool) {
	for i := range n.Attr {
		switch n.Attr[i].Key {
		case "onclick", "onmousedown", "onmouseup", "ondblclick":
			return n.Attr[i].Val, true
		}
	}
	return "", false
}

// acts reports whether a handler does more than to stop others.
func acts(code string) bool {
	s := strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(code, ";", " ")), ""))
	for _, idle := range []string{"", "returnfalse", "event.stoppropagation()", "returntrue", "event.preventdefault()"} {
		if s == idle {
			return false
		}
	}
	return !strings.Contains(s, "stoppropagation") && !strings.Contains(s, "cancelbubble") && !strings.Contains(s, ".stop()")
}

// within reports whether an element around this one takes the focus, so that
// the key for it clicks here too.
func within(e *accname.Element) bool {
	for up := e.Up; up != nil; up = up.Up {
		if up.Focusable() || up.Is(atom.Label) {
			return true
		}
	}
	return false
}

// holds reports whether something inside takes the focus: its click arrives here too.
func holds(tree *accname.Tree, e *accname.Element) (found bool) {
	tree.Inside(e, func(c *accname.Element) bool {
		found = found || c.Focusable()
		return !found
	})
	return found
}

// keyed reports whether the page's own scripts listen to keys or give out the
// focus: then they may open by keyboard what the source only shows to click.
func keyed(p *inspect.Page) bool {
	for _, n := range p.Elements(atom.Script) {
		if n.FirstChild == nil {
			continue
		}
		for _, sign := range []string{"keydown", "keyup", "keypress", "tabindex", "tabIndex"} {
			if strings.Contains(n.FirstChild.Data, sign) {
				return true
			}
		}
	}
	return false
}
