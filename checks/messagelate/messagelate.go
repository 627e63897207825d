// Package messagelate is the check message-late.
package messagelate

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"time"

	"github.com/xunjian/xunjian/checks/messages"
	"github.com/xunjian/xunjian/checks/workdays"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

type options struct {
	Days    int            `yaml:"days"`    // working days for a simple question
	Longest int            `yaml:"longest"` // working days for any other; 0: no such limit
	Since   inspect.Window `yaml:"since"`   // messages asked before are not judged
}

// Check is the check message-late.
var Check = inspect.NewCheck("message-late", rule, inspect.PerSite, options{}, run).Timeless().Gathering(messages.Gather)

func run(_ context.Context, p *inspect.Pass, o options) error {
	read := messages.Read(p)
	uncounted := 0
	var took []int
	for _, l := range read {
		if l.Asked.IsZero() || l.Answered.IsZero() || l.Answered.Before(inspect.Day(l.Asked)) || inspect.DaysBetween(l.Answered, p.Now) < 0 ||
			inspect.DaysBetween(p.Now, o.Since.Limit(l.Asked)) < 0 {
			continue
		}
		n, known := workdays.Between(l.Asked, l.Answered)
		if !known {
			uncounted++
			continue
		}
		took = append(took, n)
		if n > o.Days {
			p.Report(o.finding(l, n))
		}
	}
	due := len(took)
	if due > 0 {
		slices.Sort(took)
		p.Measure(inspect.ReplyDays, float64(took[(due-1)/2]))
	}
	why := messages.Unread(p, read)
	switch {
	case uncounted > 0:
		why = fmt.Sprintf("%d条留言所跨年度的放假安排未知", uncounted)
	case why == "" && due == 0:
		why = "近期的留言没有同时标明留言时间和答复时间"
	}
	if why != "" {
		due++
		p.Report(inspect.Finding{Outcome: inspect.Unknown, Locus: "messages", Message: "答复时限未能判定：" + why})
	}
	p.Due(due)
	return nil
}

// finding speaks of a late answer. Which question is simple no program knows,
// so a person looks at what only passes the limit for those.
func (o options) finding(l *messages.Letter, n int) inspect.Finding {
	f := inspect.Finding{Locus: l.Key, Class: "simple", Outcome: inspect.Review, Value: float64(n), Unit: "工作日"}
	f.URL, f.Evidence = l.Where()
	f.Message = fmt.Sprintf("留言“%s”%s提出，%s答复，用时%d个工作日，超过简单常见问题%d个工作日的时限，是否属于简单常见问题请人工确认",
		l.Name, day(l.Asked), day(l.Answered), n, o.Days)
	if o.Longest > 0 && n > o.Longest {
		f.Class, f.Outcome = "any", inspect.Fail
		f.Message = fmt.Sprintf("留言“%s”%s提出，%s答复，用时%d个工作日，超过%d个工作日", l.Name, day(l.Asked), day(l.Answered), n, o.Longest)
	}
	return f
}

func day(t time.Time) string { return t.In(inspect.Zone).Format(time.DateOnly) }
