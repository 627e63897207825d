// Package accountunusable is the check account-unusable: apps that their store
// does not offer, and accounts whose page is gone.
package accountunusable

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/xunjian/xunjian/checks/accounts"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check account-unusable.
var Check = inspect.NewCheck("account-unusable", rule, inspect.PerAccount, struct{}{}, run)

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	m := p.Site.Account
	if !m.Judged(p.Now) {
		p.Due(0)
		return nil
	}
	due := 0
	for _, c := range p.Feeds {
		presence := c.Kind == inspect.FromITunes || c.Kind == inspect.FromPage
		f := inspect.Finding{URL: c.URL, Locus: c.Source, Class: class(m), Evidence: c.Evidence()}
		switch {
		case c.Verdict == inspect.Fault:
			f.Tentative = true
			f.Message = fmt.Sprintf("%s%s（来源“%s”：%s）", subject(m), accounts.Name(p.Site), c.Source, c.Why())
		case c.Verdict == inspect.Suspected:
			f.Outcome = inspect.Review
			f.Message = fmt.Sprintf("疑似%s%s（来源“%s”：%s）", subject(m), accounts.Name(p.Site), c.Source, c.Why())
		case !presence:
			continue
		case !c.Read():
			f.Outcome = inspect.Unknown
			f.Message = fmt.Sprintf("%s是否可用未能判定：来源“%s”未能读取：%s", accounts.Name(p.Site), c.Source, c.Why())
		}
		due++
		if f.Message != "" {
			p.Report(f)
		}
	}
	if due == 0 && m.Platform.Installed() {
		due = 1
		p.Report(inspect.Finding{Outcome: inspect.Unknown, Locus: "store", Class: class(m), Message: accounts.Name(p.Site) + "是否能下载、使用未能判定：没有登记应用商店的地址"})
	}
	p.Due(due)
	return nil
}

func class(m *inspect.MediaAccount) string {
	if m.Platform.Installed() {
		return "app"
	}
	return "gone"
}

func subject(m *inspect.MediaAccount) string {
	if m.Platform.Installed() {
		return "应用商店中找不到"
	}
	return "账号已不存在或无法访问："
}
