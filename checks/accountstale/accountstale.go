// Package accountstale is the check account-stale: accounts silent for longer
// than their window, and how long the others may still stay silent.
package accountstale

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"github.com/xunjian/xunjian/checks/accounts"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// options are the window; an account's own goes before it.
type options struct {
	Window inspect.Window `yaml:"window"`
}

// Check is the check account-stale.
var Check = inspect.NewCheck("account-stale", rule, inspect.PerAccount, options{}, run)

func run(_ context.Context, p *inspect.Pass, o options) error {
	m := p.Site.Account
	if !m.Judged(p.Now) {
		p.Due(0)
		return nil
	}
	w := m.Window
	if w.IsZero() {
		w = o.Window
	}
	a := m.ActivityOf(p.Feeds, p.Now)
	newest := m.Opened // an account has its whole window for the first post
	if len(a.Posts) > 0 {
		newest = a.Posts[0].Published
	}
	limit := w.Limit(newest)
	left := inspect.DaysBetween(p.Now, limit)
	clock := inspect.Clock{Name: accounts.Name(p.Site), URL: p.Site.Home, Newest: newest, Window: w, Limit: limit, Left: left}
	if !newest.IsZero() && left >= 0 {
		p.Clock(clock)
		return nil
	}
	f := judge(p, w, a, newest, limit)
	if f.Outcome != inspect.Unknown && !newest.IsZero() { // of what nobody knows no clock says "overdue"
		p.Clock(clock)
	}
	p.Report(f)
	return nil
}

// judge says of an account without a fresh post whether that is silence or
// ignorance.
func judge(p *inspect.Pass, w inspect.Window, a inspect.Activity, newest, limit time.Time) inspect.Finding {
	m := p.Site.Account
	from := inspect.Day(p.Now).AddDate(0, -w.Months, -w.Days)
	stop := limit
	if newest.IsZero() { // the last post may lie just before what is covered
		from = from.AddDate(0, 0, -1)
		stop = w.Limit(from.AddDate(0, 0, -1))
	}
	until := m.SilentUntil(p.Feeds, from)
	f := inspect.Finding{Outcome: inspect.Unknown, Locus: string(m.Platform), Class: string(m.Platform), Unit: "天"}
	posting := accounts.Posting(p)
	if len(posting) > 0 {
		f.Evidence = posting[0].Evidence()
	}
	seen := "没有读取到任何带日期的发布"
	if len(a.Posts) > 0 {
		f.Evidence = a.Newest.Evidence()
		seen = "读取到的最近一次更新为" + accounts.Date(newest)
	}
	why := ""
	switch age := inspect.DaysBetween(until, p.Now); {
	case until.IsZero():
		why = doubt(posting, accounts.Dead(p))
	case age > 1 || inspect.DaysBetween(stop, until) <= 0:
		why = "来源只说明到" + accounts.Date(until) + "为止的情况"
	default:
		f.Outcome, f.Tentative = inspect.Fail, age > 0
		f.Value = float64(inspect.DaysBetween(newest, until))
		f.Message = fmt.Sprintf("账号%s%s，截至%s已%.0f天，超过%s未更新（已核对%s）", accounts.Name(p.Site), seen, accounts.Date(until), f.Value, w.Chinese(),
			accounts.Words(accounts.Kinds(posting)))
		if len(a.Posts) == 0 {
			f.Value = float64(inspect.DaysBetween(from, until))
			f.Message = fmt.Sprintf("账号%s截至%s超过%s没有任何发布（已核对%s）", accounts.Name(p.Site), accounts.Date(until), w.Chinese(), accounts.Words(accounts.Kinds(posting)))
		}
		return f
	}
	f.Message = fmt.Sprintf("账号%s%s；%s，不能断定未更新", accounts.Name(p.Site), seen, why)
	return f
}

// doubt says why sources that answered do not prove silence.
func doubt(posting []*inspect.Collection, dead string) string {
	if len(posting) == 0 {
		return dead
	}
	if kinds := accounts.Kinds(posting); len(kinds) == 1 {
		other := inspect.Published
		if kinds[0] == other {
			other = inspect.MassSent
		}
		return fmt.Sprintf("来源只含%s内容，%s内容未能读取", kinds[0].Chinese(), other.Chinese())
	}
	for _, c := range posting {
		if c.Partial != "" {
			return c.Partial
		}
	}
	return "来源没有说明覆盖全部发布"
}
