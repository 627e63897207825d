// Package messagestatistics is the check message-statistics.
package messagestatistics

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

// Check is the check message-statistics.
var Check = inspect.NewCheck("message-statistics", rule, inspect.PerSite, options{}, run).Timeless().Gathering(statistics.Letters.Gather, statistics.Page{})

func run(_ context.Context, p *inspect.Pass, o options) error {
	statistics.Letters.Run(p, o.Stale)
	return nil
}
