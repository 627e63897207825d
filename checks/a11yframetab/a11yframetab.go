// Package a11yframetab is the check a11y-frame-tab: frames that the keyboard does not enter although there is something to do in them.
package a11yframetab

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

// Check is the check a11y-frame-tab.
var Check = inspect.NewCheck("a11y-frame-tab", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	for _, e := range tree.Named(atom.Iframe) {
		doc := e.Attr("srcdoc")
		if doc == "" || !strings.HasPrefix(strings.TrimSpace(e.Attr("tabindex")), "-") || e.Tabbable() || !e.Displayed() || tiny(e) || tree.Away(e) {
			continue
		}
		if reachable(doc) {
			g.Fault(e, "框架内有可操作的内容，但框架被排除在键盘操作之外：%s", places.Shown(e))
		}
	}
	g.End()
	return nil
}

// reachable reports whether the document in a frame has something that the Tab
// key would reach.
func reachable(doc string) bool {
	inner, err := accname.For(&inspect.Page{Type: "text/html", Body: []byte(doc)})
	if err != nil {
		return false
	}
	for i := range inner.Elements {
		if e := &inner.Elements[i]; e.Tabbable() && e.Displayed() && !inner.Away(e) {
			return true
		}
	}
	return false
}

func tiny(e *accname.Element) bool {
	for _, k := range []string{"width", "height"} {
		switch strings.TrimSuffix(strings.TrimSpace(e.Attr(k)), "px") {
		case "0", "1":
			return true
		}
	}
	return false
}
