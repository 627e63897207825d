package pairing

import (
	"slices"
	"unicode/utf8"

	"github.com/xunjian/xunjian/inspect"
)

// mostJoined bounds what is kept of who may belong to whom. On a site where
// all names all, an index is no use: there, all are held against all.
const mostJoined = 1 << 20

// join finds which interpretations may belong to which documents by a document
// number or by words: a site has thousands of each, so they are not all held
// against all. (Links are asked for by document, since a page may link all.)
func (b *Book) join() {
	b.joined = map[*inspect.Facts][]int32{}
	n := 0
	add := func(policy *inspect.Facts, interpretation int32) bool {
		b.joined[policy] = append(b.joined[policy], interpretation)
		n++
		return n < mostJoined
	}
	if !b.byNumbers(add) || !b.byTitles(add) {
		b.joined, b.crowd = nil, true
		return
	}
	for f, list := range b.joined {
		slices.Sort(list)
		b.joined[f] = slices.Compact(list)
	}
}

// candidates are the interpretations that something joins to a document, in
// order; of others nothing is known that would make a pair.
func (b *Book) candidates(policy *inspect.Facts, forth, back map[int32]bool) []int32 {
	if b.joined == nil && !b.crowd {
		b.join()
	}
	var out []int32
	if b.crowd {
		for i := range b.Interpretations {
			out = append(out, int32(i))
		}
		return out
	}
	out = append(out, b.joined[policy]...)
	for _, linked := range []map[int32]bool{forth, back} {
		for i := range linked {
			out = append(out, i)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// byNumbers adds those with the same document number. Like byTitles it ends,
// and says so, when add wants no more.
func (b *Book) byNumbers(add func(*inspect.Facts, int32) bool) bool {
	of := map[string][]int32{}
	for i, x := range b.Interpretations {
		if x.DocNumber != "" {
			of[x.DocNumber] = append(of[x.DocNumber], int32(i))
		}
	}
	for _, f := range b.Policies {
		for _, i := range of[f.DocNumber] {
			if !add(f, i) {
				return false
			}
		}
	}
	return true
}

// byTitles adds those of which one names the other, the whole or a part. (A
// title that shares letters with another proves something beside a link only.)
func (b *Book) byTitles(add func(*inspect.Facts, int32) bool) bool {
	var names, full, titles, all []text
	for i, f := range b.Policies {
		for k, n := range namesOf(f) {
			names = append(names, text{i, n})
			if k == 0 {
				full = append(full, text{i, n})
			}
		}
	}
	for i, x := range b.Interpretations {
		k := b.known[x]
		all = append(all, text{i, k.all})
		for _, t := range k.titles {
			if runes(t) >= shortest {
				titles = append(titles, text{i, t})
			}
		}
	}
	return within(names, all, func(policy, interpretation int) bool { return add(b.Policies[policy], int32(interpretation)) }) &&
		within(titles, full, func(interpretation, policy int) bool { return add(b.Policies[policy], int32(interpretation)) })
}

// A text belongs to the page of a number.
type text struct {
	of   int
	text string
}

// within tells of whose short text may stand in whose long one, and of all
// where it does: then the run of its letters that fewest short texts have
// stands in the long one, too. Short texts have the letters of a run at least.
func within(short, long []text, found func(short, long int) bool) bool {
	often := make([]uint16, 1<<20) // by part of the hash; two that share it only look more frequent
	for _, t := range short {
		for h := range runsOf(t.text) {
			if n := &often[h%uint64(len(often))]; *n < 1<<16-1 {
				*n++
			}
		}
	}
	by := make(map[uint64][]int, len(short))
	for _, t := range short {
		rarest, least := uint64(0), 1<<16
		for h := range runsOf(t.text) {
			if n := int(often[h%uint64(len(often))]); n < least {
				rarest, least = h, n
			}
		}
		by[rarest] = append(by[rarest], t.of)
	}
	for _, t := range long {
		for h := range runsOf(t.text) {
			for _, of := range by[h] {
				if !found(of, t.of) {
					return false
				}
			}
		}
	}
	return true
}

// runsOf are hashes (FNV-1a) of each run of as many letters as a name has at
// least.
func runsOf(s string) func(yield func(uint64) bool) {
	return func(yield func(uint64) bool) {
		from, to := 0, 0
		for range shortest - 1 {
			_, n := utf8.DecodeRuneInString(s[to:])
			to += n
		}
		for to < len(s) {
			_, n := utf8.DecodeRuneInString(s[to:])
			to += n
			h := uint64(14695981039346656037)
			for i := from; i < to; i++ {
				h = (h ^ uint64(s[i])) * 1099511628211
			}
			if !yield(h) {
				return
			}
			_, n = utf8.DecodeRuneInString(s[from:])
			from += n
		}
	}
}
