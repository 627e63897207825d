package inspect

import (
	"cmp"
	"slices"
	"strings"
)

// A linkTable knows of every link target how many pages link it, from where
// first, and what became of it. It keeps no list of the pages that link a
// target: that is what costs other checkers gigabytes.
type linkTable struct {
	site   *Site
	refs   map[string]*ref
	asked  int
	broken int
	untold int
	seq    uint32   // number of the page being counted
	packed []string // pages with more links than are read
}

type ref struct {
	url    string
	first  string // page URL
	kind   LinkKind
	text   string
	pages  uint32
	last   uint32 // number of the page counted last, so that a page counts once
	home   bool
	asked  bool
	target *Target // nil: fine, or not asked
}

func newLinkTable(s *Site) *linkTable { return &linkTable{site: s, refs: map[string]*ref{}} }

func (t *linkTable) get(u string) *ref {
	r := t.refs[u]
	if r == nil {
		r = &ref{url: u}
		t.refs[u] = r
	}
	return r
}

// own is the table's copy of an address, so that what is remembered does not
// keep a second one.
func (t *linkTable) own(u string) string {
	if r := t.refs[u]; r != nil {
		return r.url
	}
	return u
}

// page counts the links of a page and its own verdict as a target.
func (t *linkTable) page(p *Page) {
	t.verdict(&p.Target)
	if !p.Linking() {
		return
	}
	t.seq++
	if len(p.Links()) >= maxLinks {
		t.packed = append(t.packed, p.URL)
	}
	for i, l := range p.Links() {
		if l.URL == "" {
			continue
		}
		r := t.get(l.URL)
		if r.last == t.seq {
			continue
		}
		r.last = t.seq
		r.pages++
		// The place shown is the home page, else the first by URL, whatever
		// the order in which pages came.
		if r.first == "" || !r.home && (p.Home || p.URL < r.first) {
			r.first, r.kind, r.home = p.URL, l.Kind, p.Home
			r.text = p.Links()[i].Text()
		}
	}
}

// verdict notes what became of a target.
func (t *linkTable) verdict(x *Target) {
	r := t.get(x.URL)
	if r.asked {
		return
	}
	r.asked = true
	t.asked++
	switch x.Verdict {
	case Fine:
		if x.Title == "" && x.Opening == "" {
			return
		}
	case Fault, Suspected:
		t.broken++
	case CouldNotTell:
		t.untold++
	}
	c := *x
	r.target = &c
}

// counts are the targets asked, broken and not told.
func (t *linkTable) counts() (asked, broken, untold int) { return t.asked, t.broken, t.untold }

// firstOf is the page that is shown as linking a target.
func (t *linkTable) firstOf(u string) string {
	if r := t.refs[u]; r != nil {
		return r.first
	}
	return ""
}

// linked is what is known of a target, nil if nobody links it.
func (t *linkTable) linked(u string) *Linked {
	r := t.refs[u]
	if r == nil || r.pages == 0 {
		return nil
	}
	l := t.of(r)
	return &l
}

// outbound are the pages of others whose titles were read, in the order of
// their URLs.
func (t *linkTable) outbound() []*Linked {
	var out []*Linked
	for _, r := range t.refs {
		if r.target != nil && r.pages > 0 && (r.target.Title != "" || r.target.Opening != "") {
			l := t.of(r)
			out = append(out, &l)
		}
	}
	slices.SortFunc(out, func(a, b *Linked) int { return strings.Compare(a.URL, b.URL) })
	return out
}

// of is a target with where it is linked.
func (t *linkTable) of(r *ref) Linked {
	l := Linked{Kind: cmp.Or(r.kind, Anchor), First: cmp.Or(r.first, t.site.Home), Pages: int(max(r.pages, 1)), Text: r.text, Home: r.home,
		Own: t.site.InScope(r.url)}
	switch {
	case r.target != nil:
		l.Target = *r.target
	case r.asked:
		l.Target = Target{URL: r.url, Verdict: Fine}
	default:
		l.Target = Target{URL: r.url}
	}
	return l
}

// faults are the targets that are not fine, in the order of their URLs.
func (t *linkTable) faults() []*Linked {
	var out []*Linked
	for u, r := range t.refs {
		if r.target == nil || r.target.Verdict == Fine || r.pages == 0 && u != t.site.Home {
			continue
		}
		l := t.of(r)
		out = append(out, &l)
	}
	slices.SortFunc(out, func(a, b *Linked) int { return strings.Compare(a.URL, b.URL) })
	return out
}
