package inspect

import (
	"strings"

	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// The bounds of a trail: what is longer is a menu.
const (
	trailNames   = 8
	trailLetters = 160
)

// Trail is the path that the page prints from the home page to itself
// (当前位置), the home page's own name left out; nil if none was found. Its last
// name is the page's column, or on an article sometimes the article.
func (p *Page) Trail() []string {
	return p.trail.get(func() []string {
		for _, a := range p.Elements(atom.A) {
			if !leadsHome(a) {
				continue
			}
			if names := trailAt(a); len(names) > 0 {
				return names
			}
		}
		return nil
	})
}

// leadsHome reports whether a link is called the home page. Pages have hundreds
// of links, so the text is looked at before it is folded.
func leadsHome(a *html.Node) bool {
	n := a.FirstChild
	for n != nil && n.Type == html.ElementNode && n.NextSibling == nil {
		n = n.FirstChild
	}
	if n == nil || n.Type != html.TextNode || len(n.Data) > 60 || !strings.Contains(n.Data, "页") {
		return false
	}
	switch zh.Compact(TextOf(a)) {
	case "首页", "网站首页", "主页":
		return true
	}
	return false
}

// trailAt reads the names behind a link to the home page, if a path follows.
func trailAt(home *html.Node) []string {
	box := home.Parent
	for range 3 {
		if box == nil || box.DataAtom == atom.Body {
			return nil
		}
		if names, more := trailNamesIn(box, home); more {
			return names
		}
		box = box.Parent
	}
	return nil
}

// trailNamesIn splits the text behind the home link in box; more is false when
// nothing stands there, so that the box around it must be asked.
func trailNamesIn(box, home *html.Node) (names []string, more bool) {
	var pieces []string
	before, after, total := "", false, 0
	var visit func(*html.Node)
	visit = func(n *html.Node) {
		switch {
		case n == home:
			after = true
			return
		case n.Type == html.TextNode && !after:
			before += n.Data
		case n.Type == html.TextNode && !blank(n.Data):
			pieces = append(pieces, zh.Fold(n.Data))
			total += len([]rune(n.Data))
		case n.DataAtom == atom.Script || n.DataAtom == atom.Style || n.DataAtom == atom.Select:
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			visit(c)
		}
	}
	visit(box)
	if len(pieces) == 0 {
		return nil, false
	}
	if total > trailLetters || !separates(pieces[0], strings.Contains(before, "位置")) {
		return nil, true
	}
	for _, s := range pieces {
		for _, name := range strings.FieldsFunc(s, arrow) {
			if name = strings.Trim(name, " -—|/\\:·"); name != "" {
				names = append(names, name)
			}
		}
	}
	if len(names) > trailNames {
		return nil, true
	}
	return names, true
}

func arrow(r rune) bool { return strings.ContainsRune(">》»›→＞", r) }

// separates reports whether a text begins with what parts the names of a
// path. A dash or a stroke does so only where a position is announced, since
// menus have them too.
func separates(s string, announced bool) bool {
	s = strings.TrimSpace(s)
	for _, r := range s {
		return arrow(r) || announced && strings.ContainsRune("-—/\\|·", r)
	}
	return false
}

// column is the name of the column that the page belongs to: as labelled,
// else the last name of its trail that is not the page's own heading.
func (p *Page) column(q *Parts) string {
	if c := p.Labels().Get("ColumnName"); c != "" {
		return c
	}
	names := p.Trail()
	for i := len(names) - 1; i >= 0; i-- {
		switch n := names[i]; {
		case n == "正文", n == "详情", n == "内容", n == "详细内容", n == "文章内容":
		case q.Heading != "" && zh.Compact(n) == zh.Compact(q.Heading):
		default:
			return n
		}
	}
	return ""
}
