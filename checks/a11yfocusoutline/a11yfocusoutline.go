// Package a11yfocusoutline is the check a11y-focus-outline: style sheets that take away the mark of the focus.
package a11yfocusoutline

import (
	"context"
	_ "embed"
	"strings"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

//go:embed rule.md
var rule string

// Check is the check a11y-focus-outline.
var Check = inspect.NewCheck("a11y-focus-outline", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	rules := tree.StyleRules()
	for i := range rules {
		r := rules[i]
		if r.Holds != accname.Yes || !removes(r.Body) || marks(r.Body) {
			continue
		}
		for _, s := range r.Selectors {
			if general(s) && !replaced(rules) {
				p.Report(inspect.Finding{Outcome: inspect.Review, Locus: "style " + zh.Truncate(s, 40), Template: true,
					Message: "样式表去掉了键盘焦点的外框，没有见到替代的标示：" + zh.Truncate(s, 40)})
				return nil
			}
		}
	}
	return nil
}

// general reports whether a selector takes in all links or whatever has the focus.
func general(s string) bool {
	switch strings.ToLower(s) {
	case "*", "a", ":focus", "*:focus", "a:focus", "a:hover", "a:link":
		return !strings.HasSuffix(s, "hover") && !strings.HasSuffix(s, "link")
	}
	return false
}

// removes reports whether declarations take the outline away.
func removes(body string) (gone bool) {
	accname.Declarations(body, func(name, v string, _ bool) {
		v = strings.ToLower(v)
		if name == "outline" || name == "outline-style" || name == "outline-width" {
			gone = v == "none" || v == "0" || v == "0px" || strings.HasPrefix(v, "0 ") || strings.HasPrefix(v, "none ")
		}
	})
	return gone
}

// marks reports whether declarations mark the focus in another way.
func marks(body string) (found bool) {
	accname.Declarations(body, func(name, v string, _ bool) {
		switch name {
		case "border", "box-shadow", "background", "background-color", "color", "text-decoration", "border-color":
			found = true
		case "outline":
			v = strings.ToLower(v)
			found = found || v != "none" && !strings.HasPrefix(v, "0")
		}
	})
	return found
}

// replaced reports whether another rule marks the focus.
func replaced(rules []*accname.StyleRule) bool {
	for i := range rules {
		for _, s := range rules[i].Selectors {
			if strings.Contains(s, ":focus") && marks(rules[i].Body) {
				return true
			}
		}
	}
	return false
}
