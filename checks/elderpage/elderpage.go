// Package elderpage is the check elder-page: the version for the old behind
// the entry on the home page, by the points of the ministry's annex that a
// machine can see.
package elderpage

import (
	"context"
	_ "embed"
	"fmt"
	"hash/fnv"
	"strings"

	"github.com/xunjian/xunjian/checks/a11ycaptcha"
	"github.com/xunjian/xunjian/checks/a11yviewportzoom"
	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/advertising"
	"github.com/xunjian/xunjian/checks/elderentry"
	"github.com/xunjian/xunjian/checks/rulepage"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

type options struct {
	// Size is how large the running text of the version must be, in pixels.
	Size float64 `yaml:"size"`
	// Lures are words of links and buttons that induce to download or to pay.
	Lures []string `yaml:"lures"`
}

// Check is the check elder-page.
var Check = inspect.NewCheck("elder-page", rule, inspect.PerSite, options{}, run).Timeless().Gathering(gather).Asking(ask).Sampling(sample)

// A front is what the home page shows of the version.
type front struct {
	entry string // address of the link; "" if only a tool bar is there
	looks uint64 // see looks
}

func gather(p *inspect.Pass) any {
	if !p.Page.Home || p.Page.Document != nil {
		return nil
	}
	entry, tool := elderentry.Link(p.Page)
	if entry == "" && !tool {
		return nil
	}
	return front{entry, looks(p.Page)}
}

func found(p *inspect.Pass) (f front, url string, ok bool) {
	for g := range p.Gathered {
		if k, is := g.Kept.(front); is {
			return k, g.Page.URL, true
		}
	}
	return front{}, "", false
}

func ask(p *inspect.Pass) []inspect.Question {
	if f, _, ok := found(p); ok && f.entry != "" && p.Site.InScope(f.entry) {
		return []inspect.Question{{URL: f.entry, Why: "适老版入口"}}
	}
	return nil
}

func sample(p *inspect.Pass) []string {
	if f, _, ok := found(p); ok && f.entry != "" {
		return []string{f.entry}
	}
	return nil
}

// points are the annex's points that are judged, in its order.
var points = []string{"EL-1", "EL-3", "EL-4", "EL-7", "EL-10", "EL-12"}

func run(ctx context.Context, p *inspect.Pass, o options) error {
	f, home, ok := found(p)
	if !ok {
		p.Due(0) // that there is none is told by elder-entry
		return nil
	}
	p.Due(len(points))
	blank := func(why string) {
		for _, id := range points {
			p.Report(inspect.Finding{Outcome: inspect.Unknown, URL: home, Locus: id, Class: id, Message: id + " 未能判定：" + why})
		}
	}
	if f.entry == "" {
		blank("适老功能由工具条脚本提供，没有可以打开的页面")
		return nil
	}
	page := p.Answer(f.entry)
	switch {
	case page == nil:
		blank("没有读取入口所指的页面")
		return nil
	case page.Verdict == inspect.Fault:
		p.Report(inspect.Finding{Outcome: inspect.Review, URL: home, Locus: "entry", Class: "entry", Message: "适老版入口打不开：" + inspect.Readable(f.entry) + "，请人工确认"})
		blank("适老版入口打不开")
		return nil
	case !page.Readable():
		blank("入口所指的页面未能读取")
		return nil
	}
	v := version{p, page, o}
	if err := v.borrowed(ctx); err != nil {
		return err
	}
	v.size()
	if looks(page) == f.looks {
		v.doubt("EL-12", "入口打开的页面与普通首页相同，没有看到专门的适老版面")
	}
	return nil
}

// A version is the page behind the entry.
type version struct {
	*inspect.Pass
	page *inspect.Page
	options
}

func (v *version) doubt(id, format string, args ...any) {
	mark := "（据第二手资料）"
	if id == "EL-1" { // the one whose text was read
		mark = ""
	}
	v.Report(inspect.Finding{Outcome: inspect.Review, URL: v.page.URL, Locus: id, Class: id, Evidence: inspect.Evidence{Status: v.page.Status, Fetched: v.page.Fetched, Digest: v.page.Digest},
		Message: fmt.Sprintf("工信部67号附件1 %s%s可能不符合：%s，请人工确认", id, mark, fmt.Sprintf(format, args...))})
}

// borrowed asks other checks of the page, by their own options.
func (v *version) borrowed(ctx context.Context) error {
	told := map[string]bool{}
	for _, b := range []struct {
		check *inspect.Check
		point func(inspect.Finding) string
	}{
		{advertising.Check, func(f inspect.Finding) string {
			if f.Class == "floating" {
				return "EL-10"
			}
			return "EL-1"
		}},
		{a11yviewportzoom.Check, func(inspect.Finding) string { return "EL-3" }},
		{a11ycaptcha.Check, func(inspect.Finding) string { return "EL-7" }},
	} {
		rp, err := rulepage.Parse(b.check.Rule)
		if err != nil {
			return err
		}
		run, err := b.check.Bind(rp.Decoder(nil))
		if err != nil {
			return err
		}
		q := *v.Pass
		q.Page, q.Due = v.page, func(int) {}
		q.Report = func(f inspect.Finding) {
			if id := b.point(f); f.Outcome != inspect.Unknown && !told[id] {
				told[id] = true
				v.doubt(id, "%s", f.Message)
			}
		}
		if err := run(ctx, &q); err != nil {
			return err
		}
	}
	if w := v.lure(); w != "" && !told["EL-1"] {
		v.doubt("EL-1", "页面上有诱导下载、付款的链接或按钮“%s”", w)
	}
	return nil
}

// lure is a link or button whose words induce.
func (v *version) lure() string {
	for _, n := range v.page.Elements(atom.A, atom.Button) {
		s := zh.Compact(inspect.TextOf(n))
		for _, w := range v.Lures {
			if strings.Contains(s, w) && len([]rune(s)) <= 12 && !inspect.Hidden(n) {
				return s
			}
		}
	}
	return ""
}

// size judges the running text: by the browser where it showed the page, else
// by what the page's own styles say.
func (v *version) size() {
	large, small, unknown := 0, 0, 0
	how := "按页面自身的样式"
	for r := range v.Rendered {
		if inspect.SamePage(r.URL, v.page.URL) && r.Problem == "" && len(r.Sizes) > 0 {
			how = "浏览器测得"
			for px, n := range r.Sizes {
				if float64(px) >= v.Size {
					large += n
				} else {
					small += n
				}
			}
		}
	}
	if large+small == 0 {
		large, small, unknown = v.styled()
	}
	switch {
	case large > small+unknown:
	case small > large+unknown:
		v.doubt("EL-4", "%s，正文多数文字小于 %g px", how, v.Size)
	default:
		v.Report(inspect.Finding{Outcome: inspect.Unknown, URL: v.page.URL, Locus: "EL-4", Class: "EL-4",
			Message: "EL-4 未能判定：字号由未读取的样式表决定，加 --deep 可由浏览器测量"})
	}
}

// styled counts the letters of running text as far as the page's own styles
// decide their size.
func (v *version) styled() (large, small, unknown int) {
	tree, err := accname.For(v.page)
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

// looks is what a visitor sees of a page, as one number: its words, and what
// gives them their looks.
func looks(p *inspect.Page) uint64 {
	h := fnv.New64a()
	h.Write([]byte(zh.Compact(p.Text())))
	for _, n := range p.Elements(atom.Link, atom.Style, atom.Body, atom.Html) {
		h.Write([]byte("\x00" + n.Data + inspect.Attr(n, "href") + inspect.Attr(n, "class") + inspect.Attr(n, "style")))
		if n.DataAtom == atom.Style && n.FirstChild != nil {
			h.Write([]byte(n.FirstChild.Data))
		}
	}
	return h.Sum64()
}
