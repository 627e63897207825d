// Package accname computes accessible names after accname 1.2, as far as a
// static page decides them, and says of an element whether it may be hidden.
//
// A Tree answers for one page. What style sheets do is known only from style
// elements and attributes; where a linked sheet or a script could hide an
// element, MayBeHidden says so, and no fault may be found by it.
package accname

import (
	"strings"

	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A Tree computes names on one page. It is made for one check at a time and
// not safe for concurrent use.
type Tree struct {
	page   *inspect.Page
	ids    map[string]*html.Node
	hiders map[string]bool // classes (.x) and ids (#x) that a style element hides; nil until asked
}

// For makes the Tree of a page.
func For(p *inspect.Page) *Tree { return &Tree{page: p} }

// Name is the accessible name of an element, "" if it has none.
func (t *Tree) Name(n *html.Node) string {
	return strings.TrimSpace(t.name(n, walk{}))
}

// A walk is where a computation stands.
type walk struct {
	referenced bool // inside an element that aria-labelledby names
	content    bool // inside an element that takes its name from content
	depth      int
}

// deepest bounds rings of references and absurd nesting.
const deepest = 40

func (t *Tree) name(n *html.Node, w walk) string {
	if w.depth > deepest || n.Type != html.ElementNode {
		return ""
	}
	if !w.referenced && t.hidden(n) {
		return ""
	}
	w.depth++
	if !w.referenced {
		if s := t.labelledBy(n, w); !Blank(s) {
			return s
		}
	}
	if s := inspect.Attr(n, "aria-label"); !Blank(s) {
		return s
	}
	if !Presentational(n) {
		if s := native(n); !Blank(s) {
			return s
		}
	}
	if w.content || w.referenced || fromContent(n) {
		w.content = true
		if s := t.content(n, w); !Blank(s) {
			return s
		}
	}
	if s := inspect.Attr(n, "title"); !Blank(s) && !Presentational(n) {
		return s
	}
	return ""
}

// labelledBy joins the names of the elements that aria-labelledby names.
func (t *Tree) labelledBy(n *html.Node, w walk) string {
	refs, ok := inspect.LookupAttr(n, "aria-labelledby")
	if !ok {
		return ""
	}
	w.referenced = true
	var parts []string
	for _, id := range strings.Fields(refs) {
		if m := t.byID(id); m != nil {
			if s := t.name(m, w); !Blank(s) {
				parts = append(parts, s)
			}
		}
	}
	return strings.Join(parts, " ")
}

func (t *Tree) byID(id string) *html.Node {
	if t.ids == nil {
		t.ids = map[string]*html.Node{}
		t.page.Each(func(n *html.Node) {
			if v := inspect.Attr(n, "id"); v != "" && t.ids[v] == nil {
				t.ids[v] = n
			}
		})
	}
	return t.ids[id]
}

// native is the name that the element's own mark-up gives.
func native(n *html.Node) string {
	switch n.DataAtom {
	case atom.Img, atom.Area:
		return inspect.Attr(n, "alt")
	case atom.Input:
		switch strings.ToLower(inspect.Attr(n, "type")) {
		case "image":
			return inspect.Attr(n, "alt")
		case "button", "submit", "reset":
			return inspect.Attr(n, "value")
		}
	}
	if n.Namespace == "svg" {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode && c.Data == "title" {
				return inspect.TextOf(c)
			}
		}
		for _, a := range n.Attr {
			if a.Namespace == "xlink" && a.Key == "title" {
				return a.Val
			}
		}
	}
	return ""
}

// content joins the names of what is inside.
func (t *Tree) content(n *html.Node, w walk) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			b.WriteString(c.Data)
		case html.ElementNode:
			switch c.DataAtom {
			case atom.Script, atom.Style, atom.Template, atom.Noscript:
				continue
			}
			inner := w
			inner.referenced = false
			if w.referenced && hiddenByAncestors(n) { // hidden as a whole, but named: its parts count
				inner.referenced = true
			}
			b.WriteByte(' ')
			b.WriteString(t.name(c, inner))
			b.WriteByte(' ')
		}
	}
	return b.String()
}

func hiddenByAncestors(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n.Type == html.ElementNode && inspect.Hidden(n) {
			return true
		}
	}
	return false
}

// Blank reports whether a name is empty: all kinds of space, and the
// zero-width ones, count as nothing.
func Blank(s string) bool {
	return strings.TrimFunc(s, func(r rune) bool {
		switch r {
		case ' ', '\t', '\n', '\r', '\f', 0xA0, 0x3000, 0x200B, 0x200C, 0x200D, 0xFEFF, 0x2002, 0x2003:
			return true
		}
		return false
	}) == ""
}
