// Package tampering is the check tampering: signs that somebody else wrote
// into the site.
package tampering

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/xunjian/xunjian/checks/hosts"
	"github.com/xunjian/xunjian/checks/illegalcontent"
	"github.com/xunjian/xunjian/checks/lexicon"
	"github.com/xunjian/xunjian/checks/prose"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

type options struct {
	// Trusted are hosts whose scripts need no remark.
	Trusted []string `yaml:"trusted"`
}

// Check is the check tampering.
var Check = inspect.NewCheck("tampering", rule, inspect.PerSite, options{}, run).Timeless().Gathering(gather, look{})

// A look is what matters of one page.
type look struct {
	Scripts []string // hosts of others whose scripts it loads
	Head    string   // title, keywords and description, where words of vice stand in them
	Shape   string   // of the home page: which elements it consists of, by hundreds
}

func gather(p *inspect.Pass) any {
	if p.Page.Document != nil {
		return nil
	}
	var l look
	for _, x := range p.Page.Links() {
		if h := inspect.Host(x.URL); x.Kind == inspect.Script && h != "" && !p.Site.InScope(x.URL) && !slices.Contains(l.Scripts, h) {
			l.Scripts = append(l.Scripts, h)
		}
	}
	labels := p.Page.Labels()
	head := p.Page.Title() + "\n" + labels.Get("keywords") + "\n" + labels.Get("description")
	if r := lexicon.Read(prose.Plain(head)); len(vices(r)) > 0 {
		l.Head = head
	}
	if p.Page.Home {
		l.Shape = shape(p.Page)
	}
	if len(l.Scripts) == 0 && l.Head == "" && l.Shape == "" {
		return nil
	}
	return l
}

// words are the lists of illegal-content.
var words = func() *lexicon.Lexicon {
	l, err := lexicon.New("illegal-content", nil)
	if err != nil {
		panic(err) // the lists are part of the program
	}
	return l
}()

func vices(r *lexicon.Reading) []lexicon.Word { return illegalcontent.Telling(r.Text, words.Hits(r)) }

// shape is the make of a page in a few letters: links, pictures and blocks, by
// their order of size, so that a day's news does not change it.
func shape(p *inspect.Page) string {
	var b strings.Builder
	for _, a := range []atom.Atom{atom.A, atom.Img, atom.Div, atom.Script, atom.Form} {
		n, size := len(p.Elements(a)), 0
		for n > 0 {
			n /= 3
			size++
		}
		fmt.Fprintf(&b, "%d", size)
	}
	return b.String()
}

// A baseline is what the next inspection knows.
type baseline struct {
	Scripts []string `json:"scripts"`
	Shape   string   `json:"shape,omitempty"`
}

func run(_ context.Context, p *inspect.Pass, o options) error {
	var old baseline
	known := p.Recall(&old)
	now := baseline{Shape: old.Shape}
	first := map[string]*inspect.Facts{}
	for g := range p.Gathered {
		l, ok := g.Kept.(look)
		if !ok {
			continue
		}
		if l.Head != "" {
			injected(p, g.Page, l.Head)
		}
		if l.Shape != "" {
			if known && old.Shape != "" && far(old.Shape, l.Shape) {
				p.Report(inspect.Finding{Outcome: inspect.Review, URL: g.Page.URL, Locus: "shape", Class: "shape", Evidence: g.Page.Evidence,
					Message: "首页结构与上次检查相比变化很大，请确认是改版还是被篡改"})
			}
			now.Shape = l.Shape
		}
		for _, h := range l.Scripts {
			if first[h] == nil {
				first[h] = g.Page
				now.Scripts = append(now.Scripts, h)
			}
		}
	}
	slices.Sort(now.Scripts)
	o.scripts(p, now.Scripts, old.Scripts, known, first)
	if len(now.Scripts) == 0 && now.Shape == "" {
		now = old // nothing was read: the baseline stays
	}
	p.Keep(now)
	return nil
}

// scripts says which hosts give the site scripts that gave none before.
func (o options) scripts(p *inspect.Pass, now, old []string, known bool, first map[string]*inspect.Facts) {
	for _, h := range now {
		u := "http://" + h + "/"
		if hosts.Government(u) || hosts.In(u, o.Trusted) || hosts.SameOwner(h, inspect.Host(p.Site.Home)) {
			continue
		}
		f := inspect.Finding{URL: first[h].URL, Locus: h, Class: "script", Evidence: first[h].Evidence}
		switch {
		case !known: // the first inspection makes the baseline
			f.Outcome, f.Message = inspect.Unknown, "页面引用外部网站“"+h+"”的脚本，是否新增未能判定：没有以前的检查可以对照"
		case slices.Contains(old, h):
			continue
		default:
			f.Outcome, f.Message = inspect.Review, "页面新出现外部网站“"+h+"”的脚本，上次检查时没有，请确认来源"
		}
		p.Report(f)
	}
}

// injected says that words of vice stand in a page's title, keywords or
// description, where search engines read them and visitors do not.
func injected(p *inspect.Pass, f *inspect.Facts, head string) {
	w := vices(lexicon.Read(prose.Plain(head)))
	if len(w) == 0 {
		return
	}
	p.Report(inspect.Finding{Outcome: inspect.Review, URL: f.URL, Locus: "head", Class: "keywords", Evidence: f.Evidence,
		Message: "页面标题、关键词或描述中含有疑似被植入的推广用语（" + lexicon.Blur(w[0].Entry.Wrong) + "），请人工确认"})
}

// far reports whether two shapes differ by more than two orders in all.
func far(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	n := 0
	for i := range len(a) {
		n += max(int(a[i])-int(b[i]), int(b[i])-int(a[i]))
	}
	return n > 4
}
