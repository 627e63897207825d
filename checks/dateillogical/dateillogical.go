// Package dateillogical is the check date-illogical: pieces published before
// they were made, or in the future.
package dateillogical

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check date-illogical.
var Check = inspect.NewCheck("date-illogical", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	q := p.Page.Parts()
	if !q.Kind.IsContent() {
		p.Due(0)
		return nil
	}
	t, sure := published(q)
	if t.IsZero() {
		return nil
	}
	f := inspect.Finding{Locus: "date", Unit: "天"}
	if !sure {
		f.Outcome = inspect.Review
	}
	p.Page.Hinge(inspect.Day(t).AddDate(0, 0, -1))
	p.Page.Hinge(inspect.Day(q.Document).AddDate(0, 0, -1))
	early := inspect.DaysBetween(t, q.Document)
	switch ahead := inspect.DaysBetween(p.Now, t); {
	case ahead > 1:
		p.Page.Passing() // by how much is told
		f.Value = float64(ahead)
		f.Message = fmt.Sprintf("发布日期%s晚于检查日", show(t))
	case !q.Document.IsZero() && early > 0 && inspect.DaysBetween(p.Now, q.Document) <= 1:
		f.Value = float64(early)
		f.Message = fmt.Sprintf("发布日期%s早于成文日期%s", show(t), show(q.Document))
	default:
		return nil
	}
	p.Report(f)
	return nil
}

// published is the printed day of publication, or else one on which label and
// address agree. It is sure unless another source speaks against it.
func published(q *inspect.Parts) (t time.Time, sure bool) {
	agrees := func(a, b time.Time) bool { return inspect.Day(a).Equal(inspect.Day(b)) }
	switch {
	case !q.Printed.IsZero():
		return q.Printed, (q.Meta.IsZero() || agrees(q.Meta, q.Printed)) && (q.InURL.IsZero() || agrees(q.InURL, q.Printed))
	case !q.Meta.IsZero() && !q.InURL.IsZero() && agrees(q.Meta, q.InURL):
		return q.Meta, true
	}
	return time.Time{}, false
}

func show(t time.Time) string { return t.In(inspect.Zone).Format(time.DateOnly) }
