// Package accname is what all accessibility checks know of a page, made once:
// its elements in order, with role (HTML-AAM), hidden state and focus, and
// the accessible name of each after accname 1.2, as far as a static page
// decides them.
//
// What style sheets do is known only from style elements and attributes. Where
// a script, a state of the pointer or a class that commonly hides could hide an
// element, it is not [Element.Exposed], and no fault may be found by it.
package accname

import (
	"strings"
	"sync"

	"github.com/xunjian/xunjian/checks/aria"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// An Element is an element of the page in document order.
type Element struct {
	Node     *html.Node
	Up       *Element // the element around it, nil for the root
	Index    int      // place in Tree.Elements
	End      int      // place after the last element inside it
	Explicit string   // first role of its role attribute that authors may use
	Role     string   // the role that counts; "" for none, or one that says nothing
	flags    flag
	id       string
}

type flag uint16

const (
	undisplayed flag = 1 << iota // display: none, here or around it
	invisible                    // visibility: hidden
	ariaHidden                   // aria-hidden, here or around it
	inert                        // inert, here or around it
	perhaps                      // may be hidden
	disabled                     // a field that is off
	hasARIA                      // carries an attribute aria-*
	hasRole                      // carries a role
	decorative                   // marked as decoration, and nothing takes that back
)

// Attr is the value of an attribute, "" if it is absent.
func (e *Element) Attr(key string) string { return inspect.Attr(e.Node, key) }

// Has reports whether the attribute is there.
func (e *Element) Has(key string) bool {
	_, ok := inspect.LookupAttr(e.Node, key)
	return ok
}

// Is reports whether the element is an HTML element of one of the names.
func (e *Element) Is(names ...atom.Atom) bool {
	if e == nil || e.Node.Namespace != "" {
		return false
	}
	for _, a := range names {
		if e.Node.DataAtom == a {
			return true
		}
	}
	return false
}

// Hidden reports whether assistive technology surely does not meet the element.
func (e *Element) Hidden() bool { return e.flags&(undisplayed|invisible|ariaHidden|inert) != 0 }

// Exposed reports whether assistive technology surely meets the element.
func (e *Element) Exposed() bool {
	return e.flags&(undisplayed|invisible|ariaHidden|inert|perhaps) == 0
}

// Unseen reports whether nobody sees the element: it is not displayed.
func (e *Element) Unseen() bool { return e.flags&(undisplayed|invisible) != 0 }

// Displayed reports whether the element is surely displayed, though it may be
// kept from assistive technology.
func (e *Element) Displayed() bool { return e.flags&(undisplayed|invisible|perhaps|inert) == 0 }

// AriaHidden reports whether aria-hidden keeps the element from assistive technology.
func (e *Element) AriaHidden() bool { return e.flags&ariaHidden != 0 }

// Disabled reports whether the element is a field that is off.
func (e *Element) Disabled() bool { return e.flags&disabled != 0 }

// HasARIA reports whether the element carries an attribute aria-*.
func (e *Element) HasARIA() bool { return e.flags&hasARIA != 0 }

// HasRole reports whether the element carries a role attribute.
func (e *Element) HasRole() bool { return e.flags&hasRole != 0 }

// Decorative reports whether the element is marked as decoration and nothing
// takes that back.
func (e *Element) Decorative() bool { return e.flags&decorative != 0 }

// Facts are the facts of the element's role, nil if it has none.
func (e *Element) Facts() *aria.Role { return aria.Lookup(e.Role) }

// A Tree is a page as its checks see it. It does not change; several
// goroutines may ask.
type Tree struct {
	Elements []Element
	Page     *inspect.Page
	Scripted bool // some script could change the page
	Linked   bool // some style sheet was not read

	byName map[atom.Atom][]*Element
	byRole map[string][]*Element
	ids    map[string]*Element
	twice  map[string][]*Element // elements of ids that stand more than once
	owned  map[string]*Element
	labels map[int][]*Element // of each field, by index
	sheet  *sheet
	told   sync.Map // names of elements that aria-labelledby names, by index
}

// key is the Tree among the page's memos.
type key struct{}

// For is the Tree of a page, made on the first call; an error says that the
// page cannot be taken apart, as one that nests too deep.
func For(p *inspect.Page) (*Tree, error) {
	if _, err := p.Doc(); err != nil {
		return nil, err
	}
	return inspect.Memo(p, key{}, func() *Tree { return build(p) }), nil
}

// Fillable reports whether a style sheet or a script could give an element
// words that are not in the page.
func (t *Tree) Fillable() bool {
	if t.Linked || t.Scripted {
		return true
	}
	for _, r := range t.StyleRules() {
		if strings.Contains(r.Body, "content") {
			return true
		}
	}
	return false
}

// Named are the HTML elements of a name, in document order.
func (t *Tree) Named(a atom.Atom) []*Element { return t.byName[a] }

// Playing are the elements of a role, in document order.
func (t *Tree) Playing(role string) []*Element { return t.byRole[role] }

// ByID is the first element with an id, nil if there is none.
func (t *Tree) ByID(id string) *Element { return t.ids[id] }

// Same are all elements with an id that stands more than once, nil for others.
func (t *Tree) Same(id string) []*Element { return t.twice[id] }

// Owner is the element whose aria-owns names the element, nil if none does.
func (t *Tree) Owner(e *Element) *Element {
	if e.id == "" {
		return nil
	}
	return t.owned[e.id]
}

// Inside calls f for each element inside e; f answers whether to go into it.
func (t *Tree) Inside(e *Element, f func(*Element) bool) {
	for i := e.Index + 1; i < e.End; {
		c := &t.Elements[i]
		if f(c) {
			i++
		} else {
			i = c.End
		}
	}
}

// Children calls f for each element directly inside e.
func (t *Tree) Children(e *Element, f func(*Element)) {
	for i := e.Index + 1; i < e.End; i = t.Elements[i].End {
		f(&t.Elements[i])
	}
}

// Within is the nearest element around e, or e itself, of one of the names.
func (e *Element) Within(names ...atom.Atom) *Element {
	for ; e != nil; e = e.Up {
		if e.Is(names...) {
			return e
		}
	}
	return nil
}

// Blank reports whether a name is empty: all kinds of space, and the
// zero-width ones, count as nothing.
func Blank(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c > ' ' {
			if c < 0x80 {
				return false
			}
			return strings.TrimFunc(s[i:], blank) == ""
		}
	}
	return true
}

func blank(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', '\f', 0xA0, 0xAD, 0x1680, 0x180E, 0x2028, 0x2029, 0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF:
		return true
	}
	return r >= 0x2000 && r <= 0x200F
}
