// Package annualformlate is the check annual-form-late.
package annualformlate

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"github.com/xunjian/xunjian/checks/entries"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check annual-form-late.
var Check = inspect.NewCheck("annual-form-late", rule, inspect.PerSite, struct{}{}, run).Timeless().Gathering(gather, kept{})

// Kept is what is kept of a page: its entries, and its form if it is one.
type kept struct {
	Entries *entries.Page
	Form    *form
}

func gather(p *inspect.Pass) any {
	e, _ := entries.Gather(p).(*entries.Page)
	f := formOf(p.Page)
	if e == nil && f == nil {
		return nil
	}
	return kept{e, f}
}

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	year := p.Now.In(inspect.Zone).Year() - 1
	seen := &entries.Seen{}
	for g := range p.Gathered {
		if k, ok := g.Kept.(kept); ok {
			seen.Add(g.Page, k.Entries)
			for _, m := range k.Form.faults() {
				p.Report(inspect.Finding{URL: g.Page.URL, Locus: m.locus, Class: "sums", Evidence: g.Page.Evidence, Message: m.message})
			}
		}
	}
	if inspect.DaysBetween(time.Date(year+1, time.January, 31, 0, 0, 0, 0, inspect.Zone), p.Now) <= 0 {
		return nil
	}
	years := seen.Years("网站工作年度报表", "网站年度工作报表", "网站年度报表", "网站工作年报")
	f := inspect.Finding{Locus: fmt.Sprint(year), Class: "late"}
	switch {
	case years[year]:
		return nil
	case len(years) == 0:
		f.Outcome, f.Message = inspect.Unknown, fmt.Sprintf("%d年政府网站工作年度报表未能判定：本次没有读到任何年度的报表", year)
	default:
		f.Message = fmt.Sprintf("没有找到%d年政府网站工作年度报表（应于%d年1月31日前在首页显著位置公布）；已找到其他年度的报表", year, year+1)
		f.URL, f.Evidence = seen.Where(p)
	}
	p.Report(f)
	return nil
}
