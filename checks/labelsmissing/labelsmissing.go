// Package labelsmissing is the check labels-missing.
package labelsmissing

import (
	"context"
	_ "embed"
	"fmt"

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
		if have.Get(l.Name) != "" {
			continue
		}
		what := "缺少"
		if have.Has(l.Name) {
			what = "未填写"
		}
		p.Report(inspect.Finding{Locus: l.Name, Class: l.Group, Template: true,
			Message: fmt.Sprintf("页面%s%s %s", what, labels.Chinese(l.Group), l.Name)})
	}
	return nil
}
