// Package messageincomplete is the check message-incomplete.
package messageincomplete

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/xunjian/xunjian/checks/messages"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check message-incomplete.
var Check = inspect.NewCheck("message-incomplete", rule, inspect.PerPage, struct{}{}, run).Timeless()

// elements are what a published answer must show.
var elements = []struct {
	part messages.Part
	name string
	has  func(m *messages.Message) bool
}{
	{messages.Asked, "留言时间", func(m *messages.Message) bool { return !m.Asked.IsZero() }},
	{messages.Answered, "答复时间", func(m *messages.Message) bool { return !m.Answered.IsZero() }},
	{messages.Unit, "答复单位", func(m *messages.Message) bool { return m.Unit != "" }},
	{messages.Reply, "答复内容", func(m *messages.Message) bool { return m.Reply != "" || m.Media }},
}

// A lack is an element that messages of the page do not show.
type lack struct {
	count  int
	first  string
	empty  bool // a place for it is there, and nothing in it
	review bool
}

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	b := messages.Of(p.Page)
	due := 0
	lacks := make([]lack, len(elements))
	for i := range b.Messages {
		m := &b.Messages[i]
		if !m.Whole || !m.HasReply() {
			continue // its own page shows the rest, or nobody answered
		}
		due++
		for k := range elements {
			if !elements[k].has(m) {
				lacks[k].add(p, m, elements[k].part)
			}
		}
	}
	p.Due(due)
	for k := range elements {
		if lacks[k].count == 0 {
			continue
		}
		if b.Script != "" {
			p.Due(1)
			p.Report(inspect.Finding{Outcome: inspect.Unknown, Locus: "elements",
				Message: fmt.Sprintf("公开留言的%s等要素未能判定：页面有脚本加载内容（%s）", elements[k].name, b.Script)})
			return nil
		}
		report(p, k, &lacks[k], due)
	}
	return nil
}

// add counts a message. A date without a label may be the one that is sought,
// and on the site of one office everybody knows who answers.
func (l *lack) add(p *inspect.Pass, m *messages.Message, part messages.Part) {
	if l.count == 0 {
		l.first = m.Name()
	}
	l.count++
	labelled := m.Labels[part]
	l.empty = l.empty || labelled
	switch {
	case labelled:
	case part == messages.Unit:
		l.review = l.review || !p.Site.Portal
	case part == messages.Reply:
		l.review = true
	default:
		l.review = l.review || m.Dates > 0
	}
}

// report speaks of one element. What no message of the page shows is the
// template's fault, the same on all its pages.
func report(p *inspect.Pass, k int, l *lack, all int) {
	e := &elements[k]
	f := inspect.Finding{Locus: string(e.part), Class: string(e.part), Value: float64(l.count), Unit: "条"}
	f.Template = !l.empty && l.count == all
	how := "没有标明"
	if l.empty {
		f.Locus += " (empty)"
		how = "没有填写"
	}
	f.Message = fmt.Sprintf("公开的留言%s%s", how, e.name)
	if !f.Template {
		f.Message += fmt.Sprintf("：%d条，如“%s”", l.count, l.first)
	}
	if l.review {
		f.Outcome = inspect.Review
		f.Message += "，请人工确认"
	}
	p.Report(f)
}
