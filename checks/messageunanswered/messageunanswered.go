// Package messageunanswered is the check message-unanswered.
package messageunanswered

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"github.com/xunjian/xunjian/checks/messages"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

type options struct {
	After inspect.Window `yaml:"after"` // silence that is too long
	Since inspect.Window `yaml:"since"` // messages that are older are not judged
}

// Check is the check message-unanswered.
var Check = inspect.NewCheck("message-unanswered", rule, inspect.PerSite, options{}, run).Timeless().Gathering(messages.Gather)

func run(_ context.Context, p *inspect.Pass, o options) error {
	read := messages.Read(p)
	due := 0
	if why := messages.Unread(p, read); why != "" {
		due++
		p.Report(inspect.Finding{Outcome: inspect.Unknown, Locus: "messages", Message: "留言答复情况未能判定：" + why})
	}
	for _, l := range read {
		if l.Asked.IsZero() || inspect.DaysBetween(p.Now, o.Since.Limit(l.Asked)) < 0 || inspect.DaysBetween(l.Asked, p.Now) < 0 {
			continue
		}
		due++
		if inspect.DaysBetween(o.After.Limit(l.Asked), p.Now) > 0 {
			o.judge(p, l)
		}
	}
	p.Due(due)
	return nil
}

// judge speaks of a message older than may be without an answer. That no
// answer is shown proves nothing; that the page says so does.
func (o options) judge(p *inspect.Pass, l *messages.Letter) {
	f := inspect.Finding{Locus: l.Key, Value: float64(inspect.DaysBetween(l.Asked, p.Now)), Unit: "天"}
	f.URL, f.Evidence = l.Where()
	asked := l.Asked.In(inspect.Zone).Format(time.DateOnly)
	switch {
	case l.Replied || l.State == messages.Done || l.State == messages.Refused:
		return
	case l.State == messages.Waiting:
		f.Class = "stated"
		f.Message = fmt.Sprintf("%s的留言“%s”标注为“%s”，已超过%s", asked, l.Name, l.Said, o.After.Chinese())
	case l.Script && (l.Whole || l.Blank):
		f.Outcome, f.Message = inspect.Unknown, fmt.Sprintf("%s的留言“%s”是否答复未能判定：页面有脚本加载内容", asked, l.Name)
	case l.Whole || l.Blank:
		f.Outcome, f.Class = inspect.Review, "not-shown"
		f.Message = fmt.Sprintf("%s的留言“%s”没有显示答复，已超过%s，请人工确认是否已答复", asked, l.Name, o.After.Chinese())
	default:
		return // a row that leads to a page which was not read
	}
	p.Report(f)
}
