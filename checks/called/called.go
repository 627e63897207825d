// Package called tells what the links of a page are called, once for all
// checks that ask for entrances by their names.
package called

import (
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
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
				out[i] = zh.Compact(l.Text())
			}
		}
		return out
	})
}
