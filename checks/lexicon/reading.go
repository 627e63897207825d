package lexicon

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/xunjian/xunjian/checks/prose"
	"github.com/xunjian/xunjian/inspect"
)

// A Hit is a word that was found where nothing excuses it.
type Hit struct {
	Start, End int // in the text's All
	Entry      *Entry
}

// A match is one occurrence; entry is nil where a wording is fine.
type match struct {
	start, end int
	entry      *Entry
}

// A target is what an occurrence of a pattern means to one check.
type target struct {
	check string
	entry *Entry
}

// A matcher is a Finder with what its patterns mean.
type matcher struct {
	finder  Finder
	targets [][]target
}

// newMatcher makes one of packs by check.
func newMatcher(packs map[string][]*Pack) (*matcher, error) {
	m := &matcher{}
	number := map[string]int{}
	var patterns []string
	add := func(word string, t target) {
		i, ok := number[word]
		if !ok {
			i = len(patterns)
			number[word] = i
			patterns = append(patterns, word)
			m.targets = append(m.targets, nil)
		}
		m.targets[i] = append(m.targets[i], t)
	}
	checks := make([]string, 0, len(packs))
	for c := range packs {
		checks = append(checks, c)
	}
	slices.Sort(checks)
	for _, c := range checks {
		for _, p := range packs[c] {
			for i := range p.Entries {
				add(p.Entries[i].Wrong, target{c, &p.Entries[i]})
			}
			for _, w := range p.Fine {
				add(w, target{c, nil})
			}
		}
	}
	f, err := NewFinder(patterns)
	m.finder = f
	return m, err
}

// into files the occurrences in a text by check.
func (m *matcher) into(out map[string][]match, text string) {
	m.finder.Find(text, func(p, start, end int) {
		for _, t := range m.targets[p] {
			out[t.check] = append(out[t.check], match{start, end, t.entry})
		}
	})
}

// base is the matcher of all embedded packs.
var base = sync.OnceValue(func() *matcher {
	packs := maps.Clone(Packs())
	packs["typo"] = append(slices.Clone(packs["typo"]), told(packs["misstatement"]))
	m, err := newMatcher(packs)
	if err != nil {
		panic(err)
	}
	return m
})

// told makes the wordings of the graver check fine to the other: one fact is
// told once.
func told(packs []*Pack) *Pack {
	p := new(Pack)
	for _, k := range packs {
		for i := range k.Entries {
			p.Fine = append(p.Fine, k.Entries[i].Wrong)
		}
	}
	return p
}

// A Reading is a text in which the words of all embedded packs were sought.
type Reading struct {
	Text  *prose.Text
	found map[string][]match
}

// Read seeks the words of all embedded packs in a text, in one pass.
func Read(t *prose.Text) *Reading {
	r := &Reading{Text: t, found: map[string][]match{}}
	base().into(r.found, t.All)
	return r
}

type memoKey struct{}

// Of is the reading of a page or an attachment, made once for all checks.
func Of(p *inspect.Page) *Reading {
	return inspect.Memo(p, memoKey{}, func() *Reading { return Read(prose.Of(p)) })
}

// A Lexicon is what one check seeks: the embedded packs for it, and local ones.
type Lexicon struct {
	check string
	local *matcher
}

// New makes the lexicon of a check with local packs laid over the embedded
// ones. Local words take a pass of their own; without them there is none.
func New(check string, local []Pack) (*Lexicon, error) {
	l := &Lexicon{check: check}
	if len(local) == 0 {
		return l, nil
	}
	packs := make([]*Pack, len(local))
	for i := range local {
		packs[i] = &local[i]
		if err := packs[i].prepare(); err != nil {
			return nil, err
		}
	}
	m, err := newMatcher(map[string][]*Pack{check: packs})
	if err != nil {
		return nil, fmt.Errorf("local packs: %w", err)
	}
	l.local = m
	return l, nil
}

// Hits are the words of the check that nothing excuses, in the order of the text.
func (l *Lexicon) Hits(r *Reading) []Hit {
	found := r.found[l.check]
	if l.local != nil {
		more := map[string][]match{l.check: slices.Clip(found)}
		l.local.into(more, r.Text.All)
		found = more[l.check]
	}
	var out []Hit
	for _, m := range longest(found) {
		if m.entry == nil {
			continue
		}
		if h := (Hit{m.start, m.end, m.entry}); !excused(r.Text, h) {
			out = append(out, h)
		}
	}
	return out
}

// longest leaves of occurrences that overlap the longest, then the first; of
// equal ones a fine wording, then the one that came last, so that a local pack
// replaces an embedded entry.
func longest(ms []match) []match {
	if len(ms) < 2 {
		return ms
	}
	ms = slices.Clone(ms) // a reading is shared
	slices.Reverse(ms)
	slices.SortStableFunc(ms, func(a, b match) int { return cmp.Compare(a.start, b.start) })
	var out []match
	for len(ms) > 0 {
		end, n := ms[0].end, 1
		for n < len(ms) && ms[n].start < end { // those that overlap by way of others
			end = max(end, ms[n].end)
			n++
		}
		out = append(out, settle(ms[:n:n], end-ms[0].start)...)
		ms = ms[n:]
	}
	return out
}

// settle chooses among occurrences that hang together over a span of bytes.
func settle(ms []match, span int) []match {
	if len(ms) == 1 {
		return ms
	}
	first := ms[0].start
	byLength := slices.Clone(ms)
	slices.SortStableFunc(byLength, func(a, b match) int {
		return cmp.Or(cmp.Compare(b.end-b.start, a.end-a.start), cmp.Compare(a.start, b.start), fineFirst(a, b))
	})
	taken := make([]bool, span)
	var out []match
	for _, m := range byLength {
		// A taken one is at least as long, so it covers an end of this one if
		// it touches it at all.
		if taken[m.start-first] || taken[m.end-first-1] {
			continue
		}
		for i := m.start; i < m.end; i++ {
			taken[i-first] = true
		}
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b match) int { return cmp.Compare(a.start, b.start) })
	return out
}

func fineFirst(a, b match) int {
	switch {
	case a.entry == nil && b.entry != nil:
		return -1
	case a.entry != nil && b.entry == nil:
		return 1
	}
	return 0
}
