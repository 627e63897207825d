package accname

import (
	"strings"

	"github.com/xunjian/xunjian/checks/aria"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// build makes the Tree of a page by one walk.
func build(p *inspect.Page) *Tree {
	t := &Tree{Page: p, byName: make(map[atom.Atom][]*Element, 48), byRole: make(map[string][]*Element, 24)}
	doc, _ := p.Doc()
	t.Scripted = len(p.Elements(atom.Script)) > 0
	for _, n := range p.Elements(atom.Link) {
		if strings.Contains(strings.ToLower(inspect.Attr(n, "rel")), "stylesheet") {
			t.Linked = true
		}
	}
	n := count(doc)
	t.sheet = readSheet(p, n)
	t.Elements = make([]Element, 0, n)
	t.ids = make(map[string]*Element, cap(t.Elements)/8)
	b := builder{tree: t}
	b.inside(doc, nil, around{})
	t.references()
	return t
}

// count is how many elements a document has; their slice must not move.
func count(n *html.Node) (k int) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			k += 1 + count(c)
		}
	}
	return k
}

// around is what an element inherits from those around it.
type around struct {
	flags     flag
	off       bool // inside a fieldset that is off
	legend    bool // the first legend of such a fieldset, which stays on, was met
	table     string
	list      bool // directly inside a list that is one
	sectioned bool // inside an element that makes a section, so that header and footer are no landmarks
}

type builder struct{ tree *Tree }

func (b *builder) inside(n *html.Node, up *Element, a around) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			b.element(c, up, &a)
		}
	}
}

func (b *builder) element(n *html.Node, up *Element, a *around) {
	t := b.tree
	i := len(t.Elements)
	t.Elements = append(t.Elements, Element{Node: n, Up: up, Index: i})
	e := &t.Elements[i]
	e.flags = a.flags &^ (disabled | decorative | hasARIA | hasRole)
	in := *a
	b.attributes(e, a, &in)
	if f := t.sheet.hides(n); f != 0 {
		e.flags = apply(e.flags, f)
	}
	e.flags |= unshown(e)
	e.role(a)
	in.enter(e)
	if n.Namespace == "" {
		t.byName[n.DataAtom] = append(t.room(t.byName[n.DataAtom], n), e)
	}
	if e.Role != "" {
		t.byRole[e.Role] = append(t.room(t.byRole[e.Role], n), e)
	}
	b.inside(n, e, in)
	e.End = len(t.Elements)
}

// room is a list of elements as it is, or, where it begins with n, one with
// room for all elements of that name: most have one role.
func (t *Tree) room(list []*Element, n *html.Node) []*Element {
	if list == nil {
		list = make([]*Element, 0, len(t.Page.Elements(n.DataAtom)))
	}
	return list
}

// attributes reads what an element says of itself.
func (b *builder) attributes(e *Element, a, in *around) {
	n := e.Node
	for i := range n.Attr {
		at := &n.Attr[i]
		if at.Namespace != "" {
			continue
		}
		switch at.Key {
		case "id":
			b.id(e, at.Val)
		case "class":
			if mayHide(at.Val) {
				e.flags |= perhaps
			}
		case "role":
			e.flags |= hasRole
			e.Explicit = aria.First(at.Val)
		case "hidden":
			if at.Val == "until-found" {
				e.flags |= perhaps
			} else {
				e.flags |= undisplayed
			}
		case "inert":
			e.flags |= inert
		case "disabled":
			switch n.DataAtom {
			case atom.Button, atom.Input, atom.Select, atom.Textarea, atom.Option, atom.Optgroup:
				e.flags |= disabled
			case atom.Fieldset:
				in.off, in.legend = true, false
			}
		default:
			if strings.HasPrefix(at.Key, "aria-") {
				e.flags |= hasARIA
				if at.Key == "aria-hidden" && strings.EqualFold(strings.TrimSpace(at.Val), "true") {
					e.flags |= ariaHidden
				}
			}
		}
	}
	if a.off {
		switch n.DataAtom {
		case atom.Button, atom.Input, atom.Select, atom.Textarea:
			e.flags |= disabled
		case atom.Legend:
			if !a.legend && e.Up.Is(atom.Fieldset) {
				a.legend, in.off = true, false
			}
		}
	}
}

func (b *builder) id(e *Element, id string) {
	t := b.tree
	if id == "" {
		return
	}
	e.id = id
	if t.ids[id] == nil {
		t.ids[id] = e
		return
	}
	if t.twice == nil {
		t.twice = map[string][]*Element{}
	}
	if t.twice[id] == nil {
		t.twice[id] = []*Element{t.ids[id]}
	}
	t.twice[id] = append(t.twice[id], e)
}

// enter is what an element hands to those inside it.
func (in *around) enter(e *Element) {
	in.flags = e.flags | below(e)
	switch e.Node.DataAtom {
	case atom.Table:
		in.table = e.Role
	case atom.Ul, atom.Ol, atom.Menu:
		in.list = e.Role == "list"
	case atom.Template:
	default:
		in.list = false
	}
	switch e.Node.DataAtom {
	case atom.Article, atom.Aside, atom.Main, atom.Nav, atom.Section:
		in.sectioned = true
	}
}

// references files who is owned and labelled by whom.
func (t *Tree) references() {
	for _, l := range t.byName[atom.Label] {
		if f := t.fieldOf(l); f != nil {
			if t.labels == nil {
				t.labels = map[int][]*Element{}
			}
			t.labels[f.Index] = append(t.labels[f.Index], l)
		}
	}
	for i := range t.Elements {
		e := &t.Elements[i]
		if e.flags&hasARIA == 0 {
			continue
		}
		for id := range strings.FieldsSeq(e.Attr("aria-owns")) {
			if t.owned == nil {
				t.owned = map[string]*Element{}
			}
			if t.owned[id] == nil {
				t.owned[id] = e
			}
		}
	}
}

// fieldOf is the field that a label labels: the one it names, else the first inside it.
func (t *Tree) fieldOf(l *Element) (f *Element) {
	if id, ok := lookup(l, "for"); ok {
		if f = t.ids[id]; f != nil && labelable(f) {
			return f
		}
		return nil
	}
	t.Inside(l, func(e *Element) bool {
		if f == nil && labelable(e) {
			f = e
		}
		return f == nil
	})
	return f
}

func labelable(e *Element) bool {
	return e.Is(atom.Button, atom.Meter, atom.Output, atom.Progress, atom.Select, atom.Textarea) || e.Is(atom.Input) && e.Type() != "hidden"
}
