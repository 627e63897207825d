// Package dateforged is the check date-forged.
package dateforged

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

type options struct {
	// Slack is how many days a date may differ before it is said: lists are
	// filled after midnight, and crawls are not made at one moment.
	Slack int `yaml:"slack"`
	// Rows is how many rows must carry the day of the visit, each time.
	Rows int `yaml:"rows"`
}

// Check is the check date-forged.
var Check = inspect.NewCheck("date-forged", rule, inspect.PerSite, options{}, run)

func run(_ context.Context, p *inspect.Pass, o options) error {
	due, unknown := 0, 0
	for i := range p.Site.Columns {
		c := &p.Site.Columns[i]
		f := p.Facts(c.URL)
		if f == nil || len(f.List.Items) == 0 {
			continue // column-unreadable and its kin speak of that
		}
		due++
		o.unlike(p, c, f)
		known := p.Site.Known[c.Name]
		if p.Site.Past == nil || len(known) == 0 {
			unknown++
			continue
		}
		if !o.always(p, c, f, known) {
			o.backdated(p, c, f, known)
		}
	}
	p.Due(due)
	if unknown > 0 {
		p.Report(inspect.Finding{Outcome: inspect.Unknown, Locus: "columns",
			Message: fmt.Sprintf("%d个栏目是否倒填或改动日期未能判定：没有以前的检查可以对照", unknown)})
	}
	return nil
}

func day(t time.Time) string { return t.In(inspect.Zone).Format(time.DateOnly) }

// same reports whether two rows are of one piece.
func same(a, b inspect.ListItem) bool {
	if a.URL != "" && b.URL != "" {
		return inspect.SamePage(a.URL, b.URL)
	}
	return a.Title == b.Title
}

// always finds lists that print the day of the visit: rows that were dated
// with the day of the last inspection now carry that of this one.
func (o options) always(p *inspect.Pass, c *inspect.Column, f *inspect.Facts, known []inspect.ListItem) bool {
	if inspect.DaysBetween(p.Site.Past.At, p.Now) == 0 {
		return false
	}
	n := 0
	for _, it := range f.List.Items {
		for _, k := range known {
			if same(it, k) && inspect.DaysBetween(k.Date, p.Site.Past.At) == 0 && inspect.DaysBetween(it.Date, p.Now) == 0 {
				n++
				break
			}
		}
	}
	if n < o.Rows {
		return false
	}
	p.Report(inspect.Finding{Outcome: inspect.Review, URL: c.URL, Locus: c.Name, Class: "always-today", Value: float64(n), Unit: "条", Evidence: f.Evidence,
		Message: fmt.Sprintf("栏目“%s”有%d条信息的日期总是访问当天：上次检查（%s）与本次都显示检查日期，内容没有变化", c.Name, n, day(p.Site.Past.At))})
	return true
}

// backdated finds rows that are new to the list but dated before the last
// inspection, among the dates that it saw; and rows whose date was moved.
// A row older than all that was seen then may only have moved into view.
func (o options) backdated(p *inspect.Pass, c *inspect.Column, f *inspect.Facts, known []inspect.ListItem) {
	oldest := time.Time{}
	for _, k := range known {
		if !k.Date.IsZero() && (oldest.IsZero() || k.Date.Before(oldest)) {
			oldest = k.Date
		}
	}
	for _, it := range f.List.Items {
		if it.Date.IsZero() {
			continue
		}
		g := inspect.Finding{Outcome: inspect.Review, URL: c.URL, Locus: c.Name + " " + it.URL, Evidence: f.Evidence}
		old, seen := before(it, known)
		switch {
		case seen && !old.Date.IsZero() && inspect.DaysBetween(old.Date, it.Date) > o.Slack:
			g.Class = "re-dated"
			g.Message = fmt.Sprintf("栏目“%s”中“%s”的日期由%s改为%s，内容是否确有更新请人工确认", c.Name, it.Title, day(old.Date), day(it.Date))
		case !seen && !oldest.IsZero() && it.Date.After(oldest) && inspect.DaysBetween(it.Date, p.Site.Past.At) > o.Slack:
			g.Class = "backdated"
			g.Message = fmt.Sprintf("栏目“%s”中“%s”标注日期为%s，但%s检查时列表中没有它，疑似倒填日期", c.Name, it.Title, day(it.Date), day(p.Site.Past.At))
		default:
			continue
		}
		p.Report(g)
	}
}

func before(it inspect.ListItem, known []inspect.ListItem) (inspect.ListItem, bool) {
	for _, k := range known {
		if same(it, k) {
			return k, true
		}
	}
	return inspect.ListItem{}, false
}

// unlike finds rows that are dated later than the page that they lead to says
// of itself, where its address says the same as the page: two against one.
func (o options) unlike(p *inspect.Pass, c *inspect.Column, f *inspect.Facts) {
	for _, it := range f.List.Items {
		g := p.Facts(it.URL)
		if it.Date.IsZero() || g == nil || !g.Kind.IsContent() || g.Published.IsZero() || g.InURL.IsZero() || columns.Future(p.Now, it.Date) {
			continue
		}
		if inspect.DaysBetween(g.Published, it.Date) <= o.Slack || abs(inspect.DaysBetween(g.Published, g.InURL)) > o.Slack {
			continue
		}
		p.Report(inspect.Finding{Outcome: inspect.Review, URL: c.URL, Locus: c.Name + " " + it.URL, Class: "list-later", Evidence: g.Evidence,
			Message: fmt.Sprintf("栏目“%s”列表中“%s”的日期为%s，而其页面和网址的日期为%s，列表日期疑似不实", c.Name, it.Title, day(it.Date), day(g.Published))})
	}
}

func abs(n int) int { return max(n, -n) }
