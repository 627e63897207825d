package accname

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Name is the accessible name of an element, "" if it has none. Longer names
// than anybody reads are cut.
func (t *Tree) Name(e *Element) string {
	return strings.TrimFunc(t.name(e, walk{root: e}), blank)
}

// Nameless reports whether the element surely has no name.
func (t *Tree) Nameless(e *Element) bool {
	for c := e.Node.FirstChild; c != nil && c.Type == html.TextNode; c = c.NextSibling { // the quick way past nearly all links
		if !Blank(c.Data) {
			if r := e.Facts(); r != nil && r.Content {
				return false
			}
			break
		}
	}
	return Blank(t.name(e, walk{root: e}))
}

// A walk is where a computation stands.
type walk struct {
	root       *Element
	referenced bool // reached through aria-labelledby: it is not followed again
	unveiled   bool // the referenced element is hidden as a whole: its parts count
	content    bool // inside an element that takes its name from content
	label      bool // inside a label
}

// longest is where a name is cut: nobody listens to more, and what is inside
// a page's outer parts is not gathered again and again.
const longest = 2000

func (t *Tree) name(e *Element, w walk) string {
	if e.Hidden() && !w.unveiled {
		return ""
	}
	if !w.referenced {
		if s := t.labelledBy(e); !Blank(s) {
			return s
		}
	}
	if (w.label || w.content || w.referenced) && e != w.root {
		if s, ok := t.embedded(e); ok {
			return s
		}
	}
	if e.flags&hasARIA != 0 {
		if s := e.Attr("aria-label"); !Blank(s) {
			return s
		}
	}
	if e.flags&decorative == 0 {
		if s := t.own(e, w); !Blank(s) {
			return s
		}
	}
	if w.content || w.label || w.referenced || t.fromContent(e) {
		in := w
		in.content = true
		if s := t.content(e, in); !Blank(s) {
			return s
		}
	}
	if e.flags&decorative == 0 {
		if s := e.Attr("title"); !Blank(s) {
			return s
		}
	}
	if e.Is(atom.Input, atom.Textarea) && e == w.root {
		return e.Attr("placeholder")
	}
	if e == w.root && !Blank(e.Attr("aria-placeholder")) && (e.Role == "textbox" || e.Role == "searchbox") {
		return e.Attr("aria-placeholder")
	}
	return ""
}

func (t *Tree) fromContent(e *Element) bool {
	if e.Is(atom.Summary) && e.Role == "" {
		return true
	}
	r := e.Facts()
	return r != nil && r.Content
}

// labelledBy joins the names of the elements that aria-labelledby names.
func (t *Tree) labelledBy(e *Element) string {
	if e.flags&hasARIA == 0 {
		return ""
	}
	refs := e.Attr("aria-labelledby")
	if refs == "" {
		return ""
	}
	var b strings.Builder
	for id := range strings.FieldsSeq(refs) {
		m := t.ids[id]
		if m == nil || b.Len() > longest {
			continue
		}
		if s := t.reference(m); !Blank(s) {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(strings.TrimSpace(s))
		}
	}
	return b.String()
}

// reference is the name of an element that aria-labelledby names. It does not
// depend on who names it, so it is kept: thousands may name the same.
func (t *Tree) reference(m *Element) string {
	if s, ok := t.told.Load(m.Index); ok {
		return s.(string)
	}
	s := t.name(m, walk{root: m, referenced: true, unveiled: m.Hidden()})
	t.told.Store(m.Index, s)
	return s
}

// embedded is what a field inside a name says: its value.
func (t *Tree) embedded(e *Element) (string, bool) {
	switch e.Role {
	case "textbox", "searchbox":
		if e.Is(atom.Input) {
			return e.Attr("value"), true
		}
		if e.Is(atom.Textarea) {
			return text(e.Node), true
		}
	case "combobox", "listbox":
		if e.Is(atom.Select) {
			return t.chosen(e), true
		}
		if e.Is(atom.Input) {
			return e.Attr("value"), true
		}
	case "slider", "spinbutton", "progressbar", "meter", "scrollbar":
		for _, k := range []string{"aria-valuetext", "aria-valuenow", "value"} {
			if v := e.Attr(k); !Blank(v) {
				return v, true
			}
		}
		return "", e.Is(atom.Input)
	}
	return "", false
}

// chosen is the option of a list that is chosen.
func (t *Tree) chosen(e *Element) string {
	first := ""
	pick := ""
	t.Inside(e, func(o *Element) bool {
		if o.Is(atom.Option) {
			if first == "" {
				first = text(o.Node)
			}
			if o.Has("selected") && pick == "" {
				pick = text(o.Node)
			}
		}
		return true
	})
	if pick != "" {
		return pick
	}
	return first
}

// own is the name that the element's own mark-up gives.
func (t *Tree) own(e *Element, w walk) string {
	n := e.Node
	if n.Namespace == "svg" {
		return graphic(n)
	}
	if n.Namespace != "" {
		return ""
	}
	switch n.DataAtom {
	case atom.Img, atom.Area:
		return e.Attr("alt")
	case atom.Input:
		switch e.Type() {
		case "image":
			return e.Attr("alt")
		case "button":
			if s := t.labelText(e, w); !Blank(s) {
				return s
			}
			return e.Attr("value")
		case "submit", "reset":
			if s := t.labelText(e, w); !Blank(s) {
				return s
			}
			if v := e.Attr("value"); e.Has("value") {
				return v
			}
			return "提交" // browsers write a word of their own
		}
		return t.labelText(e, w)
	case atom.Select, atom.Textarea, atom.Meter, atom.Progress, atom.Output, atom.Button:
		return t.labelText(e, w)
	case atom.Fieldset:
		return t.firstChild(e, w, atom.Legend)
	case atom.Table:
		return t.firstChild(e, w, atom.Caption)
	case atom.Figure:
		return t.firstChild(e, w, atom.Figcaption)
	}
	return ""
}

func (t *Tree) firstChild(e *Element, w walk, a atom.Atom) string {
	s := ""
	if w.content {
		return s
	}
	t.Children(e, func(c *Element) {
		if s == "" && c.Is(a) {
			in := w
			in.content = true
			s = t.name(c, in)
		}
	})
	return s
}

// labelText joins the labels of a field: those for its id, and the one around it.
func (t *Tree) labelText(e *Element, w walk) string {
	if w.label || w.referenced && e != w.root {
		return ""
	}
	in := walk{root: e, referenced: true, label: true, content: true}
	var parts []string
	for _, l := range t.Labels(e) {
		in.unveiled = false
		if l.Hidden() {
			continue
		}
		if s := t.name(l, in); !Blank(s) {
			parts = append(parts, strings.TrimSpace(s))
		}
	}
	return strings.Join(parts, " ")
}

// Labels are the label elements of a field.
func (t *Tree) Labels(e *Element) []*Element { return t.labels[e.Index] }

// graphic is the name of an SVG element.
func graphic(n *html.Node) string {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && c.Data == "title" {
			return text(c)
		}
	}
	for _, a := range n.Attr {
		if a.Namespace == "xlink" && a.Key == "title" {
			return a.Val
		}
	}
	return ""
}

// content joins the names of what is inside.
func (t *Tree) content(e *Element, w walk) string {
	var b strings.Builder
	i := e.Index + 1
	for c := e.Node.FirstChild; c != nil && b.Len() < longest; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			if e.Unseen() && !w.unveiled {
				continue
			}
			b.WriteString(c.Data)
		case html.ElementNode:
			in := &t.Elements[i]
			i = in.End
			switch c.DataAtom {
			case atom.Script, atom.Style, atom.Noscript:
				continue
			case atom.Template:
				if !in.Has("shadowrootmode") {
					continue
				}
			case atom.Br:
				b.WriteByte(' ')
				continue
			}
			if in == w.root && w.label { // a field inside its own label
				continue
			}
			s := t.name(in, w)
			if s == "" {
				continue
			}
			if inline(c) {
				b.WriteString(s)
			} else {
				b.WriteByte(' ')
				b.WriteString(s)
				b.WriteByte(' ')
			}
		}
	}
	return b.String()
}

// inline reports whether the text of an element runs on with what is around it.
func inline(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Span, atom.B, atom.I, atom.Em, atom.Strong, atom.Font, atom.U, atom.A, atom.Small, atom.Big, atom.Sub, atom.Sup, atom.Code, atom.Mark, atom.Abbr, atom.S:
		return true
	}
	return false
}

// text is all text inside an element.
func text(n *html.Node) string {
	var b strings.Builder
	var visit func(*html.Node)
	visit = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for c := n.FirstChild; c != nil && b.Len() < longest; c = c.NextSibling {
			visit(c)
		}
	}
	visit(n)
	return strings.TrimSpace(b.String())
}

// Seen is the text that is surely seen in an element, pieces parted by blanks,
// and whether anything in it was left out because it may be hidden.
func (t *Tree) Seen(e *Element) (s string, doubt bool) {
	var b strings.Builder
	var visit func(e *Element)
	steps := 0
	visit = func(e *Element) {
		i := e.Index + 1
		for c := e.Node.FirstChild; c != nil && b.Len() < longest && steps < longest; c = c.NextSibling {
			steps++
			switch c.Type {
			case html.TextNode:
				b.WriteString(c.Data)
			case html.ElementNode:
				in := &t.Elements[i]
				i = in.End
				switch {
				case in.Unseen():
				case in.flags&perhaps != e.flags&perhaps:
					doubt = true
				case inline(c):
					visit(in)
				default:
					b.WriteByte(' ')
					visit(in)
					b.WriteByte(' ')
				}
			}
		}
	}
	visit(e)
	return strings.TrimSpace(b.String()), doubt || steps >= longest
}
