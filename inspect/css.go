package inspect

import "strings"

// CSSURLs yields the addresses that a style sheet refers to, by url() and by
// @import, comments left out. Data URLs are left out too.
func CSSURLs(s string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for s != "" {
			var u string
			var ok bool
			switch {
			case strings.HasPrefix(s, "/*"):
				if _, s, ok = strings.Cut(s[2:], "*/"); !ok {
					return
				}
				continue
			case hasURL(s):
				u, s, ok = cssToken(strings.TrimLeft(s[4:], cssBlanks))
			case s[0] == '@' && len(s) > 7 && strings.EqualFold(s[:7], "@import"):
				s = strings.TrimLeft(s[7:], cssBlanks)
				if s == "" || s[0] != '"' && s[0] != '\'' {
					continue // url() or nothing
				}
				u, s, ok = cssToken(s)
			default:
				s = s[cssSkip(s):]
				continue
			}
			if !ok {
				return
			}
			if u != "" && u[0] != '#' && !isData(u) && !yield(u) {
				return
			}
		}
	}
}

const cssBlanks = " \t\n\r\f"

// cssSkip is how far the next place lies where an address or a comment may begin.
func cssSkip(s string) int {
	if i := strings.IndexAny(s[1:], "/uU@"); i >= 0 {
		return i + 1
	}
	return len(s)
}

func hasURL(s string) bool { return len(s) > 4 && s[3] == '(' && strings.EqualFold(s[:4], "url(") }

// containsURL reports whether a style may refer to a file.
func containsURL(s string) bool {
	for i := strings.IndexByte(s, '('); i >= 0; {
		if i >= 3 && strings.EqualFold(s[i-3:i], "url") {
			return true
		}
		j := strings.IndexByte(s[i+1:], '(')
		if j < 0 {
			return false
		}
		i += 1 + j
	}
	return false
}

func isData(u string) bool { return len(u) >= 5 && strings.EqualFold(u[:5], "data:") }

func cssToken(s string) (u, rest string, ok bool) {
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		u, rest, ok = strings.Cut(s[1:], s[:1])
		return strings.TrimSpace(u), rest, ok
	}
	u, rest, ok = strings.Cut(s, ")")
	return strings.TrimSpace(u), rest, ok
}
