// Package homeslow is the check home-slow.
package homeslow

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/xunjian/xunjian/checks/visits"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

type options struct {
	Days    int     `yaml:"days"`
	Visits  int     `yaml:"visits"`  // at least, to speak of a median
	Seconds float64 `yaml:"seconds"` // that loading should not pass
}

// Check is the check home-slow.
var Check = inspect.NewCheck("home-slow", rule, inspect.PerSite, options{}, run)

func run(_ context.Context, p *inspect.Pass, o options) error {
	t := visits.Tell(p, o.Days, 0)
	if len(t.Took) < o.Visits {
		p.Report(inspect.Finding{Outcome: inspect.Unknown, Locus: "load",
			Message: fmt.Sprintf("首页打开时间未能判定：近%d天只有%d次成功访问，不足%d次", o.Days, len(t.Took), o.Visits)})
		return nil
	}
	median, p95 := t.Quantile(0.5), t.Quantile(0.95)
	if float64(median) <= o.Seconds*1000 {
		return nil
	}
	p.Report(inspect.Finding{Locus: "load", Value: float64(median) / 1000, Unit: "秒", Evidence: t.Evidence,
		Message: fmt.Sprintf("首页（不含图片等资源）打开时间中位数%.1f秒，95%%的访问在%.1f秒以内，超过%.0f秒", float64(median)/1000, float64(p95)/1000, o.Seconds)})
	return nil
}
