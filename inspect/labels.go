package inspect

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// Labels are the meta labels (网页标签) of a page: for each name, in lower
// case, what was written first.
type Labels map[string]Label

// A Label is one meta element with a name.
type Label struct {
	Name    string // as written
	Content string // blanks trimmed
	InHead  bool
	Count   int // how many of the name the page has
}

// Get is the content of a label by its official name, "" if it is absent or empty.
func (l Labels) Get(name string) string { return l[strings.ToLower(name)].Content }

// Has reports whether the page carries the label at all.
func (l Labels) Has(name string) bool { return l[strings.ToLower(name)].Count > 0 }

// Labels are the page's meta labels.
func (p *Page) Labels() Labels {
	return p.labels.get(func() Labels {
		out := Labels{}
		for _, n := range p.Elements(atom.Meta) {
			name := strings.TrimSpace(Attr(n, "name"))
			if name == "" {
				continue
			}
			key := strings.ToLower(name)
			l := out[key]
			if l.Count == 0 {
				l = Label{Name: name, Content: strings.TrimSpace(Attr(n, "content")), InHead: Within(n, atom.Head) != nil}
			}
			l.Count++
			out[key] = l
		}
		return out
	})
}
