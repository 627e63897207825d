// Package words asks a text for any of several words in one pass. A check asks
// a hundred links of a page for twenty words each; one search after another
// reads each link twenty times.
package words

import (
	"encoding/binary"
	"strings"
)

// A Set is words that a text may hold; it is not changed once it is made.
type Set struct {
	lead [256]bool     // first bytes of words
	at   [256][]string // by the hash of their second and third bytes
	han  bool          // no word begins with an ASCII letter
}

// Of is the set of some words of three bytes or more, as one Chinese letter has.
func Of(words ...string) *Set {
	s := &Set{han: true}
	for _, w := range words {
		if len(w) < 3 {
			panic("word too short: " + w)
		}
		s.lead[w[0]] = true
		s.han = s.han && w[0] >= 0x80
		h := hash(w[1], w[2])
		s.at[h] = append(s.at[h], w)
	}
	return s
}

// hash parts Chinese letters: six bits of each of these bytes tell them apart.
func hash(a, b byte) byte { return a<<3 ^ b }

// In reports whether a text holds one of the words.
func (s *Set) In(text string) bool {
	for i := 0; i+2 < len(text); i++ {
		if !s.lead[text[i]] {
			continue
		}
		for _, w := range s.at[hash(text[i+1], text[i+2])] {
			if strings.HasPrefix(text[i:], w) {
				return true
			}
		}
	}
	return false
}

// InBytes is In for a body, most of which is ASCII.
func (s *Set) InBytes(text []byte) bool {
	for i := 0; i+2 < len(text); i++ {
		if !s.lead[text[i]] {
			for s.han && text[i] < 0x80 && len(text)-i > 8 && binary.LittleEndian.Uint64(text[i+1:])&0x8080808080808080 == 0 {
				i += 8
			}
			continue
		}
		for _, w := range s.at[hash(text[i+1], text[i+2])] {
			if len(text)-i >= len(w) && string(text[i:i+len(w)]) == w {
				return true
			}
		}
	}
	return false
}
