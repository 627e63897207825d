package inspect

import (
	"hash/fnv"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// An identity knows an element again in another tree of the same page.
type identity struct {
	key   uint64 // its name, what scripts seldom change of it and of its parent, and the letters in it
	names uint64 // what else may name it: the same element may get these from a script
}

// How much of an element its identity goes by: without a bound a tree of
// nested lists would be read once for each of them.
const (
	keyLetters = 60
	keyNodes   = 200
)

var (
	keptAttrs   = []string{"id", "name", "type", "href", "src", "role"}
	namingAttrs = []string{"alt", "title", "aria-label", "aria-labelledby", "value"}
)

func identify(n *html.Node) identity {
	key, names := fnv.New64a(), fnv.New64a()
	for x, i := n, 0; x != nil && x.Type == html.ElementNode && i < 2; x, i = x.Parent, i+1 {
		key.Write([]byte(x.Data + "\x00"))
		if x.Data == "html" { // scripts write all over the root
			break
		}
		for _, k := range keptAttrs {
			key.Write([]byte(Attr(x, k) + "\x00"))
		}
	}
	if n.Data == "html" {
		return identity{key.Sum64(), names.Sum64()}
	}
	var text []rune
	left, blank := keyNodes, false
	var visit func(*html.Node)
	visit = func(n *html.Node) {
		if left--; left < 0 {
			return
		}
		switch {
		case n.Type == html.TextNode:
			for _, r := range n.Data {
				if len(text) >= keyLetters {
					return
				}
				if unicode.IsSpace(r) {
					blank = len(text) > 0
					continue
				}
				if blank {
					text, blank = append(text, ' '), false
				}
				text = append(text, r)
			}
			return
		case n.Type != html.ElementNode, n.DataAtom == atom.Script, n.DataAtom == atom.Style, n.DataAtom == atom.Template:
			return
		}
		for _, k := range namingAttrs {
			if v, ok := LookupAttr(n, k); ok { // an empty alt is not none
				names.Write([]byte(k + "=" + v + "\x00"))
			}
		}
		if n.DataAtom == atom.Img { // what links and buttons hold
			key.Write([]byte(Attr(n, "src") + "\x00"))
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			visit(c)
		}
	}
	visit(n)
	key.Write([]byte(strings.TrimSpace(string(text[:min(len(text), keyLetters)]))))
	return identity{key.Sum64(), names.Sum64()}
}

// twins are the elements of one tree that share a key.
type twins struct {
	n     int
	names uint64
	mixed bool // they differ in what names them: nobody knows which is which
}

// A crowd counts elements by key.
type crowd map[uint64]*twins

func (c crowd) add(id identity) {
	t := c[id.key]
	if t == nil {
		t = &twins{names: id.names}
		c[id.key] = t
	}
	t.n++
	t.mixed = t.mixed || t.names != id.names
}
