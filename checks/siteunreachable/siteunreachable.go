// Package siteunreachable is the check site-unreachable.
package siteunreachable

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
	Days    int     `yaml:"days"`    // that are looked at, the day of the check among them
	PerDay  int     `yaml:"per_day"` // visits of a day, at least
	Share   float64 `yaml:"share"`   // of failed visits, from which the site counts as unreachable
	Seconds int     `yaml:"seconds"` // from which a page that is still not open has failed
}

// Check is the check site-unreachable.
var Check = inspect.NewCheck("site-unreachable", rule, inspect.PerSite, options{}, run)

func run(_ context.Context, p *inspect.Pass, o options) error {
	t := visits.Tell(p, o.Days, o.Seconds)
	if t.Thin(o.PerDay) > 0 { // a day that has only begun cannot have them all: then the days before it
		if whole := visits.TellUntil(p, 1, o.Days, o.Seconds); whole.Thin(o.PerDay) == 0 {
			t = whole
		}
	}
	f := inspect.Finding{Locus: "visits", Evidence: t.Evidence}
	if thin := t.Thin(o.PerDay); thin > 0 {
		f.Outcome = inspect.Unknown
		f.Message = fmt.Sprintf("访问记录不足，未能判定站点能否稳定访问：近%d天有%d天的有效访问不足%d次（有效访问共%d次）", o.Days, thin, o.PerDay, t.Told)
		p.Report(f)
		return nil
	}
	share := float64(t.Failed) / float64(t.Told)
	if share < o.Share {
		return nil
	}
	f.Value, f.Unit = 100*share, "%"
	f.Message = fmt.Sprintf("近%d天访问首页%d次，%d次打不开（超过%d秒或连接失败），占%.1f%%", o.Days, t.Told, t.Failed, o.Seconds, 100*share)
	p.Report(f)
	return nil
}
