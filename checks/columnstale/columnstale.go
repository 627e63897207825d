// Package columnstale is the check column-stale: columns silent for longer
// than their genre allows, and how long the others may still stay silent.
package columnstale

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"github.com/xunjian/xunjian/checks/columns"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// options are the windows by genre; a column's own window goes before them.
type options struct {
	Windows map[inspect.Genre]inspect.Window `yaml:"windows"`
}

// Check is the check column-stale.
var Check = inspect.NewCheck("column-stale", rule, inspect.PerSite, options{}, run)

func run(_ context.Context, p *inspect.Pass, o options) error {
	due := 0
	for i := range p.Site.Columns {
		c := &p.Site.Columns[i]
		w := c.Window
		if w.IsZero() {
			w = o.Windows[c.Genre]
		}
		if w.IsZero() {
			continue
		}
		r := columns.Read(p, c)
		if r.State == columns.Exempt || r.State == columns.Unreadable { // column-unreadable counts that one
			continue
		}
		due++
		if r.State == columns.Dated {
			judge(p, r, w)
		}
	}
	p.Due(due)
	return nil
}

// judge counts calendar days: the last day of the window is still inside.
func judge(p *inspect.Pass, r columns.Reading, w inspect.Window) {
	c, limit := r.Column, w.Limit(r.Newest)
	left := inspect.DaysBetween(p.Now, limit)
	p.Clock(inspect.Clock{Name: c.Name, URL: c.URL, Genre: c.Genre, Newest: r.Newest, Window: w, Limit: limit, Left: left})
	if left >= 0 {
		return
	}
	days := inspect.DaysBetween(r.Newest, p.Now)
	p.Report(inspect.Finding{URL: c.URL, Locus: c.Name, Class: string(c.Genre), Value: float64(days), Unit: "天", Evidence: r.Facts.Evidence,
		Message: fmt.Sprintf("栏目“%s”最新信息日期为%s，距检查日已%d天，超过%s未更新", c.Name, r.Newest.In(inspect.Zone).Format(time.DateOnly), days, w.Chinese())})
}
