// Package interpretationthin is the check interpretation-thin.
package interpretationthin

import (
	"context"
	_ "embed"
	"fmt"
	"math"
	"strings"

	"github.com/xunjian/xunjian/checks/forms"
	"github.com/xunjian/xunjian/checks/pairing"
	"github.com/xunjian/xunjian/checks/sketch"
	"github.com/xunjian/xunjian/checks/words"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

type options struct {
	Since   inspect.Window `yaml:"since"`
	Letters int            `yaml:"letters"` // below which a text cannot interpret anything
	Same    float64        `yaml:"same"`    // share of an interpretation that only repeats its document
}

// Check is the check interpretation-thin.
var Check = inspect.NewCheck("interpretation-thin", rule, inspect.PerSite, options{}, run).Timeless().Gathering(gather, look{})

// A look is what is kept of a document or an interpretation.
type look struct {
	Form    forms.Form // of an interpretation; "" of a document
	Missing []string   // what the text does not speak of
	Text    sketch.Sketch
}

// topics are what an interpretation should speak of, and words by which it does.
var topics = []struct {
	name  string
	words *words.Set
}{
	{"背景依据", words.Of("背景", "依据", "出台", "起草", "制定", "为贯彻", "为落实", "为深入", "按照", "根据")},
	{"目的意义", words.Of("目的", "意义", "目标", "为了", "旨在", "必要性", "为进一步", "为规范", "为加强", "为推动", "为推进", "为保障", "为促进")},
	{"主要举措", words.Of("主要内容", "举措", "措施", "任务", "重点", "明确了", "规定了", "提出了", "包括", "要求", "共分", "亮点", "问")},
}

func gather(p *inspect.Pass) any {
	if p.Page.Document != nil {
		return nil
	}
	form := forms.Of(p.Page)
	if form == "" && p.Page.Parts().Kind != inspect.PolicyPage {
		return nil
	}
	body := p.Page.Parts().Body
	if body == nil {
		return nil
	}
	text := p.Page.BodyText()
	l := look{Form: form, Text: sketch.Of(text)}
	for _, t := range topics {
		if form != "" && !t.words.In(text) {
			l.Missing = append(l.Missing, t.name)
		}
	}
	return l
}

func run(_ context.Context, p *inspect.Pass, o options) error {
	looks := map[*inspect.Facts]look{}
	due := 0
	for g := range p.Gathered {
		if l, ok := g.Kept.(look); ok {
			looks[g.Page] = l
			if o.judge(p, g.Page, l) {
				due++
			}
		}
	}
	b := pairing.Read(p)
	for _, f := range b.Policies {
		for _, x := range b.Of(f) {
			l, ok := looks[x.Interpretation]
			if ok && x.Strength == pairing.Sure && o.recent(p, x.Interpretation) {
				o.repeats(p, x.Interpretation, l, looks[f], f)
			}
		}
	}
	p.Due(due)
	return nil
}

func (o options) recent(p *inspect.Pass, f *inspect.Facts) bool {
	return !f.Published.IsZero() && inspect.DaysBetween(p.Now, o.Since.Limit(f.Published)) >= 0
}

// judge says what a text interpretation lacks; pictures and films say theirs
// in ways that no program here reads.
func (o options) judge(p *inspect.Pass, f *inspect.Facts, l look) bool {
	if l.Form != forms.Text || !o.recent(p, f) {
		return false
	}
	g := inspect.Finding{Outcome: inspect.Review, URL: f.URL, Locus: "content", Evidence: f.Evidence}
	switch {
	case l.Text.Letters < o.Letters:
		g.Class, g.Value, g.Unit = "short", float64(l.Text.Letters), "字"
		g.Message = fmt.Sprintf("解读“%s”只有%d字，内容是否过于简单请人工确认", f.Title, l.Text.Letters)
	case len(l.Missing) >= 2:
		g.Class = "topics"
		g.Message = fmt.Sprintf("解读“%s”没有说明%s，请人工确认", f.Title, strings.Join(l.Missing, "、"))
	default:
		return true
	}
	p.Report(g)
	return true
}

// repeats says that an interpretation only repeats its document's text.
func (o options) repeats(p *inspect.Pass, f *inspect.Facts, l, document look, policy *inspect.Facts) {
	share, ok := l.Text.Within(document.Text)
	if l.Form != forms.Text || !ok || share < o.Same {
		return
	}
	p.Report(inspect.Finding{Outcome: inspect.Review, URL: f.URL, Locus: "repeats", Class: "repeats", Value: math.Round(100 * share), Unit: "%", Evidence: f.Evidence,
		Message: fmt.Sprintf("解读“%s”约%.0f%%的内容与文件“%s”原文相同，请人工确认", f.Title, 100*share, policy.Title)})
}
