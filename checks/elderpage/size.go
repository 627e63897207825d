package elderpage

import (
	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// size judges the running text: by the browser where it showed the page, else
// by what the page's own styles say.
func (v *version) size() {
	large, small, unknown := 0, 0, 0
	how := "按页面自身的样式"
	if v.shown != nil && v.shown.Problem == "" && len(v.shown.Sizes) > 0 {
		how = "浏览器测得"
		for px, n := range v.shown.Sizes {
			if float64(px) >= v.Size {
				large += n
			} else {
				small += n
			}
		}
	} else {
		large, small, unknown = v.styled()
	}
	switch {
	case v.untold["EL-4"], large > small+unknown:
	case small > large+unknown:
		v.doubt("EL-4", "%s，正文多数文字小于 %g px", how, v.Size)
	case unknown > 0:
		v.cannot("EL-4", "字号由未读取的样式表决定"+v.browser())
	default:
		v.cannot("EL-4", "大小两种文字一样多，或没有正文文字"+v.browser())
	}
}

// styled counts the letters of running text as far as the page's own styles
// decide their size.
func (v *version) styled() (large, small, unknown int) {
	tree, err := accname.For(v.seen)
	if err != nil {
		return 0, 0, 0
	}
	for i := range tree.Elements {
		e := &tree.Elements[i]
		if e.Unseen() || e.Within(atom.A, atom.Button, atom.Select, atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Head, atom.Header, atom.Footer,
			atom.Nav, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6) != nil {
			continue
		}
		n := 0
		for c := e.Node.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.TextNode {
				n += len([]rune(zh.Compact(c.Data)))
			}
		}
		if n == 0 {
			continue
		}
		switch px, ok := tree.FontSize(e); {
		case !ok:
			unknown += n
		case px >= v.Size:
			large += n
		default:
			small += n
		}
	}
	return large, small, unknown
}
