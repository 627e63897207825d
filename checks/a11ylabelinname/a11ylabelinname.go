// Package a11ylabelinname is the check a11y-label-in-name: things whose written label is not in the name that is spoken.
package a11ylabelinname

import (
	"context"
	_ "embed"
	"strings"
	"unicode"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/places"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check a11y-label-in-name.
var Check = inspect.NewCheck("a11y-label-in-name", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	for i := range tree.Elements {
		e := &tree.Elements[i]
		if !e.HasARIA() || !e.Exposed() || accname.Blank(e.Attr("aria-label")) && accname.Blank(e.Attr("aria-labelledby")) {
			continue
		}
		if r := e.Facts(); r == nil || !r.Content || !r.Widget || e.Role == "switch" || e.Is(atom.Input, atom.Select, atom.Textarea) {
			continue
		}
		label, doubt := tree.Seen(e)
		name := tree.Name(e)
		if doubt || e.Attr("class") != "" && tree.Linked || icons(tree, e) || !apart(label, name) {
			continue
		}
		g.Fault(e, "可见文字“%s”不在读屏名称“%s”之中", zh.Truncate(zh.Fold(label), 20), zh.Truncate(zh.Fold(name), 20))
	}
	g.End()
	return nil
}

// icons reports whether what stands in the element may be signs and no words,
// or be out of sight.
func icons(tree *accname.Tree, e *accname.Element) (found bool) {
	tree.Inside(e, func(c *accname.Element) bool {
		lower := strings.ToLower(c.Attr("class"))
		found = found || strings.Contains(lower, "icon") || strings.Contains(lower, "material") || strings.Contains(lower, "fa-") ||
			moved(tree, c) || c.Is(atom.Sup, atom.Sub, atom.Math, atom.Svg)
		return !found
	})
	return found
}

// moved reports whether a part of the element is out of sight, be it by a
// style sheet that was not read.
func moved(tree *accname.Tree, c *accname.Element) bool {
	return tree.Away(c) || tree.Linked && (c.Attr("class") != "" || c.Attr("id") != "")
}

// apart reports whether label and name surely say different things: plain
// words of which the name lacks one or has them in another order, or Chinese
// of which it has nothing. A single word may be the name of an icon.
func apart(label, name string) bool {
	l, n := compact(label), compact(name)
	if l == "" || n == "" || strings.Contains(n, l) {
		return false
	}
	if han(label) {
		return len([]rune(l)) >= 2 && !strings.ContainsFunc(l, func(r rune) bool { return strings.ContainsRune(n, r) })
	}
	a, ok := words(label)
	b, plain := words(name)
	return ok && plain && len(a) >= 2 && !follows(b, a)
}

func han(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// compact are the letters and digits alone, in lower case.
func compact(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// words parts a text into plain words; one with digits, abbreviations, signs
// or single letters is not plain.
func words(s string) ([]string, bool) {
	var out []string
	for w := range strings.FieldsSeq(s) {
		w = strings.ToLower(strings.TrimRight(w, "!?:,;"))
		if len(w) < 2 || strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }) {
			return nil, false
		}
		out = append(out, w)
	}
	return out, true
}

// follows reports whether the words stand one after another in the name.
func follows(name, label []string) bool {
	for i := 0; i+len(label) <= len(name); i++ {
		same := true
		for j := range label {
			same = same && name[i+j] == label[j]
		}
		if same {
			return true
		}
	}
	return false
}
