// Package homestale is the check home-stale.
package homestale

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"github.com/xunjian/xunjian/checks/columns"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

//go:embed rule.md
var rule string

type options struct {
	Window inspect.Window `yaml:"window"`
	// Gateway is how many links into the site a home page has at most that is
	// only a navigation page.
	Gateway int `yaml:"gateway"`
}

// Check is the check home-stale.
var Check = inspect.NewCheck("home-stale", rule, inspect.PerSite, options{}, run)

func run(_ context.Context, p *inspect.Pass, o options) error {
	f := p.Facts(p.Site.Home)
	switch {
	case f == nil || f.Verdict != inspect.Fine && f.Verdict != inspect.Information || f.Kind != inspect.HomePage:
		unknown(p, "首页未能读取")
		return nil
	case !p.Site.InScope(f.Landed):
		unknown(p, "首页跳转到站外："+inspect.Readable(f.Landed))
		return nil
	}
	s := look(p, f, o)
	switch {
	case s.newest.IsZero() && f.List.Script != "":
		unknown(p, fmt.Sprintf("首页内容由脚本生成（%s），静态读取不到", zh.Truncate(f.List.Script, 20)))
	case s.newest.IsZero():
		unknown(p, "首页及其链接的页面没有可识别的日期")
	case inspect.DaysBetween(p.Now, o.Window.Limit(s.newest)) >= 0:
		measure(p, o, s)
	case s.unseen > 0 && !s.dated:
		unknown(p, fmt.Sprintf("首页列表不显示日期，且有%d个链接页面本次未读取", s.unseen))
	default:
		measure(p, o, s)
		p.Report(stale(p, f, o, s))
	}
	return nil
}

// measure tells how long the home page has, where that could be told.
func measure(p *inspect.Pass, o options, s sight) {
	p.Measure(inspect.HomeNewest, float64(s.newest.Unix()))
	p.Measure(inspect.HomeDue, float64(o.Window.Ends(s.newest).Unix()))
}

// A sight is what the home page shows of new information.
type sight struct {
	newest time.Time
	dated  bool // the home page itself prints dates
	unseen int  // pages it links into the site that were not read and carry no date in their address
}

func (s *sight) see(p *inspect.Pass, t time.Time) {
	if !columns.Future(p.Now, t) && t.After(s.newest) {
		s.newest = t
	}
}

// look gathers every date that can show that the home page is alive: its own
// rows, the pages that it links, and behind a mere gateway the second level.
func look(p *inspect.Pass, f *inspect.Facts, o options) (s sight) {
	for _, rows := range [][]inspect.ListItem{f.List.Items, f.List.Others} {
		for _, it := range rows {
			s.dated = s.dated || !it.Date.IsZero()
			s.see(p, it.Date)
		}
	}
	own := 0
	var second []*inspect.Facts
	for _, u := range f.Links {
		if !p.Site.InScope(u) {
			continue
		}
		own++
		if t, ok := zh.URLDate(u); ok {
			s.see(p, t)
			continue
		}
		switch g := p.Facts(u); {
		case g == nil || g.Verdict == inspect.CouldNotTell:
			s.unseen++
		case g.Kind.IsContent():
			s.see(p, g.Published)
		case g.Kind == inspect.ColumnPage:
			second = append(second, g)
		}
	}
	if !s.dated && own <= o.Gateway {
		for _, g := range second {
			s.see(p, inspect.Newest(past(p, g.List.Items)))
		}
	}
	return s
}

// past are the rows that are not dated in the future.
func past(p *inspect.Pass, rows []inspect.ListItem) (out []inspect.ListItem) {
	for _, it := range rows {
		if !columns.Future(p.Now, it.Date) {
			out = append(out, it)
		}
	}
	return out
}

func stale(p *inspect.Pass, f *inspect.Facts, o options, s sight) inspect.Finding {
	days := inspect.DaysBetween(s.newest, p.Now)
	g := inspect.Finding{Locus: "home", Value: float64(days), Unit: "天", Evidence: f.Evidence,
		Message: fmt.Sprintf("首页最新信息日期为%s，距检查日已%d天，超过%s未更新", s.newest.In(inspect.Zone).Format(time.DateOnly), days, o.Window.Chinese())}
	if f.Loads != "" {
		g.Outcome = inspect.Review
		g.Message += fmt.Sprintf("；首页有脚本加载内容（%s），需人工确认", f.Loads)
	}
	return g
}

func unknown(p *inspect.Pass, why string) {
	p.Report(inspect.Finding{Outcome: inspect.Unknown, Locus: "home", Message: "首页更新情况未能判定：" + why})
}
