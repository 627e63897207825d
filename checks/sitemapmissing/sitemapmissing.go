// Package sitemapmissing is the check sitemap-missing.
package sitemapmissing

import (
	"context"
	_ "embed"

	"github.com/xunjian/xunjian/checks/called"
	"github.com/xunjian/xunjian/checks/words"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check sitemap-missing.
var Check = inspect.NewCheck("sitemap-missing", rule, inspect.PerSite, struct{}{}, run).Timeless().Gathering(gather, entry{})

// An entry is a link to a map of the site, and where it leads; "" if it leads
// nowhere by itself.
type entry struct {
	To    string
	Plain bool // only the words, without a link
}

var maps = words.Of("网站地图", "站点地图", "网站导航", "站点导航", "网站导览")

func gather(p *inspect.Pass) any {
	if p.Page.Document != nil {
		return nil
	}
	links, names := p.Page.Links(), called.Names(p.Page)
	for i := range links {
		if l := &links[i]; (l.Kind == inspect.Anchor || l.Kind == inspect.Area) && maps.In(names[i]) {
			return entry{To: l.URL}
		}
	}
	if p.Page.Parts().Kind == inspect.SiteMap {
		return entry{To: p.Page.URL}
	}
	for _, n := range p.Page.Texts() {
		if len(n.Data) < 200 && maps.In(n.Data) {
			return entry{Plain: true}
		}
	}
	return nil
}

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	found, plain := false, false
	for g := range p.Gathered {
		e, ok := g.Kept.(entry)
		if !ok {
			continue
		}
		if e.Plain {
			plain = true
			continue
		}
		found = true
		if l := p.Link(e.To); l != nil && l.Verdict == inspect.Fault {
			p.Report(inspect.Finding{URL: g.Page.URL, Locus: e.To, Class: "broken", Evidence: inspect.Evidence{Status: l.Status, Fetched: l.Fetched},
				Message: "站点地图打不开：" + l.Cause.Chinese() + "，" + inspect.Readable(e.To)})
			return nil
		}
	}
	if found {
		return nil
	}
	home := p.Facts(p.Site.Home)
	f := inspect.Finding{Locus: "sitemap", Class: "absent", Message: "没有找到站点地图"}
	switch {
	case home == nil || home.Kind != inspect.HomePage:
		f.Outcome, f.Message = inspect.Unknown, "站点地图未能判定：首页未能读取"
	case plain:
		f.Outcome, f.Message = inspect.Review, "页面上有“站点地图”的字样，但没有链接，能否打开请人工确认"
	case home.Loads != "" || home.Scripts > 0:
		f.Outcome, f.Message = inspect.Review, "没有找到站点地图，页面有脚本写入内容，入口可能由脚本生成，请人工确认"
	}
	p.Report(f)
	return nil
}
