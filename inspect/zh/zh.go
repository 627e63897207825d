// Package zh reads what Chinese pages print: dates, document numbers, widths.
//
// It stands beside the vocabulary and not among the checks, since pages
// themselves are read with it; it imports nothing but the standard library.
package zh

import (
	"strings"
	"unicode"
)

// Fold makes text comparable: full-width forms become half-width, every kind
// of space becomes one blank, and the ends are trimmed.
func Fold(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case r >= 0xFF01 && r <= 0xFF5E:
			r -= 0xFEE0
		case r == 0x200B || r == 0xFEFF || r == 0x200C || r == 0x200D:
			continue // zero width
		case unicode.IsSpace(r) || r == 0x3000:
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// plain reports whether s is its own folded form, which most text is.
func plain(s string) bool {
	prev := byte(' ')
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == 0xEF || c == 0xE2 || c == 0xC2 || c == 0xE3 && i+2 < len(s) && s[i+1] == 0x80 && s[i+2] == 0x80:
			return false // may be full width, zero width, nbsp or the ideographic space
		case c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f':
			return false
		case c == ' ' && prev == ' ':
			return false
		}
		prev = c
	}
	return prev != ' ' || s == ""
}

// Compact is Fold without any blank: for titles that were wrapped or padded.
func Compact(s string) string { return strings.ReplaceAll(Fold(s), " ", "") }

// Han counts the Han letters of s, and all its letters.
func Han(s string) (han, letters int) {
	for _, r := range s {
		switch {
		case r >= 0x4E00 && r <= 0x9FFF || r >= 0x3400 && r <= 0x4DBF || r >= 0x20000 && r <= 0x2FFFF:
			han++
			letters++
		case r < 0x80:
			if r|0x20 >= 'a' && r|0x20 <= 'z' {
				letters++
			}
		case unicode.IsLetter(r):
			letters++
		}
	}
	return han, letters
}

// Truncate cuts s to n runes, with … where something was cut.
func Truncate(s string, n int) string {
	i := 0
	for at := range s {
		if i == n {
			return s[:at] + "…"
		}
		i++
	}
	return s
}
