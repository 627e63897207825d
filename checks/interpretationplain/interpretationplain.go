// Package interpretationplain is the check interpretation-plain.
package interpretationplain

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/xunjian/xunjian/checks/forms"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

type options struct {
	Since inspect.Window `yaml:"since"`
	Least int            `yaml:"least"` // interpretations, to speak of their forms
}

// Check is the check interpretation-plain.
var Check = inspect.NewCheck("interpretation-plain", rule, inspect.PerSite, options{}, run).Timeless().Gathering(func(p *inspect.Pass) any {
	if f := forms.Of(p.Page); f != "" {
		return f
	}
	return nil
}, forms.Form(""))

func run(_ context.Context, p *inspect.Pass, o options) error {
	count := map[forms.Form]int{}
	total, undated := 0, 0
	var last *inspect.Facts
	for g := range p.Gathered {
		form, ok := g.Kept.(forms.Form)
		switch {
		case !ok:
		case g.Page.Published.IsZero():
			undated++
		case inspect.DaysBetween(p.Now, o.Since.Limit(g.Page.Published)) >= 0 && inspect.DaysBetween(p.Now, g.Page.Published) <= 0:
			count[form]++
			total++
			if last == nil || g.Page.Published.After(last.Published) {
				last = g.Page
			}
		}
	}
	f := inspect.Finding{Locus: "forms"}
	switch {
	case total == 0 && undated == 0:
		f.Outcome, f.Message = inspect.Unknown, "解读形式未能判定：本次没有读到"+o.Since.Chinese()+"内的解读"
	case total < o.Least:
		p.Due(0)
		return nil
	case len(count) > 1:
		return nil
	default:
		f.Value, f.Unit, f.Evidence = float64(total), "篇", last.Evidence
		f.Message = fmt.Sprintf("近%s发布的%d篇解读只有一种形式：%s", o.Since.Chinese(), total, names(count))
	}
	p.Report(f)
	return nil
}

func names(count map[forms.Form]int) string {
	var out []string
	for f := range count {
		out = append(out, f.Chinese())
	}
	slices.Sort(out)
	return strings.Join(out, "、")
}
