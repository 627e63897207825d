// Package columnblank is the check column-blank.
package columnblank

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/xunjian/xunjian/checks/columns"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check column-blank.
var Check = inspect.NewCheck("column-blank", rule, inspect.PerSite, struct{}{}, run)

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	due := 0
	for i := range p.Site.Columns {
		c := &p.Site.Columns[i]
		r := columns.Read(p, c)
		if r.State == columns.Exempt || r.State == columns.Unreadable {
			continue
		}
		due++
		if r.State != columns.Blank {
			continue
		}
		f := inspect.Finding{URL: c.URL, Locus: c.Name, Class: string(c.Genre), Evidence: r.Facts.Evidence,
			Tentative: true, // a column that is being filled shows the same for an hour
			Message:   fmt.Sprintf("栏目“%s”为空白栏目：没有信息，也没有下级栏目", c.Name)}
		if r.Doubt {
			f.Outcome = inspect.Review
			f.Message = fmt.Sprintf("栏目“%s”疑似空白栏目：页面中没有信息，但不能排除由脚本加载", c.Name)
		}
		p.Report(f)
	}
	p.Due(due)
	return nil
}
