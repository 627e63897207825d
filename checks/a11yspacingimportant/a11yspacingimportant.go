// Package a11yspacingimportant is the check a11y-spacing-important: spacing of text that readers cannot widen.
package a11yspacingimportant

import (
	"context"
	_ "embed"
	"strings"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/places"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
)

//go:embed rule.md
var rule string

// Check is the check a11y-spacing-important.
var Check = inspect.NewCheck("a11y-spacing-important", rule, inspect.PerPage, struct{}{}, run).Timeless()

// least is how wide the spacing must be, in sizes of the letters.
var least = []struct {
	property, word string
	ratio          float64
}{{"letter-spacing", "字间距", 0.12}, {"word-spacing", "词间距", 0.16}, {"line-height", "行高", 1.5}}

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	for i := range tree.Elements {
		e := &tree.Elements[i]
		style := e.Attr("style")
		if !strings.Contains(style, "!") || !e.Displayed() || tree.Away(e) {
			continue
		}
		for _, l := range least {
			value := important(style, l.property)
			if value == "" {
				continue
			}
			if k, ok := ratio(tree, e, l.property, value); ok && k < l.ratio-0.0001 && (l.property != "line-height" || wraps(tree, e)) {
				g.Fault(e, "%s用 !important 固定为 %s，读者无法放宽：%s", l.word, zh.Truncate(value, 20), places.Shown(e))
			}
		}
	}
	g.End()
	return nil
}

// important is the last value that the style gives the property with importance.
func important(style, property string) (value string) {
	accname.Declarations(style, func(name, v string, heavy bool) {
		if name == property && heavy {
			value = v
		}
	})
	return strings.ToLower(value)
}

// ratio is the spacing in sizes of the letters of the text that has it.
func ratio(tree *accname.Tree, e *accname.Element, property, value string) (float64, bool) {
	holder, ok := reader(tree, e, property)
	if !ok {
		return 0, false
	}
	line := property == "line-height"
	n, unit := accname.Length(value)
	switch {
	case value == "normal" || value == "initial":
		if line {
			return 1.2, true
		}
		return 0, true
	case line && unit == "":
		return n, true
	case unit == "" && n == 0:
		return 0, true
	case unit == "em" || line && unit == "%":
		if unit == "%" {
			n /= 100
		}
		return n, holder == e
	case unit == "px":
		size, ok := tree.FontSize(holder)
		return n / size, ok && size > 0
	}
	return 0, false
}

// reader is the element whose text has the spacing: e itself, or the only one
// inside it, provided nothing there has a spacing of its own.
func reader(tree *accname.Tree, e *accname.Element, property string) (*accname.Element, bool) {
	if hasText(e) {
		return e, true
	}
	var found *accname.Element
	sure, left := true, 500 // more than so many elements are not looked at
	tree.Inside(e, func(c *accname.Element) bool {
		left--
		switch {
		case left < 0 || !sure:
			sure = false
			return false
		case !c.Displayed():
			return false
		case tree.Linked || tree.Declares(c, property):
			sure = false
			return false
		case hasText(c):
			sure = sure && found == nil
			found = c
		}
		return true
	})
	return found, sure && found != nil
}

func hasText(e *accname.Element) bool {
	for c := e.Node.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode && !accname.Blank(c.Data) {
			return true
		}
	}
	return false
}

// wraps reports whether the text surely takes more than one line: its own
// style says how wide it may be, and the text is far wider.
func wraps(tree *accname.Tree, e *accname.Element) bool {
	width := 0.0
	accname.Declarations(e.Attr("style"), func(name, v string, _ bool) {
		if n, unit := accname.Length(v); (name == "max-width" || name == "width") && unit == "px" {
			width = n
		}
		if name == "white-space" {
			width = -1
		}
	})
	if width <= 0 {
		return false
	}
	size := 12.0
	if px, ok := tree.FontSize(e); ok {
		size = px
	}
	han, letters := zh.Han(inspect.TextOf(e.Node))
	return (float64(han)+float64(letters-han)*0.35)*size > width
}
