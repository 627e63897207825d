// Package typo is the check typo: likely wrong characters.
package typo

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/xunjian/xunjian/checks/lexicon"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

type options struct {
	// Packs are local word lists, laid over those that come along.
	Packs []lexicon.Pack `yaml:"packs"`
}

// Check is the check typo.
var Check = lexicon.NewCheck("typo", rule, options{}, func(o options) []lexicon.Pack { return o.Packs }, run).Timeless().AlsoFiles()

func run(_ context.Context, p *inspect.Pass, l *lexicon.Lexicon, _ options) error {
	r := lexicon.Of(p.Page)
	if lexicon.Unread(p, r.Text) {
		return nil
	}
	for _, w := range lexicon.Words(l.Hits(r)) {
		p.Report(w.Finding(p.Page, r.Text, fmt.Sprintf("“%s”疑为“%s”之误", w.Entry.Wrong, w.Entry.Right)))
	}
	return nil
}
