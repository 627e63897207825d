// Package sketch tells how alike two texts are without keeping them: a text
// becomes the smallest hashes of its runs of letters.
package sketch

import (
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
		if r >= 0x4E00 && r <= 0x9FA5 || unicode.IsLetter(r) || unicode.IsDigit(r) {
			letters = append(letters, r)
		}
	}
	s := Sketch{Letters: len(letters)}
	if len(letters) < 2*run {
		return s
	}
	least := make([]uint64, 0, size) // sorted
	for i := 0; i+run <= len(letters); i++ {
		h := mix(hash(letters[i : i+run]))
		if len(least) == size && h >= least[size-1] {
			continue
		}
		at, found := slices.BinarySearch(least, h)
		if found {
			continue
		}
		if len(least) == size {
			least = least[:size-1]
		}
		least = slices.Insert(least, at, h)
	}
	s.Hashes = slices.Clip(least)
	return s
}

// FNV-1a of 64 bits.
const offset, prime = 14695981039346656037, 1099511628211

// The powers of prime, by which zero bytes are taken at once.
const (
	prime2 = prime * prime % (1 << 64)
	prime3 = prime2 * prime % (1 << 64)
)

// hash is the FNV-1a of letters, each of four bytes, the lowest first. The
// fourth byte is zero, and so is the third of all letters but rare ones.
func hash(letters []rune) uint64 {
	h := uint64(offset)
	for _, r := range letters {
		h = ((h^uint64(byte(r)))*prime ^ uint64(byte(r>>8)))
		if r < 1<<16 {
			h *= prime3
			continue
		}
		h = (h*prime ^ uint64(byte(r>>16))) * prime2
	}
	return h
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
