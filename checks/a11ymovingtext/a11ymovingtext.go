// Package a11ymovingtext is the check a11y-moving-text: text that runs or blinks and cannot be stopped.
package a11ymovingtext

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

// Check is the check a11y-moving-text.
var Check = inspect.NewCheck("a11y-moving-text", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	for _, name := range []atom.Atom{atom.Marquee, atom.Blink} {
		for _, e := range tree.Named(name) {
			if !e.Exposed() || e.Node.FirstChild == nil || still(e) {
				continue
			}
			if stoppable(tree, e) {
				g.Doubt(e, "滚动文字只能用鼠标暂停：%s", places.Shown(e))
			} else {
				g.Fault(e, "文字滚动或闪烁且不能停止：%s", places.Shown(e))
			}
		}
	}
	g.End()
	return nil
}

// still reports whether a marquee does not move.
func still(e *accname.Element) bool {
	n := strings.TrimSpace(e.Attr("scrollamount"))
	return n == "0"
}

// stoppable reports whether something could stop it: a handler of its own, or
// a script that knows it.
func stoppable(tree *accname.Tree, e *accname.Element) bool {
	for _, a := range e.Node.Attr {
		if strings.HasPrefix(a.Key, "on") && strings.Contains(strings.ToLower(a.Val), "stop") {
			return true
		}
	}
	return e.Attr("id") != "" && tree.Scripted
}
