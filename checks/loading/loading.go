// Package loading tells whether a page's own scripts load content from
// elsewhere, so that what is not on the page may still be shown to visitors.
package loading

import (
	"strings"

	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html/atom"
)

type memo struct{}

// signs are how scripts ask for content.
var signs = []string{"$.ajax", "jQuery.ajax", ".getJSON", "XMLHttpRequest", "fetch(", "axios", ".load(", "$.post", "$.get(", "new Vue", "createApp", "createRoot", "ReactDOM"}

// By names the first sign that content is loaded from elsewhere; "" if there
// is none.
func By(p *inspect.Page) string {
	return inspect.Memo(p, memo{}, func() string {
		for _, n := range p.Elements(atom.Script) {
			if n.FirstChild == nil {
				continue
			}
			for _, s := range signs {
				if strings.Contains(n.FirstChild.Data, s) {
					return s
				}
			}
		}
		for _, n := range p.Texts() {
			for _, s := range []string{"{{", "正在加载", "加载中", "<%"} {
				if strings.Contains(n.Data, s) {
					return s
				}
			}
		}
		return ""
	})
}
