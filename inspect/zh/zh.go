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
	i := odd(s)
	if i == len(s) {
		return s
	}
	var room [192]byte
	b, from, space := append(room[:0], s[:i]...), i, false
	if n := len(b); n > 0 && b[n-1] == ' ' { // the first of several blanks
		b, space = b[:n-1], true
	}
	for i < len(s) {
		n, as := Unusual(s[i:])
		if n == 0 {
			if space && len(b) > 0 {
				b = append(b, ' ')
			}
			space = false
			for from = i; i < len(s); i++ {
				if c := s[i]; c <= ' ' || c >= 0xC2 && suspect[c] {
					if k, _ := Unusual(s[i:]); k > 0 {
						break
					}
				}
			}
			b = append(b, s[from:i]...)
			continue
		}
		switch {
		case as == ' ':
			space = true
		case as != 0:
			if space && len(b) > 0 {
				b = append(b, ' ')
			}
			space = false
			b = append(b, as)
		}
		i += n
	}
	return string(b)
}

// suspect are the first bytes of the letters beyond ASCII that Unusual knows.
var suspect = [256]bool{0xC2: true, 0xE1: true, 0xE2: true, 0xE3: true, 0xEF: true}

// Unusual reads the letter that s begins with, where even text has another or
// none: n is its length, 0 for a usual one; as is what stands in its place, ' '
// for every kind of space, 0 for nothing.
func Unusual(s string) (n int, as byte) {
	c := s[0]
	if c <= ' ' {
		if c == ' ' || c >= '\t' && c <= '\r' {
			return 1, ' '
		}
		return 0, 0
	}
	if c < 0xC2 || !suspect[c] || len(s) < 2 {
		return 0, 0
	}
	d := s[1]
	if c == 0xC2 { // next line, no-break space
		if d == 0x85 || d == 0xA0 {
			return 2, ' '
		}
		return 0, 0
	}
	if len(s) < 3 {
		return 0, 0
	}
	e := s[2]
	switch c {
	case 0xEF:
		switch {
		case d == 0xBC && e >= 0x81 && e <= 0xBF: // U+FF01 to U+FF3F
			return 3, e - 0x60
		case d == 0xBD && e >= 0x80 && e <= 0x9E: // to U+FF5E
			return 3, e - 0x20
		case d == 0xBB && e == 0xBF: // byte order mark
			return 3, 0
		}
	case 0xE2:
		switch {
		case d == 0x80 && e >= 0x8B && e <= 0x8D: // zero width
			return 3, 0
		case d == 0x80 && (e >= 0x80 && e <= 0x8A || e == 0xA8 || e == 0xA9 || e == 0xAF), d == 0x81 && e == 0x9F:
			return 3, ' '
		}
	case 0xE3:
		if d == 0x80 && e == 0x80 { // ideographic space
			return 3, ' '
		}
	case 0xE1:
		if d == 0x9A && e == 0x80 {
			return 3, ' '
		}
	}
	return 0, 0
}

// odd is where s ceases to be its own folded form; its length if it never does.
func odd(s string) int {
	if s == "" {
		return 0
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c > ' ' && !suspect[c] {
			continue
		}
		if c == ' ' {
			if i == 0 || i+1 == len(s) || s[i+1] == ' ' {
				return i
			}
			continue
		}
		if n, _ := Unusual(s[i:]); n > 0 {
			return i
		}
	}
	return len(s)
}

// Compact is Fold without any blank: for titles that were wrapped or padded.
func Compact(s string) string {
	s = Fold(s)
	if strings.IndexByte(s, ' ') < 0 {
		return s
	}
	return strings.ReplaceAll(s, " ", "")
}

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
	if len(s) <= n {
		return s
	}
	i := 0
	for at := range s {
		if i == n {
			return s[:at] + "…"
		}
		i++
	}
	return s
}
