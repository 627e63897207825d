// Package httpsmissing is the check https-missing.
package httpsmissing

import (
	"context"
	_ "embed"
	"strings"

	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check https-missing.
var Check = inspect.NewCheck("https-missing", rule, inspect.PerSite, struct{}{}, run)

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	if strings.HasPrefix(p.Site.Home, "https://") {
		return nil
	}
	f := p.Facts(p.Site.Home)
	if f == nil || f.Status/100 != 2 || f.Verdict != inspect.Fine && f.Verdict != inspect.Information {
		p.Report(inspect.Finding{Outcome: inspect.Unknown, Locus: "https", Message: "首页未能读取，未能判定是否使用加密访问"})
		return nil
	}
	if strings.HasPrefix(f.Landed, "https://") {
		return nil
	}
	p.Report(inspect.Finding{Locus: "https", Message: "首页以 http:// 打开，没有转到 https:// 加密访问"})
	return nil
}
