// Package interpretationlate is the check interpretation-late.
package interpretationlate

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"github.com/xunjian/xunjian/checks/pairing"
	"github.com/xunjian/xunjian/checks/workdays"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

type options struct {
	Since inspect.Window `yaml:"since"` // how far back documents are looked at
	Days  int            `yaml:"days"`  // working days that an interpretation may take
}

// Check is the check interpretation-late.
var Check = inspect.NewCheck("interpretation-late", rule, inspect.PerSite, options{}, run)

func run(_ context.Context, p *inspect.Pass, o options) error {
	b := pairing.Read(p)
	due := 0
	for _, f := range b.Policies {
		if f.Published.IsZero() || inspect.DaysBetween(p.Now, o.Since.Limit(f.Published)) < 0 {
			continue
		}
		first, undated := earliest(b.Of(f))
		if first == nil && !undated {
			continue // interpretation-missing speaks of that
		}
		due++
		o.judge(p, f, first)
	}
	p.Due(due)
	return nil
}

// earliest is the sure interpretation that was published first.
func earliest(pairs []pairing.Pair) (first *inspect.Facts, undated bool) {
	for _, x := range pairs {
		if x.Strength < pairing.Sure {
			continue
		}
		i := x.Interpretation
		if i.Published.IsZero() {
			undated = true
		} else if first == nil || i.Published.Before(first.Published) {
			first = i
		}
	}
	return first, undated
}

func (o options) judge(p *inspect.Pass, f, first *inspect.Facts) {
	g := inspect.Finding{URL: f.URL, Locus: "interpretation", Evidence: f.Evidence}
	if first == nil {
		g.Outcome, g.Message = inspect.Unknown, fmt.Sprintf("“%s”的解读没有可识别的日期，间隔未能判定", f.Title)
		p.Report(g)
		return
	}
	n, known := workdays.Between(f.Published, first.Published)
	switch {
	case !known:
		g.Outcome, g.Message = inspect.Unknown, fmt.Sprintf("“%s”与解读的间隔未能判定：跨入的年份尚无放假安排", f.Title)
	case n <= o.Days:
		return
	default:
		g.Value, g.Unit = float64(n), "个工作日"
		g.Message = fmt.Sprintf("“%s”于%s发布，解读于%s发布，间隔%d个工作日，超过%d个工作日", f.Title,
			f.Published.In(inspect.Zone).Format(time.DateOnly), first.Published.In(inspect.Zone).Format(time.DateOnly), n, o.Days)
	}
	p.Report(g)
}
