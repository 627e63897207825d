package pairing

import (
	"cmp"
	"hash/maphash"
	"slices"
	"unicode/utf8"

	"github.com/xunjian/xunjian/inspect"
)

// A near is an interpretation that may belong to a document: something joins
// them. A site has thousands of each, so they are not all held against all.
type near struct {
	at          int32 // in Interpretations
	forth, back bool  // as of a Pair
}

// mostNear bounds what is kept of who is near whom: a site on which all names
// all is not worth an index.
const mostNear = 1 << 20

// A meeting finds what is near.
type meeting struct {
	*Book
	count int
}

// meet finds what joins documents and interpretations: links, document
// numbers, and words of their titles.
func (b *Book) meet() {
	b.near = map[*inspect.Facts][]near{}
	m := &meeting{Book: b}
	m.byLinks()
	m.byNumbers()
	m.byTitles()
	for f, list := range b.near {
		b.near[f] = merged(list)
	}
}

func (m *meeting) add(policy *inspect.Facts, n near) {
	m.near[policy] = append(m.near[policy], n)
	m.count++
	m.crowd = m.crowd || m.count > mostNear
}

// merged are the same, each interpretation once and in order.
func merged(list []near) []near {
	slices.SortFunc(list, func(a, b near) int { return cmp.Compare(a.at, b.at) })
	out := list[:0]
	for _, n := range list {
		if last := len(out) - 1; last >= 0 && out[last].at == n.at {
			out[last].forth, out[last].back = out[last].forth || n.forth, out[last].back || n.back
			continue
		}
		out = append(out, n)
	}
	return slices.Clip(out)
}

// nearTo are the interpretations that may belong to a document.
func (b *Book) nearTo(policy *inspect.Facts) []near {
	if !b.crowd {
		return b.near[policy]
	}
	all := make([]near, len(b.Interpretations))
	for i := range all {
		all[i].at = int32(i)
	}
	return merged(append(all, b.near[policy]...))
}

// byLinks are those of which one links the other.
func (m *meeting) byLinks() {
	at, policies := map[string]int32{}, map[string][]*inspect.Facts{}
	for i, x := range m.Interpretations {
		at[key(x.URL)], at[key(x.Landed)] = int32(i), int32(i)
	}
	for _, f := range m.Policies {
		u, landed := key(f.URL), key(f.Landed)
		policies[u] = append(policies[u], f)
		if landed != u {
			policies[landed] = append(policies[landed], f)
		}
		for _, u := range f.Links {
			if i, ok := at[key(u)]; ok {
				m.add(f, near{at: i, forth: true})
			}
		}
	}
	for i, x := range m.Interpretations {
		for _, u := range x.Links {
			for _, f := range policies[key(u)] {
				m.add(f, near{at: int32(i), back: true})
			}
		}
	}
}

// byNumbers are those with the same document number.
func (m *meeting) byNumbers() {
	of := map[string][]int32{}
	for i, x := range m.Interpretations {
		if x.DocNumber != "" {
			of[x.DocNumber] = append(of[x.DocNumber], int32(i))
		}
	}
	for _, f := range m.Policies {
		for _, i := range of[f.DocNumber] {
			if m.crowd {
				return
			}
			m.add(f, near{at: i})
		}
	}
}

// byTitles are those of which one names the other, the whole or a part. (A
// title that shares letters with another proves something beside a link only.)
func (m *meeting) byTitles() {
	var names, titles, all, full []piece
	for i, f := range m.Policies {
		for k, n := range namesOf(f) {
			names = append(names, piece{i, n})
			if k == 0 {
				full = append(full, piece{i, n})
			}
		}
	}
	for i, x := range m.Interpretations {
		k := m.known[x]
		all = append(all, piece{i, k.all})
		for _, t := range k.titles {
			if runes(t) >= shortest {
				titles = append(titles, piece{i, t})
			}
		}
	}
	within(names, all, func(policy, at int) bool { m.add(m.Policies[policy], near{at: int32(at)}); return !m.crowd })
	within(titles, full, func(at, policy int) bool { m.add(m.Policies[policy], near{at: int32(at)}); return !m.crowd })
}

// A piece is a text of somebody.
type piece struct {
	of   int
	text string
}

// within tells of which piece may stand in which text, and of all that do: the
// run of letters in it that fewest pieces have stands in the text. Pieces have
// the letters of one run at least.
func within(pieces, texts []piece, found func(piece, text int) bool) {
	seed := maphash.MakeSeed()
	often := make([]uint16, 1<<18) // by a part of the hash; who shares it only counts as more frequent
	for _, p := range pieces {
		for h := range runsOf(seed, p.text) {
			if n := &often[h%uint64(len(often))]; *n < 1<<16-1 {
				*n++
			}
		}
	}
	by := make(map[uint64][]int, len(pieces))
	for _, p := range pieces {
		rarest, least := uint64(0), 1<<16
		for h := range runsOf(seed, p.text) {
			if n := int(often[h%uint64(len(often))]); n < least {
				rarest, least = h, n
			}
		}
		by[rarest] = append(by[rarest], p.of)
	}
	for _, t := range texts {
		for h := range runsOf(seed, t.text) {
			for _, of := range by[h] {
				if !found(of, t.of) {
					return
				}
			}
		}
	}
}

// runsOf are hashes of each run of as many letters as a name has at least.
func runsOf(seed maphash.Seed, s string) func(yield func(uint64) bool) {
	return func(yield func(uint64) bool) {
		from, to := 0, 0
		for range shortest - 1 {
			_, n := utf8.DecodeRuneInString(s[to:])
			to += n
		}
		for to < len(s) {
			_, n := utf8.DecodeRuneInString(s[to:])
			to += n
			if !yield(maphash.String(seed, s[from:to])) {
				return
			}
			_, n = utf8.DecodeRuneInString(s[from:])
			from += n
		}
	}
}
