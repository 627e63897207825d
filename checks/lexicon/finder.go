package lexicon

import (
	"math/bits"
	"strings"

	"github.com/coregx/ahocorasick"
)

// A Finder finds every occurrence of the patterns that it was made of,
// overlapping ones too, in any order. It may be used by several goroutines.
type Finder interface {
	Find(text string, found func(pattern, start, end int))
}

// least is how many bytes a pattern needs for the filter: two Han letters.
const least = 6

// A finder asks the automaton only about those stretches of a text that could
// hold a pattern. Nearly all of a text cannot: the first letters of each place
// are looked up in three small tables, and only where they are those of a
// pattern is the automaton run. The tables may say yes too often, never no too
// often, so nothing is missed; the fuzz target holds that against a plain search.
//
// The automaton is coregx's: of those tried with 20,000 patterns on one core it
// took 35 MB of text a second by itself (petar's NFA 15, its DFA 26, anknown's
// double array 81), its answers were right, it takes bytes and names patterns by
// number, and it is kept up. Behind the tables its own speed hardly counts: all
// together took 320 MB a second. It needs some 90 MB for 20,000 patterns, 5 MB
// for those that come along.
type finder struct {
	auto    *ahocorasick.Automaton
	ids     []int // automaton's number to ours
	longest int   // bytes

	first, whole, short table // first 6 bytes; first 8 of the longer patterns; 6 of the shorter

	tiny   []string // patterns below least, sought one by one: there are next to none
	tinyID []int
}

// A table is a set of hashes that may hold more than was put in.
type table struct {
	words []uint64
	shift uint
}

func newTable(n int) table {
	k := max(12, bits.Len(uint(n*64)))
	return table{make([]uint64, 1<<(k-6)), uint(64 - k)}
}

func (t *table) hash(x uint64) uint64 { return x * 0x9E3779B97F4A7C15 >> t.shift }
func (t *table) put(x uint64)         { h := t.hash(x); t.words[h>>6] |= 1 << (h & 63) }
func (t *table) has(x uint64) bool    { h := t.hash(x); return t.words[h>>6]>>(h&63)&1 != 0 }

// NewFinder makes a Finder of patterns; empty ones are never found, and of
// equal ones each is.
func NewFinder(patterns []string) (Finder, error) {
	f := &finder{first: newTable(len(patterns)), whole: newTable(len(patterns)), short: newTable(len(patterns))}
	b := ahocorasick.NewBuilder()
	for i, p := range patterns {
		switch {
		case p == "":
		case len(p) < least:
			f.tiny, f.tinyID = append(f.tiny, p), append(f.tinyID, i)
		default:
			b.AddPattern([]byte(p))
			f.ids = append(f.ids, i)
			f.longest = max(f.longest, len(p))
			f.learn(p)
		}
	}
	if len(f.ids) == 0 {
		return f, nil
	}
	auto, err := b.Build()
	f.auto = auto
	return f, err
}

func (f *finder) learn(p string) {
	x := tail(p)
	f.first.put(x & mask6)
	if len(p) >= 8 {
		f.whole.put(x)
	} else {
		f.short.put(x & mask6)
	}
}

const mask6 = 1<<48 - 1

// load is the first eight bytes of s as one number.
func load(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// tail is load of a string that may be shorter.
func tail(s string) uint64 {
	if len(s) >= 8 {
		return load(s)
	}
	var x uint64
	for i := len(s) - 1; i >= 0; i-- {
		x = x<<8 | uint64(s[i])
	}
	return x
}

// Find implements Finder.
func (f *finder) Find(text string, found func(pattern, start, end int)) {
	for i, p := range f.tiny {
		for at := 0; ; {
			k := strings.Index(text[at:], p)
			if k < 0 {
				break
			}
			found(f.tinyID[i], at+k, at+k+len(p))
			at += k + 1
		}
	}
	if f.auto != nil {
		f.scan(text, found)
	}
}

// scan runs the automaton over the stretches that may hold a pattern.
func (f *finder) scan(text string, found func(pattern, start, end int)) {
	from, to := 0, 0 // the stretch that is gathered
	for i := 0; i+least <= len(text); {
		var x uint64
		if i+8 <= len(text) {
			x = load(text[i:])
		} else {
			x = tail(text[i:])
		}
		if f.first.has(x&mask6) && (f.whole.has(x) || f.short.has(x&mask6)) {
			if i >= to {
				f.run(text, from, to, found)
				from = i
			}
			to = min(i+f.longest, len(text))
		}
		i += step(x)
	}
	f.run(text, from, to, found)
}

// step is how far the next letter is from one whose bytes are x. A broken
// letter is one step, so that what follows it is read.
func step(x uint64) int {
	if x&0xC0C0F0 == 0x8080E0 { // three bytes: nearly all of Chinese text
		return 3
	}
	return 1
}

func (f *finder) run(text string, from, to int, found func(pattern, start, end int)) {
	if from >= to {
		return
	}
	for _, m := range f.auto.FindAllOverlapping([]byte(text[from:to])) {
		found(f.ids[m.PatternID], from+m.Start, from+m.End)
	}
}
