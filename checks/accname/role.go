package accname

import (
	"strings"

	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Role is the explicit role of an element, else its implicit one, "" if it has
// none that matters here.
func Role(n *html.Node) string {
	if r := explicit(n); r != "" && !(r == "none" || r == "presentation") {
		return r
	}
	if Presentational(n) {
		return "none"
	}
	switch n.DataAtom {
	case atom.A, atom.Area:
		if _, ok := inspect.LookupAttr(n, "href"); ok {
			return "link"
		}
	case atom.Img:
		return "img"
	case atom.Button, atom.Summary:
		return "button"
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return "heading"
	}
	return ""
}

// known are the explicit roles that the checks can meet; others are looked
// through, as browsers do with unknown ones.
var known = map[string]bool{"none": true, "presentation": true, "img": true, "image": true, "link": true, "button": true, "heading": true,
	"doc-biblioref": true, "doc-noteref": true, "doc-backlink": true, "doc-glossref": true, "graphics-symbol": true, "graphics-document": true,
	"graphics-object": true, "menuitem": true, "tab": true, "option": true, "checkbox": true, "radio": true, "switch": true, "treeitem": true,
	"menuitemcheckbox": true, "menuitemradio": true, "cell": true, "row": true, "gridcell": true, "navigation": true, "main": true, "banner": true,
	"list": true, "listitem": true, "group": true, "region": true, "dialog": true, "alert": true, "search": true, "tooltip": true}

func explicit(n *html.Node) string {
	r, ok := inspect.LookupAttr(n, "role")
	if !ok {
		return ""
	}
	for _, w := range strings.Fields(strings.ToLower(r)) {
		if known[w] {
			return w
		}
	}
	return ""
}

// fromContent reports whether the element's role takes its name from content.
func fromContent(n *html.Node) bool {
	switch Role(n) {
	case "link", "button", "heading", "doc-biblioref", "doc-noteref", "doc-backlink", "doc-glossref", "menuitem", "tab", "option", "checkbox",
		"radio", "switch", "treeitem", "menuitemcheckbox", "menuitemradio", "cell", "gridcell", "row", "tooltip":
		return true
	}
	return false
}

// Presentational reports whether an element is marked as decoration and
// nothing takes that back: a focusable one, or one with a global naming
// attribute, stays exposed.
func Presentational(n *html.Node) bool {
	r := explicit(n)
	alt, has := inspect.LookupAttr(n, "alt")
	marked := r == "none" || r == "presentation" || n.DataAtom == atom.Img && has && alt == "" && r == ""
	return marked && !Focusable(n) && !naming(n)
}

// naming reports whether the element carries a global ARIA attribute that
// names or describes it.
func naming(n *html.Node) bool {
	for _, k := range []string{"aria-label", "aria-labelledby", "aria-describedby", "aria-live", "aria-controls", "aria-owns"} {
		if v, ok := inspect.LookupAttr(n, k); ok && v != "" {
			return true
		}
	}
	return false
}

// Focusable reports whether the element can take the keyboard focus.
func Focusable(n *html.Node) bool {
	if _, ok := inspect.LookupAttr(n, "tabindex"); ok {
		return true
	}
	switch n.DataAtom {
	case atom.A, atom.Area:
		_, ok := inspect.LookupAttr(n, "href")
		return ok
	case atom.Button, atom.Input, atom.Select, atom.Textarea:
		_, off := inspect.LookupAttr(n, "disabled")
		return !off
	}
	return false
}
