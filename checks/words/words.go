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
	some [256]bool     // hashes of second and third bytes
	at   [256][]string // words by that hash
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
		s.some[h] = true
		s.at[h] = append(s.at[h], w)
	}
	return s
}

// hash parts Chinese letters: six bits of each of these bytes tell them apart.
func hash(a, b byte) byte { return a<<3 ^ b }

// inner reports whether two bytes stand inside a letter, so that no word
// begins there.
func inner(a, b byte) bool { return a&b&0xC0 == 0x80 && (a|b)&0x40 == 0 }

// In reports whether a text holds one of the words.
func (s *Set) In(text string) bool {
	for i := 0; i+2 < len(text); i++ {
		if !s.lead[text[i]] {
			continue
		}
		a, b := text[i+1], text[i+2]
		if h := hash(a, b); s.some[h] {
			for _, w := range s.at[h] {
				if strings.HasPrefix(text[i:], w) {
					return true
				}
			}
		}
		if inner(a, b) {
			i += 2
		}
	}
	return false
}

// InBytes is In for a body, much of which is ASCII.
func (s *Set) InBytes(text []byte) bool {
	for i := 0; i+2 < len(text); i++ {
		c, a, b := text[i], text[i+1], text[i+2]
		if s.han && c < 0x80 {
			for len(text)-i > 8 && binary.LittleEndian.Uint64(text[i+1:])&0x8080808080808080 == 0 {
				i += 8
			}
			continue
		}
		if h := hash(a, b); s.some[h] && s.lead[c] {
			for _, w := range s.at[h] {
				if len(text)-i >= len(w) && string(text[i:i+len(w)]) == w {
					return true
				}
			}
		}
		if inner(a, b) {
			i += 2
		}
	}
	return false
}
