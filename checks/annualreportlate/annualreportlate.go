// Package annualreportlate is the check annual-report-late.
package annualreportlate

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

// Check is the check annual-report-late.
var Check = inspect.NewCheck("annual-report-late", rule, inspect.PerSite, struct{}{}, run).Timeless().Gathering(entries.Gather, new(entries.Page))

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	year := p.Now.In(inspect.Zone).Year() - 1
	due, who := time.Date(year+1, time.January, 31, 0, 0, 0, 0, inspect.Zone), "1月31日"
	if p.Site.Portal {
		due, who = time.Date(year+1, time.March, 31, 0, 0, 0, 0, inspect.Zone), "3月31日"
	}
	if inspect.DaysBetween(due, p.Now) <= 0 {
		p.Due(0)
		return nil
	}
	seen := entries.Read(p)
	years := seen.Years("信息公开", "年度报告", "年报")
	if years[year] {
		return nil
	}
	f := inspect.Finding{Locus: fmt.Sprint(year)}
	if len(years) == 0 {
		f.Outcome = inspect.Unknown
		f.Message = fmt.Sprintf("%d年政府信息公开年度报告未能判定：本次没有读到任何年度的报告", year)
	} else {
		f.Message = fmt.Sprintf("没有找到%d年政府信息公开年度报告（应于%d年%s前公布）；已找到其他年度的报告", year, year+1, who)
		f.URL, f.Evidence = seen.Where(p)
	}
	p.Report(f)
	return nil
}
