// Package columnundated is the check column-undated.
package columnundated

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/xunjian/xunjian/checks/columns"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check column-undated.
var Check = inspect.NewCheck("column-undated", rule, inspect.PerSite, struct{}{}, run)

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	due := 0
	for i := range p.Site.Columns {
		c := &p.Site.Columns[i]
		r := columns.Read(p, c)
		if r.State == columns.Exempt || r.State == columns.Unreadable {
			continue
		}
		due++
		if r.State != columns.Undated {
			continue
		}
		p.Report(inspect.Finding{Outcome: inspect.Review, URL: c.URL, Locus: c.Name, Class: string(c.Genre), Value: float64(r.Rows), Unit: "条",
			Evidence: r.Facts.Evidence,
			Message:  fmt.Sprintf("栏目“%s”列出%d条信息，都没有可识别的发布日期，不能证明已更新", c.Name, r.Rows)})
	}
	p.Due(due)
	return nil
}
