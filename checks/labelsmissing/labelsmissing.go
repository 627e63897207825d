// Package labelsmissing is the check labels-missing.
package labelsmissing

import (
	"context"
	_ "embed"

	"github.com/xunjian/xunjian/checks/labels"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check labels-missing.
var Check = inspect.NewCheck("labels-missing", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	required := labels.Required(p.Page.Parts().Kind)
	if required == nil {
		p.Due(0)
		return nil
	}
	have := p.Page.Labels()
	for _, l := range required {
		v := have[l.Key]
		if v.Content != "" {
			continue
		}
		what := "缺少"
		if v.Count > 0 {
			what = "未填写"
		}
		p.Report(inspect.Finding{Locus: l.Name, Class: l.Group, Template: true,
			Message: "页面" + what + labels.Chinese(l.Group) + " " + l.Name})
	}
	return nil
}
