// Package elderpage is the check elder-page: the version for the old behind
// the entry on the home page, by the points of the ministry's annex that a
// machine can see.
package elderpage

import (
	"context"
	_ "embed"
	"time"

	"github.com/xunjian/xunjian/checks/adverts"
	"github.com/xunjian/xunjian/checks/elder"
	"github.com/xunjian/xunjian/inspect"
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
var Check = inspect.NewCheck("elder-page", rule, inspect.PerSite, options{}, run).Gathering(gather).Asking(ask).Sampling(sample)

// points are the annex's points that are judged, in its order.
var points = []string{"EL-1", "EL-3", "EL-4", "EL-7", "EL-10", "EL-12"}

// A front is what the home page shows of the version.
type front struct {
	elder.Sight
	url    string
	shows  looks
	opaque string // see opaque
}

// borrowed are the options of another check as the rulebook has them, those
// of its rule page if it is not run.
func borrowed[O any](p *inspect.Pass, id string, byDefault func() O) O {
	var o O
	if p.Options == nil || !p.Options(id, &o) {
		return byDefault()
	}
	return o
}

func gather(p *inspect.Pass) any {
	if !p.Page.Home || p.Page.Document != nil {
		return nil
	}
	why, _ := opaque(p.Page)
	return front{borrowed(p, "elder-entry", elder.Default).Look(p.Page), p.Page.URL, looksOf(p.Page), why}
}

// found is the home page's front: under several names of the home page, one
// whose entry can be opened.
func found(p *inspect.Pass) (out *front, err error) {
	for g := range p.Gathered {
		switch k := g.Kept.(type) {
		case error:
			return nil, k
		case front:
			if out == nil || out.Entry.Address == "" && k.Entry.Address != "" {
				out = &k
			}
		}
	}
	return out, nil
}

func ask(p *inspect.Pass) []inspect.Question {
	if f, _ := found(p); f != nil && f.Entry.Address != "" && p.Site.InScope(f.Entry.Address) {
		return []inspect.Question{{URL: f.Entry.Address, Why: "适老版入口"}}
	}
	return nil
}

// sample chooses the version, and the home page that it is held against.
func sample(p *inspect.Pass) []string {
	f, _ := found(p)
	if f == nil || f.Entry.Address == "" {
		return nil
	}
	out := []string{f.url, f.Entry.Address}
	if a := p.Answer(f.Entry.Address); a != nil && a.Landed() != a.URL {
		out = append(out, a.Landed())
	}
	return out
}

// kept says which points were looked at, so that a report tells a point that
// is well from one that nobody saw.
type kept struct {
	At     time.Time `json:"at"`
	Judged []string  `json:"judged"`
}

func run(_ context.Context, p *inspect.Pass, o options) error {
	k := kept{At: p.Now.UTC(), Judged: []string{}}
	f, err := found(p)
	if err != nil {
		return err
	}
	page, home, why := behind(p, f)
	switch {
	case home == "":
		p.Due(0) // the home page was not looked at, or does not open: told elsewhere
	case page == nil:
		p.Due(len(points))
		for _, id := range points {
			p.Report(inspect.Finding{Outcome: inspect.Unknown, URL: home, Locus: id, Class: id, Message: id + " 未能判定：" + why})
		}
	default:
		p.Due(len(points))
		v := newVersion(p, o, f, page)
		if err := v.judge(); err != nil {
			return err
		}
		k.Judged = v.judged()
	}
	p.Keep(k)
	return nil
}

// behind is the page behind the entry, and the home page; without a page, why
// there is none to judge, and without a home page neither.
func behind(p *inspect.Pass, f *front) (page *inspect.Page, home, why string) {
	if f == nil {
		h := p.Facts(p.Site.Home)
		if h == nil || h.Verdict != inspect.CouldNotTell {
			return nil, "", ""
		}
		return nil, h.URL, "首页未能读取"
	}
	e := f.Entry
	switch {
	case e.Address != "":
	case e.Self:
		return nil, f.url, "入口指向首页本身，没有单独的页面可以打开"
	case f.Tool:
		return nil, f.url, "适老功能由工具条脚本提供，没有可以打开的页面"
	case e.Handler:
		return nil, f.url, "入口“" + e.Word + "”由脚本处理点击，没有可以打开的地址"
	case e.Word != "":
		return nil, f.url, "入口“" + e.Word + "”没有链接地址"
	default:
		return nil, f.url, "首页没有看到适老版入口"
	}
	page = p.Answer(e.Address)
	switch {
	case !p.Site.InScope(e.Address):
		return nil, f.url, "入口指向本站之外：" + inspect.Readable(e.Address)
	case page == nil:
		return nil, f.url, "没有读取入口所指的页面"
	case page.Verdict == inspect.Fault:
		p.Report(inspect.Finding{Outcome: inspect.Review, URL: f.url, Locus: "entry", Class: "entry", Message: "适老版入口打不开：" + inspect.Readable(e.Address) + "，请人工确认"})
		return nil, f.url, "适老版入口打不开"
	case !page.Readable():
		return nil, f.url, "入口所指的页面未能读取"
	case inspect.SamePage(page.Landed(), f.url):
		return nil, f.url, "入口转回首页，没有单独的页面可以打开"
	}
	return page, f.url, ""
}

// networks are the ad networks of the check advertising.
func networks(p *inspect.Pass) adverts.Options { return borrowed(p, "advertising", adverts.Default) }
