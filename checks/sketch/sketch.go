// Package sketch tells how alike two texts are without keeping them: a text
// becomes the smallest hashes of its runs of letters.
package sketch

import (
	"hash/fnv"
	"slices"
	"unicode"
)

const (
	run  = 8  // letters a run
	size = 96 // hashes kept
)

// A Sketch stands for a text. Texts of less than two runs have none.
type Sketch struct {
	Letters int      // of the whole text
	Hashes  []uint64 // the smallest, sorted
}

// Of is the sketch of a text; blanks and marks do not count.
func Of(text string) Sketch {
	letters := make([]rune, 0, len(text)/3)
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			letters = append(letters, r)
		}
	}
	s := Sketch{Letters: len(letters)}
	if len(letters) < 2*run {
		return s
	}
	all := make([]uint64, 0, len(letters))
	var b [4 * run]byte
	for i := 0; i+run <= len(letters); i++ {
		for j, r := range letters[i : i+run] {
			b[4*j], b[4*j+1], b[4*j+2], b[4*j+3] = byte(r), byte(r>>8), byte(r>>16), byte(r>>24)
		}
		h := fnv.New64a()
		h.Write(b[:])
		all = append(all, mix(h.Sum64()))
	}
	slices.Sort(all)
	all = slices.Compact(all)
	s.Hashes = slices.Clone(all[:min(len(all), size)])
	return s
}

// mix spreads a hash, so that its smallest values are a fair sample.
func mix(x uint64) uint64 {
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// Within is the share of s's runs that t holds too, as far as both sketches
// can tell: 0 to 1. ok is false when a text is too short to tell.
func (s Sketch) Within(t Sketch) (share float64, ok bool) {
	if len(s.Hashes) < 8 || len(t.Hashes) < 8 {
		return 0, false
	}
	// Beyond the largest hash that a full sketch keeps, nothing is known of it.
	last := ^uint64(0)
	for _, x := range []Sketch{s, t} {
		if len(x.Hashes) == size {
			last = min(last, x.Hashes[size-1])
		}
	}
	n, same := 0, 0
	for _, h := range s.Hashes {
		if h > last {
			break
		}
		n++
		if _, found := slices.BinarySearch(t.Hashes, h); found {
			same++
		}
	}
	if n < 8 {
		return 0, false
	}
	return float64(same) / float64(n), true
}
