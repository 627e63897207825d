// Package servicestatistics is the check service-statistics.
package servicestatistics

import (
	"context"
	_ "embed"

	"github.com/xunjian/xunjian/checks/statistics"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

type options struct {
	Stale inspect.Window `yaml:"stale"`
}

// Check is the check service-statistics.
var Check = inspect.NewCheck("service-statistics", rule, inspect.PerSite, options{}, run).Timeless().Gathering(statistics.Services.Gather, statistics.Page{})

func run(_ context.Context, p *inspect.Pass, o options) error {
	statistics.Services.Run(p, o.Stale)
	return nil
}
