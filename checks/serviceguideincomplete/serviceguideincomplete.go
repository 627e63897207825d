// Package serviceguideincomplete is the check service-guide-incomplete.
package serviceguideincomplete

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/xunjian/xunjian/checks/guides"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

type options struct {
	Many int `yaml:"many"` // classes missing that make a guide one of those that the veto counts
}

// Check is the check service-guide-incomplete.
var Check = inspect.NewCheck("service-guide-incomplete", rule, inspect.PerPage, options{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, o options) error {
	g := guides.Of(p.Page)
	if g == nil {
		p.Due(0)
		return nil
	}
	if len(g.Missing) == 0 {
		return nil
	}
	f := inspect.Finding{Locus: "elements", Class: "some", Value: float64(len(g.Missing)), Unit: "类"}
	if len(g.Missing) >= o.Many {
		f.Class = "four"
	}
	names := make([]string, len(g.Missing))
	for i, e := range g.Missing {
		names[i] = e.Name
	}
	f.Message = fmt.Sprintf("办事指南“%s”缺少%d类要素：%s", g.Name, len(names), strings.Join(names, "、"))
	switch {
	case g.Why != "":
		f.Outcome, f.Class, f.Value, f.Unit = inspect.Unknown, "", 0, ""
		f.Message = fmt.Sprintf("办事指南“%s”的要素未能判定：%s", g.Name, g.Why)
	case !g.Sure():
		f.Outcome = inspect.Review
		f.Message += "；页面没有逐项列出要素，是否为办事指南请人工确认"
	}
	p.Report(f)
	return nil
}
