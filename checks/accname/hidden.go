package accname

import (
	"strings"

	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// hidden reports whether an element is surely kept from assistive technology
// by its own attributes.
func (t *Tree) hidden(n *html.Node) bool {
	return inspect.Hidden(n) || strings.EqualFold(inspect.Attr(n, "aria-hidden"), "true")
}

// MayBeHidden reports whether an element or one around it is hidden, or could
// be: by attributes, by a style element, by standing in a part that browsers
// do not show, or by a class that commonly hides.
func (t *Tree) MayBeHidden(n *html.Node) bool {
	for at := n; at != nil; at = at.Parent {
		if at.Type == html.ElementNode && (t.hidden(at) || at != n && unshown(at) || t.styled(at)) {
			return true
		}
	}
	return false
}

// unshown reports whether browsers show nothing of what is in an element, or
// not until something is done.
func unshown(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Template, atom.Noscript, atom.Head, atom.Datalist, atom.Object, atom.Canvas, atom.Audio, atom.Video:
		return true
	case atom.Dialog, atom.Details:
		_, open := inspect.LookupAttr(n, "open")
		return !open
	}
	return false
}

// hidingWords are parts of class names that commonly hide until a script shows.
var hidingWords = []string{"hide", "hidden", "none", "modal", "popup", "dialog", "dropdown", "drop-down", "submenu", "sub-menu", "invisible", "collapse", "tab-pane"}

func (t *Tree) styled(n *html.Node) bool {
	class, id := inspect.Attr(n, "class"), inspect.Attr(n, "id")
	if class == "" && id == "" {
		return false
	}
	lower := strings.ToLower(class)
	for _, w := range hidingWords {
		if strings.Contains(lower, w) {
			return true
		}
	}
	t.readStyles()
	if len(t.hiders) == 0 {
		return false
	}
	if t.hiders["#"+id] {
		return true
	}
	for _, c := range strings.Fields(class) {
		if t.hiders["."+c] {
			return true
		}
	}
	return false
}

// readStyles notes which classes and ids the page's own style elements hide.
// Any selector that names one counts, since the rest of it is not evaluated.
func (t *Tree) readStyles() {
	if t.hiders != nil {
		return
	}
	t.hiders = map[string]bool{}
	for _, n := range t.page.Elements(atom.Style) {
		if n.FirstChild == nil {
			continue
		}
		css := n.FirstChild.Data
		if !strings.Contains(css, "none") && !strings.Contains(css, "hidden") {
			continue
		}
		for rule := range strings.SplitSeq(css, "}") {
			sel, body, ok := strings.Cut(rule, "{")
			body = strings.ToLower(strings.ReplaceAll(body, " ", ""))
			if ok && (strings.Contains(body, "display:none") || strings.Contains(body, "visibility:hidden")) {
				t.noteNames(sel)
			}
		}
	}
}

// noteNames files every .class and #id of a selector.
func (t *Tree) noteNames(sel string) {
	for i := 0; i < len(sel); i++ {
		if sel[i] != '.' && sel[i] != '#' {
			continue
		}
		j := i + 1
		for j < len(sel) && !strings.ContainsRune(" .#:,>+~[\t\r\n", rune(sel[j])) {
			j++
		}
		t.hiders[sel[i:j]] = true
		i = j - 1
	}
}
