// Package advertising is the check advertising: advertisements of third
// parties, and floating windows that nobody can close.
package advertising

import (
	"context"
	_ "embed"

	"github.com/xunjian/xunjian/checks/adverts"
	"github.com/xunjian/xunjian/checks/locus"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html"
)

//go:embed rule.md
var rule string

// Check is the check advertising.
var Check = inspect.NewCheck("advertising", rule, inspect.PerPage, adverts.Options{}, run)

func run(_ context.Context, p *inspect.Pass, o adverts.Options) error {
	o.Networks(p.Page, func(network string, n *html.Node) {
		p.Report(inspect.Finding{Outcome: inspect.Review, Locus: network, Class: "network", Template: !locus.InBody(p.Page, n),
			Message: "页面加载了广告联盟“" + network + "”的内容，政府网站不得刊登商业广告，请核实"})
	})
	if n := adverts.Floating(p.Page); n != nil {
		p.Report(inspect.Finding{Outcome: inspect.Review, Locus: locus.Of(n), Class: "floating", Template: true,
			Message: "页面上的浮动窗口没有找到关闭按钮，请核实能否关闭"})
	}
	return nil
}
