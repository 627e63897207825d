// Package columnunreadable is the check column-unreadable: columns of which
// nothing can be said, and why.
package columnunreadable

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/xunjian/xunjian/checks/columns"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check column-unreadable.
var Check = inspect.NewCheck("column-unreadable", rule, inspect.PerSite, struct{}{}, run)

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	due := 0
	for i := range p.Site.Columns {
		c := &p.Site.Columns[i]
		r := columns.Read(p, c)
		if r.State != columns.Exempt {
			due++
		}
		if r.State != columns.Unreadable {
			continue
		}
		f := inspect.Finding{Outcome: inspect.Unknown, URL: c.URL, Locus: c.Name, Class: string(c.Genre),
			Message: fmt.Sprintf("栏目“%s”未能判定：%s", c.Name, r.Why)}
		if r.Facts != nil {
			f.Evidence = r.Facts.Evidence
		}
		p.Report(f)
	}
	p.Due(due)
	return nil
}
