// Package locus names places on a page so that the same place has the same
// name on every page that shares it, and in every inspection.
package locus

import (
	"strings"

	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Of is a CSS path to an element: up to four names, each with its id or else
// its first class, from the nearest element with an id down.
func Of(n *html.Node) string {
	var parts []string
	for ; n != nil && n.Type == html.ElementNode && n.DataAtom != atom.Html && len(parts) < 4; n = n.Parent {
		name, anchored := step(n)
		parts = append(parts, name)
		if anchored {
			break
		}
	}
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return strings.Join(parts, ">")
}

func step(n *html.Node) (name string, anchored bool) {
	if id := inspect.Attr(n, "id"); id != "" && !strings.ContainsAny(id, " \t\n") && !numbered(id) {
		return n.Data + "#" + id, true
	}
	if c := strings.Fields(inspect.Attr(n, "class")); len(c) > 0 {
		return n.Data + "." + c[0], false
	}
	return n.Data, false
}

// numbered reports whether an id looks made for one page: it holds a long number.
func numbered(id string) bool {
	run := 0
	for i := 0; i < len(id); i++ {
		if id[i] < '0' || id[i] > '9' {
			run = 0
			continue
		}
		if run++; run >= 4 {
			return true
		}
	}
	return false
}

// InBody reports whether an element belongs to the page's own text, not to a
// part that pages share.
func InBody(p *inspect.Page, n *html.Node) bool {
	body := p.Parts().Body
	if body == nil {
		return false
	}
	for ; n != nil; n = n.Parent {
		if n == body {
			return true
		}
	}
	return false
}

// Repeated reports whether an element stands in a row of a list, a menu or a
// table: there its place in the template names it, not what the row holds.
func Repeated(n *html.Node) bool { return inspect.Within(n, atom.Li, atom.Tr, atom.Dd, atom.Dl) != nil }

// Short is an address as a locus names it: path and query on the page's own
// host, else the whole.
func Short(p *inspect.Page, u string) string {
	if inspect.Host(u) == inspect.Host(p.Landed()) {
		return inspect.Path(u)
	}
	return u
}
