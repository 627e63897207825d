// Package a11ylinktext is the check a11y-link-text: links that say nothing of where they lead.
package a11ylinktext

import (
	"context"
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/places"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check a11y-link-text.
var Check = inspect.NewCheck("a11y-link-text", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	for _, e := range tree.Playing("link") {
		c := e.Node.FirstChild
		if c == nil || c.Type == html.TextNode && len(c.Data) > 60 || !e.Exposed() || !accname.Blank(e.Attr("title")) {
			continue
		}
		name := tree.Name(e)
		switch {
		case name == "" || len(name) > 60:
		case signs(name):
			g.Doubt(e, "链接文字只有符号：“%s”", zh.Truncate(name, 10))
		case vague(name) && !explained(tree, e):
			g.Doubt(e, "链接文字“%s”不能说明去向", zh.Truncate(zh.Fold(name), 10))
		}
	}
	g.End()
	return nil
}

func signs(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// vagues are texts that would do for any link, without marks and in lower
// case; firsts are their first letters.
var vagues, firsts = func() (map[string]bool, map[rune]bool) {
	texts, letters := map[string]bool{}, map[rune]bool{}
	for _, s := range []string{"更多", "查看更多", "详情", "查看详情", "详细", "点击这里", "点击", "点击进入", "点击查看", "查看", "进入", "这里", "more", "readmore", "clickhere", "here", "detail", "details"} {
		texts[s] = true
		for _, r := range s {
			letters[r] = true
			break
		}
	}
	return texts, letters
}()

// vague reports whether a text would do for any link.
func vague(name string) bool {
	letter := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	i := strings.IndexFunc(name, letter)
	if i < 0 {
		return false
	}
	if r, _ := utf8.DecodeRuneInString(name[i:]); !firsts[unicode.ToLower(r)] {
		return false // most are left here
	}
	return vagues[strings.ToLower(strings.Map(func(r rune) rune {
		if letter(r) {
			return r
		}
		return -1
	}, name))]
}

// explained reports whether what is around the link says where it leads: an
// item of a list, a paragraph or a cell with more text, or a heading before it.
func explained(tree *accname.Tree, e *accname.Element) bool {
	box := e.Within(atom.Li, atom.P, atom.Td, atom.Dd, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6)
	if box != nil {
		s, _ := tree.Seen(box)
		if len(zh.Compact(s)) > len(zh.Compact(tree.Name(e)))+5 {
			return true
		}
	}
	up := e
	for range 3 {
		if up = up.Up; up == nil {
			return false
		}
		found, left := false, 300 // a heading further off explains nothing
		for i := up.Index + 1; i < up.End && left > 0 && !found; i, left = i+1, left-1 {
			found = tree.Elements[i].Role == "heading"
		}
		if found {
			return true
		}
	}
	return false
}
