// Package a11yframetitle is the check a11y-frame-title: frames without a name.
package a11yframetitle

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

// Check is the check a11y-frame-title.
var Check = inspect.NewCheck("a11y-frame-title", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	for _, name := range []atom.Atom{atom.Iframe, atom.Frame} {
		for _, e := range tree.Named(name) {
			if !e.Exposed() || e.HasRole() || !e.Is(atom.Frame) && !e.Tabbable() || tiny(e) || tree.Away(e) || empty(e) || !tree.Nameless(e) {
				continue
			}
			g.Fault(e, "框架没有名称（title）：%s", places.Shown(e))
		}
	}
	g.End()
	return nil
}

// tiny reports whether nobody sees the frame, as those of counters.
func tiny(e *accname.Element) bool {
	for _, k := range []string{"width", "height"} {
		switch strings.TrimSuffix(strings.TrimSpace(e.Attr(k)), "px") {
		case "0", "1", "0%":
			return true
		}
	}
	return false
}

// empty reports whether nothing stands in the frame until a script fills it.
func empty(e *accname.Element) bool {
	src := strings.TrimSpace(e.Attr("src"))
	return !e.Has("srcdoc") && (src == "" || strings.HasPrefix(src, "about:") || strings.HasPrefix(src, "javascript:"))
}
