// Package called tells what the links of a page are called, once for all
// checks that ask for entrances by their names.
package called

import (
	"strings"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
)

type memo struct{}

// Names are the names of the page's links, folded and blanks out, in the order
// of [inspect.Page.Links]. Only those that a visitor follows or downloads have
// one. A name may lie in the page's own memory: what keeps one clones it.
func Names(p *inspect.Page) []string {
	return inspect.Memo(p, memo{}, func() []string {
		links := p.Links()
		out := make([]string, len(links))
		for i := range links {
			if l := &links[i]; l.Follows() || l.Kind == inspect.Attachment {
				out[i] = name(l)
			}
		}
		return out
	})
}

// name is zh.Compact(l.Text()). Of most links that is the one text in it as it
// stands.
func name(l *inspect.Link) string {
	if l.Node != nil {
		if c := l.Node.FirstChild; c != nil && c.NextSibling == nil && c.Type == html.TextNode && solid(c.Data) {
			return zh.Truncate(c.Data, 60)
		}
	}
	return zh.Compact(l.Text())
}

// solid reports whether a text has no blank of any kind in it and nothing that
// folding changes: all that is either is ASCII or begins with one of these bytes.
func solid(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c <= ' ', c == 0x7F, c == 0xC2, c == 0xE1, c == 0xE2, c == 0xEF:
			return false
		case c == 0xE3 && strings.HasPrefix(s[i:], "\u3000"):
			return false
		}
	}
	return s != ""
}
