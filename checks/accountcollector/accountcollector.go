// Package accountcollector is the check account-collector: accounts of which
// nobody can tell anything now, because no source answered.
package accountcollector

import (
	"context"
	_ "embed"
	"slices"
	"time"

	"github.com/xunjian/xunjian/checks/accounts"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

type options struct {
	Fresh inspect.Window `yaml:"fresh"` // how long an import or a stamp speaks for an account
}

// Check is the check account-collector.
var Check = inspect.NewCheck("account-collector", rule, inspect.PerAccount, options{}, run)

func run(_ context.Context, p *inspect.Pass, o options) error {
	m := p.Site.Account
	if !m.Judged(p.Now) {
		p.Due(0)
		return nil
	}
	alive := func(c *inspect.Collection) bool {
		if c.Kind == inspect.FromImport || c.Kind == inspect.FromStamp {
			return inspect.DaysBetween(p.Now, o.Fresh.Limit(reaches(c))) >= 0
		}
		return true
	}
	if slices.ContainsFunc(accounts.Posting(p), alive) {
		return nil
	}
	if m.Platform.Installed() && slices.ContainsFunc(p.Feeds, func(c *inspect.Collection) bool {
		posts, _ := c.Kind.Tells()
		return !posts && c.Verdict != inspect.CouldNotTell
	}) {
		return nil // its store answered; what it shows inside is another matter
	}
	why := accounts.Dead(p)
	if len(accounts.Posting(p)) > 0 {
		why = "来源未能读取，最近一次导入或登记已超过" + o.Fresh.Chinese()
	}
	p.Report(inspect.Finding{Outcome: inspect.Unknown, Locus: "sources", Class: string(m.Platform), Message: "账号" + accounts.Name(p.Site) + "未能判定：" + why})
	return nil
}

// reaches is the day up to which something that was handed in speaks.
func reaches(c *inspect.Collection) (t time.Time) {
	t = c.To
	for _, p := range c.Posts {
		if p.Published.After(t) {
			t = p.Published
		}
	}
	return t
}
