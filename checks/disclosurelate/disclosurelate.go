// Package disclosurelate is the check disclosure-late.
package disclosurelate

import (
	"context"
	_ "embed"
	"fmt"
	"strings"
	"time"

	"github.com/xunjian/xunjian/checks/workdays"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

type options struct {
	Since inspect.Window `yaml:"since"` // published since then
	Days  int            `yaml:"days"`  // working days
	// Doubt is from how many working days on the page was more likely moved
	// from an older system than published late.
	Doubt int `yaml:"doubt"`
}

// Check is the check disclosure-late.
var Check = inspect.NewCheck("disclosure-late", rule, inspect.PerPage, options{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, o options) error {
	q := p.Page.Parts()
	published := q.Published()
	p.Page.Hinge(inspect.Day(o.Since.Limit(published)).AddDate(0, 0, 1))
	if q.Kind != inspect.PolicyPage || q.Document.IsZero() || !own(p.Site, q.DocNumber) ||
		!published.IsZero() && inspect.DaysBetween(p.Now, o.Since.Limit(published)) < 0 {
		p.Due(0)
		return nil
	}
	f := inspect.Finding{Locus: "published"}
	n, known := workdays.Between(q.Document, published)
	switch {
	case published.IsZero(), inspect.DaysBetween(q.Document, published) == 0 && q.Printed.Equal(q.Document):
		// The only date on the page is the document's own.
		f.Outcome, f.Message = inspect.Unknown, "文件公开是否及时未能判定：页面没有可识别的发布日期"
	case !known:
		f.Outcome, f.Message = inspect.Unknown, "文件公开是否及时未能判定：涉及的年份没有放假安排可查"
	case n <= o.Days:
		return nil
	default:
		f.Value, f.Unit = float64(n), "个工作日"
		f.Message = fmt.Sprintf("文件成文日期%s，发布日期%s，间隔%d个工作日，超过%d个工作日", day(q.Document), day(published), n, o.Days)
		if n > o.Doubt {
			f.Outcome = inspect.Review
			f.Message += "；间隔较长，可能是网站迁移时重新登记，请人工确认"
		}
	}
	p.Report(f)
	return nil
}

func day(t time.Time) string { return t.In(inspect.Zone).Format(time.DateOnly) }

// own reports whether a document number is of the unit's own series: whoever
// reprints another's document did not make it.
func own(s *inspect.Site, number string) bool {
	return number != "" && strings.Contains(s.Unit+s.Name, string([]rune(number)[:1]))
}
