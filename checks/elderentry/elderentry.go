// Package elderentry is the check elder-entry: the entry to a version for the
// old or the disabled on the home page.
package elderentry

import (
	"context"
	_ "embed"
	"strings"
	"sync"

	"github.com/xunjian/xunjian/checks/rulepage"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

type options struct {
	// Words are what entries are called.
	Words []string `yaml:"words"`
	// Signs are pieces of addresses, ids and handlers by which tool bars are known.
	Signs []string `yaml:"signs"`
}

// Check is the check elder-entry.
var Check = inspect.NewCheck("elder-entry", rule, inspect.PerPage, options{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, o options) error {
	if !p.Page.Home {
		p.Due(0)
		return nil
	}
	s := o.look(p.Page)
	f := inspect.Finding{Locus: "entry", Template: true}
	switch {
	case s.wired && s.keyboard:
		return nil
	case s.wired:
		f.Outcome, f.Class, f.Message = inspect.Review, "keyboard", "适老或无障碍入口“"+s.word+"”不是链接或按钮，键盘可能无法到达，请人工确认"
	case s.word != "" && s.tool:
		return nil // the words, and a tool whose script takes the click
	case s.word != "":
		f.Outcome, f.Class, f.Message = inspect.Review, "claimed", "页面上有“"+s.word+"”入口，但没有链接地址，也没有看到相应工具，能否使用请人工确认"
	case s.tool:
		return nil // the tool bar writes its own entry
	case s.scripts:
		f.Outcome, f.Class, f.Message = inspect.Review, "absent", "首页源代码中没有看到适老或无障碍版本入口，可能由脚本写入，请人工确认"
	default:
		f.Class, f.Message = "absent", "首页没有适老或无障碍版本入口"
	}
	p.Report(f)
	return nil
}

// Link is the address of the link on a home page that is named as an entry and
// leads somewhere; tool says that a known tool bar is there. Both are empty
// for decoys and dead claims.
func Link(p *inspect.Page) (address string, tool bool) {
	s := defaults().look(p)
	if s.href == nil {
		return "", s.tool
	}
	u, scheme := inspect.NewBase(p.Landed()).Resolve(strings.TrimSpace(inspect.Attr(s.href, "href")))
	if scheme != inspect.HTTP || inspect.SamePage(u, p.URL) {
		return "", s.tool
	}
	return u, s.tool
}

// defaults are the options of the rule page, for who sees none.
var defaults = sync.OnceValue(func() (o options) {
	page, err := rulepage.Parse(rule)
	if err == nil {
		err = page.Decoder(nil)(&o)
	}
	if err != nil {
		panic(err) // the rule page is embedded and tested
	}
	return o
})

// A sight is what a home page shows of an entry.
type sight struct {
	word     string // that names it
	wired    bool   // it leads somewhere, or a handler takes the click
	keyboard bool   // and a keyboard reaches it
	tool     bool   // the script or marks of a known tool bar
	scripts  bool   // script files of the site's own that may write one

	href *html.Node // a link that is named so and is not dead
}

func (o options) look(p *inspect.Page) (s sight) {
	p.Each(func(n *html.Node) {
		if n.DataAtom == atom.Script {
			src := inspect.Attr(n, "src")
			s.scripts = s.scripts || src != ""
			s.tool = s.tool || o.sign(src) || n.FirstChild != nil && o.sign(n.FirstChild.Data)
			return
		}
		marks := inspect.Attr(n, "id") + " " + inspect.Attr(n, "class") + " " + inspect.Attr(n, "onclick") + " " + inspect.Attr(n, "href")
		s.tool = s.tool || o.sign(marks)
		o.entry(n, &s)
	})
	return s
}

func (o options) sign(s string) bool {
	if s == "" {
		return false
	}
	for _, x := range o.Signs {
		if strings.Contains(s, x) {
			return true
		}
	}
	return false
}

// entry takes an element that is named as an entry: the best of them counts.
func (o options) entry(n *html.Node, s *sight) {
	switch n.DataAtom {
	case atom.A, atom.Button, atom.Area, atom.Input, atom.Img, atom.Div, atom.Span, atom.Li, atom.P, atom.Em, atom.I:
	default:
		return
	}
	onclick := inspect.Attr(n, "onclick")
	name := inspect.Attr(n, "title") + " " + inspect.Attr(n, "alt") + " " + inspect.Attr(n, "aria-label")
	switch n.DataAtom {
	case atom.A, atom.Button:
		name += " " + inspect.TextOf(n)
		for c := range n.Descendants() {
			if c.DataAtom == atom.Img {
				name += " " + inspect.Attr(c, "alt") + " " + inspect.Attr(c, "title")
			}
		}
	case atom.Input:
		name += " " + inspect.Attr(n, "value")
	default:
		if onclick != "" {
			name += " " + inspect.TextOf(n)
		}
	}
	word := o.named(name)
	if word == "" {
		return
	}
	n = carrier(n)
	onclick = inspect.Attr(n, "onclick")
	href, linked := inspect.LookupAttr(n, "href")
	href = strings.TrimSpace(href)
	dead := !linked || href == "" || strings.HasPrefix(href, "#") || strings.HasPrefix(strings.ToLower(href), "javascript:void") || strings.EqualFold(href, "javascript:;") || strings.EqualFold(href, "javascript:")
	wired := !dead || onclick != ""
	if !dead && s.href == nil && onclick == "" {
		s.href = n
	}
	reach := linked || n.DataAtom == atom.Button || n.DataAtom == atom.Input || inspect.Attr(n, "tabindex") != ""
	if s.word == "" || wired && !s.wired || wired && reach && !s.keyboard {
		s.word, s.wired, s.keyboard = word, wired, wired && reach
	}
}

// carrier is what takes the click on an element: itself, or something near
// around it.
func carrier(n *html.Node) *html.Node {
	for x, i := n, 0; x != nil && i < 4; x, i = x.Parent, i+1 {
		if x.DataAtom == atom.A || x.DataAtom == atom.Button || inspect.Attr(x, "onclick") != "" {
			return x
		}
	}
	return n
}

// named is the word by which a short name calls an entry; an article that
// speaks of such things has a longer one.
func (o options) named(name string) string {
	for part := range strings.FieldsSeq(name) {
		c := zh.Compact(part)
		if len([]rune(c)) > 12 {
			continue
		}
		for _, w := range o.Words {
			if strings.Contains(c, w) {
				return c
			}
		}
	}
	return ""
}
