// Package interpretationmissing is the check interpretation-missing.
package interpretationmissing

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/xunjian/xunjian/checks/columns"
	"github.com/xunjian/xunjian/checks/pairing"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

type options struct {
	// Since is how far back documents are due.
	Since inspect.Window `yaml:"since"`
	// Numbers are what the numbers of the unit's own documents begin with;
	// empty: a letter of the unit's or the site's name.
	Numbers []string `yaml:"numbers"`
	// Except are words of titles of documents that need none.
	Except []string `yaml:"except"`
}

// Check is the check interpretation-missing.
var Check = inspect.NewCheck("interpretation-missing", rule, inspect.PerSite, options{}, run)

func run(_ context.Context, p *inspect.Pass, o options) error {
	b := pairing.Read(p)
	var due []*inspect.Facts
	for _, f := range b.Policies {
		if o.due(p, f) {
			due = append(due, f)
		}
	}
	p.Due(len(due))
	if len(due) == 0 {
		return nil
	}
	if why := blind(p, b); why != "" {
		p.Report(inspect.Finding{Outcome: inspect.Unknown, Locus: "interpretations",
			Message: fmt.Sprintf("%d件文件是否有解读未能判定：%s", len(due), why)})
		return nil
	}
	for _, f := range due {
		if len(b.Of(f)) > 0 || b.Listed(f) {
			continue
		}
		p.Report(inspect.Finding{Outcome: inspect.Review, URL: f.URL, Locus: f.DocNumber, Evidence: f.Evidence,
			Message: fmt.Sprintf("没有找到“%s”（%s）的政策解读，是否需要解读请人工确认", f.Title, f.DocNumber)})
	}
	return nil
}

// due reports whether a document is one of the unit's own, recent enough, and
// of a kind that can need an interpretation.
func (o options) due(p *inspect.Pass, f *inspect.Facts) bool {
	if f.DocNumber == "" || f.Published.IsZero() || columns.Future(p.Now, f.Published) {
		return false
	}
	if !o.Since.IsZero() && inspect.DaysBetween(p.Now, o.Since.Limit(f.Published)) < 0 {
		return false
	}
	for _, w := range o.Except {
		if strings.Contains(f.Title, w) {
			return false
		}
	}
	return o.own(p.Site, f.DocNumber)
}

// own reports whether a document number is of the unit's own series.
func (o options) own(s *inspect.Site, number string) bool {
	for _, n := range o.Numbers {
		if strings.HasPrefix(number, n) {
			return true
		}
	}
	if len(o.Numbers) > 0 {
		return false
	}
	first := string([]rune(number)[0])
	return strings.Contains(s.Unit+s.Name, first)
}

// blind says why interpretations could not be seen, "" if they could.
func blind(p *inspect.Pass, b *pairing.Book) string {
	if len(b.Interpretations) > 0 || len(b.Titles) > 0 {
		return ""
	}
	for i := range p.Site.Columns {
		c := &p.Site.Columns[i]
		if c.Genre != inspect.Interpretation {
			continue
		}
		if r := columns.Read(p, c); r.State == columns.Unreadable {
			return "解读栏目“" + c.Name + "”未能读取，" + r.Why
		}
		return "" // read, and found empty
	}
	return "本次没有读到解读页面，也没有登记解读栏目"
}
