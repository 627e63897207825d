package inspect

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// A pointing finds the elements that a browser's engine names. Its selectors
// are of few forms, names, ids, classes, attributes and :nth-child, and there
// are thousands on a bad page: each is looked up among the elements of its
// last part, with places among siblings counted once. What is of another form
// names nothing here.
type pointing struct {
	byName, byID map[string][]*html.Node
	nth          map[*html.Node]int // from 1
}

func newPointing(root *html.Node) *pointing {
	p := &pointing{map[string][]*html.Node{}, map[string][]*html.Node{}, map[*html.Node]int{}}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		p.byName[n.Data] = append(p.byName[n.Data], n)
		p.byName["*"] = append(p.byName["*"], n)
		if id := Attr(n, "id"); id != "" {
			p.byID[id] = append(p.byID[id], n)
		}
		p.nth[n] = 1
		for s := n.PrevSibling; s != nil; s = s.PrevSibling {
			if s.Type == html.ElementNode {
				p.nth[n] = p.nth[s] + 1
				break
			}
		}
	}
	return p
}

// find is the one element that a selector names; nil: none, or several.
func (p *pointing) find(selector string) (found *html.Node) {
	parts, ok := parseSelector(selector)
	if !ok {
		return nil
	}
	last := &parts[len(parts)-1]
	among := p.byName[last.name]
	if last.id != "" {
		among = p.byID[last.id]
	}
	for _, n := range among {
		if p.matches(n, parts) {
			if found != nil {
				return nil
			}
			found = n
		}
	}
	return found
}

// matches reports whether n is named by the last of the parts and its
// ancestors by the others.
func (p *pointing) matches(n *html.Node, parts []compound) bool {
	last := len(parts) - 1
	if !p.holds(n, &parts[last]) {
		return false
	}
	if last == 0 {
		return true
	}
	for up := n.Parent; up != nil && up.Type == html.ElementNode; up = up.Parent {
		if p.matches(up, parts[:last]) {
			return true
		}
		if parts[last].child {
			return false
		}
	}
	return false
}

func (p *pointing) holds(n *html.Node, c *compound) bool {
	if c.name != "*" && c.name != n.Data || c.nth > 0 && c.nth != p.nth[n] || c.id != "" && c.id != Attr(n, "id") {
		return false
	}
	for _, class := range c.classes {
		if !hasWord(Attr(n, "class"), class) {
			return false
		}
	}
	for _, a := range c.attrs {
		v, ok := LookupAttr(n, a.key)
		if !ok || a.op == '=' && v != a.value || a.op == '$' && (a.value == "" || !strings.HasSuffix(v, a.value)) {
			return false
		}
	}
	return true
}

func hasWord(s, word string) bool {
	for w := range strings.FieldsSeq(s) {
		if w == word {
			return true
		}
	}
	return false
}

// A compound is a part of a selector that speaks of one element.
type compound struct {
	name, id string
	classes  []string
	attrs    []attrTest
	nth      int
	child    bool // of the part before, not any descendant
}

type attrTest struct {
	key   string
	op    byte // 0: is there; =; $ ends in
	value string
}

// What one selector may cost: each gap between an element and an ancestor that
// is no child is tried at every height.
const maxParts, maxGaps = 30, 2

func parseSelector(s string) (parts []compound, ok bool) {
	child, gaps := false, -1 // the first part has no gap before it
	for s = strings.TrimSpace(s); s != ""; {
		c := compound{child: child}
		if !child {
			gaps++
		}
		if s, ok = c.parse(s); !ok || len(parts) >= maxParts || gaps > maxGaps {
			return nil, false
		}
		parts = append(parts, c)
		s = strings.TrimLeft(s, " ")
		if child = strings.HasPrefix(s, ">"); child {
			s = strings.TrimLeft(s[1:], " ")
			if s == "" {
				return nil, false
			}
		}
	}
	return parts, len(parts) > 0
}

// parse takes one part off a selector.
func (c *compound) parse(s string) (rest string, ok bool) {
	begin := s
	if c.name, s = cssIdent(s); c.name == "" {
		c.name, s = "*", strings.TrimPrefix(s, "*")
	}
	for s != "" && s[0] != ' ' && s[0] != '>' {
		var v string
		switch {
		case s[0] == '#':
			if c.id, s = cssIdent(s[1:]); c.id == "" {
				return "", false
			}
		case s[0] == '.':
			if v, s = cssIdent(s[1:]); v == "" {
				return "", false
			}
			c.classes = append(c.classes, v)
		case s[0] == '[':
			var a attrTest
			if a, s, ok = cssAttr(s[1:]); !ok {
				return "", false
			}
			c.attrs = append(c.attrs, a)
		case strings.HasPrefix(s, ":nth-child("):
			if v, s, ok = strings.Cut(s[len(":nth-child("):], ")"); !ok {
				return "", false
			}
			n, err := strconv.Atoi(v)
			if err != nil || n < 1 {
				return "", false
			}
			c.nth = n
		default:
			return "", false
		}
	}
	return s, len(s) < len(begin)
}

// cssIdent takes a name off, with its escapes undone.
func cssIdent(s string) (name, rest string) {
	var b strings.Builder
	for s != "" {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == '\\':
			var c string
			c, s = cssEscape(s[1:])
			b.WriteString(c)
			continue
		case r == '-' || r == '_' || r >= 0x80 || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
			b.WriteRune(r)
		default:
			return b.String(), s
		}
		s = s[size:]
	}
	return b.String(), ""
}

// cssEscape is what stands after a backslash: a number in hexadecimal with a
// blank after it, or the letter itself.
func cssEscape(s string) (c, rest string) {
	n := 0
	for n < len(s) && n < 6 && strings.IndexByte("0123456789abcdefABCDEF", s[n]) >= 0 {
		n++
	}
	if n == 0 {
		_, size := utf8.DecodeRuneInString(s)
		return s[:size], s[size:]
	}
	r, _ := strconv.ParseUint(s[:n], 16, 32) // six digits always hold
	return string(rune(r)), strings.TrimPrefix(s[n:], " ")
}

// cssAttr takes the test of an attribute off, after its bracket.
func cssAttr(s string) (a attrTest, rest string, ok bool) {
	if a.key, s = cssIdent(s); a.key == "" {
		return a, "", false
	}
	if rest, ok = strings.CutPrefix(s, "]"); ok {
		return a, rest, true
	}
	switch {
	case strings.HasPrefix(s, "=\""):
		a.op, s = '=', s[2:]
	case strings.HasPrefix(s, "$=\""):
		a.op, s = '$', s[3:]
	default:
		return a, "", false
	}
	var b strings.Builder
	for s != "" && s[0] != '"' {
		if s[0] == '\\' {
			var c string
			c, s = cssEscape(s[1:])
			b.WriteString(c)
			continue
		}
		b.WriteByte(s[0])
		s = s[1:]
	}
	a.value = b.String()
	rest, ok = strings.CutPrefix(s, "\"]")
	return a, rest, ok
}
