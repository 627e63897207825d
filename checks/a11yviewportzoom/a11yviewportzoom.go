// Package a11yviewportzoom is the check a11y-viewport-zoom: a viewport that forbids to enlarge the page.
package a11yviewportzoom

import (
	"context"
	_ "embed"

	"github.com/xunjian/xunjian/checks/viewport"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html"
)

//go:embed rule.md
var rule string

// Check is the check a11y-viewport-zoom.
var Check = inspect.NewCheck("a11y-viewport-zoom", rule, inspect.PerPage, struct{}{}, run)

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	if _, err := p.Page.Doc(); err != nil {
		return err
	}
	at, why := viewport.Fixed(p.Page)
	switch {
	case at == nil:
		p.Due(0)
	case why != "":
		p.Report(inspect.Finding{Locus: "meta[name=viewport] " + why, Template: true, Nodes: []*html.Node{at}, Message: "页面禁止或限制放大：" + why})
	}
	return nil
}
