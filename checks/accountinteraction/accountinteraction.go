// Package accountinteraction is the check account-interaction: accounts that
// give nobody a way to ask.
package accountinteraction

import (
	"context"
	_ "embed"
	"time"

	"github.com/xunjian/xunjian/checks/accounts"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

type options struct {
	Valid inspect.Window `yaml:"valid"` // how long what somebody saw is believed
}

// Check is the check account-interaction.
var Check = inspect.NewCheck("account-interaction", rule, inspect.PerAccount, options{}, run)

func run(_ context.Context, p *inspect.Pass, o options) error {
	m := p.Site.Account
	if !m.Judged(p.Now) {
		p.Due(0)
		return nil
	}
	var ways [3]fact
	take(&ways, p, o, m.Interaction, inspect.Evidence{})
	for _, c := range p.Feeds {
		take(&ways, p, o, c.Interaction, c.Evidence())
	}
	f := inspect.Finding{Locus: string(m.Platform), Class: string(m.Platform)}
	known := 0
	for _, w := range ways {
		if w.works == nil {
			continue
		}
		if *w.works {
			return nil
		}
		known++
		f.Evidence = w.evidence
	}
	if known == len(ways) {
		f.Outcome, f.Message = inspect.Review, "账号"+accounts.Name(p.Site)+"的评论、私信和菜单（咨询）入口均不可用，疑似未提供有效互动功能"
	} else {
		f.Outcome, f.Evidence = inspect.Unknown, inspect.Evidence{}
		f.Message = "账号" + accounts.Name(p.Site) + "是否提供有效互动功能未能判定：评论、私信、菜单（咨询）入口的情况没有来源说明，也没有近期的人工登记"
	}
	p.Report(f)
	return nil
}

// A fact is what was seen last of one way to ask.
type fact struct {
	works    *bool
	at       time.Time
	evidence inspect.Evidence
}

// take keeps what is newer and not too old. On the same day a way that works
// wins: somebody found it.
func take(ways *[3]fact, p *inspect.Pass, o options, i *inspect.Interaction, e inspect.Evidence) {
	if i == nil || inspect.DaysBetween(p.Now, o.Valid.Limit(i.Checked)) < 0 {
		return
	}
	for k, works := range []*bool{i.Comments, i.Messages, i.Menu} {
		w := &ways[k]
		newer := i.Checked.After(w.at)
		if works != nil && (w.works == nil || newer || i.Checked.Equal(w.at) && *works) {
			*w = fact{works, i.Checked, e}
		}
	}
}
