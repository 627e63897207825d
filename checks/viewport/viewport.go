// Package viewport reads meta viewport, for checks that ask whether a page can
// be enlarged.
package viewport

import (
	"strconv"
	"strings"

	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Fixed is the page's last meta viewport, nil if there is none, and why the
// page cannot be enlarged to twice its size by it, "" if it can.
func Fixed(p *inspect.Page) (at *html.Node, why string) {
	var last string
	for _, n := range p.Elements(atom.Meta) {
		if strings.EqualFold(strings.TrimSpace(inspect.Attr(n, "name")), "viewport") {
			if v, ok := inspect.LookupAttr(n, "content"); ok {
				last, at = v, n
			}
		}
	}
	if at == nil {
		return nil, ""
	}
	return at, fixed(properties(last))
}

// properties reads the content as browsers do: blanks, commas and semicolons
// part the pairs, and the last of a name counts.
func properties(content string) map[string]string {
	out := map[string]string{}
	s := strings.ToLower(content)
	for s != "" {
		s = strings.TrimLeft(s, " \t\r\n\f,;=")
		i := strings.IndexAny(s, " \t\r\n\f,;=")
		if i < 0 {
			break
		}
		name := s[:i]
		s = strings.TrimLeft(s[i:], " \t\r\n\f")
		if !strings.HasPrefix(s, "=") {
			continue
		}
		s = strings.TrimLeft(s, " \t\r\n\f=")
		if i = strings.IndexAny(s, " \t\r\n\f,;="); i < 0 {
			i = len(s)
		}
		out[name] = s[:i]
		s = s[i:]
	}
	return out
}

// fixed says why the page cannot be enlarged to twice its size, "" if it can.
func fixed(v map[string]string) string {
	if s, ok := v["user-scalable"]; ok && !scalable(s) {
		return "user-scalable=" + s
	}
	if s, ok := v["maximum-scale"]; ok {
		if k, known := scale(s); known && k < 2 {
			return "maximum-scale=" + s
		}
	}
	return ""
}

func scalable(s string) bool {
	switch s {
	case "yes", "device-width", "device-height":
		return true
	}
	k, ok := number(s)
	return ok && (k >= 1 || k <= -1)
}

// scale is the largest scale; a negative one is as if it were not there.
func scale(s string) (float64, bool) {
	switch s {
	case "yes":
		return 1, true
	case "device-width", "device-height":
		return 10, true
	}
	k, ok := number(s)
	if !ok {
		return 0.1, true
	}
	return k, k >= 0
}

// number is the number that a text begins with.
func number(s string) (float64, bool) {
	for end := len(s); end > 0; end-- {
		if k, err := strconv.ParseFloat(s[:end], 64); err == nil && !strings.ContainsAny(s[:end], "xnip_") {
			return k, true
		}
	}
	return 0, false
}
