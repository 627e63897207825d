// Package misstatement is the check misstatement: wrong wordings of the state,
// the party, leaders and territory.
package misstatement

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

// Check is the check misstatement.
var Check = lexicon.NewCheck("misstatement", rule, options{}, func(o options) []lexicon.Pack { return o.Packs }, run).Timeless().AlsoFiles()

func run(_ context.Context, p *inspect.Pass, l *lexicon.Lexicon, _ options) error {
	r := lexicon.Of(p.Page)
	if lexicon.Unread(p, r.Text) {
		return nil
	}
	for _, w := range lexicon.Words(l.Hits(r)) {
		p.Report(w.Finding(p.Page, r.Text, Say(w.Entry)))
	}
	return nil
}

// Say is what is said of a wording.
func Say(e *lexicon.Entry) string {
	switch {
	case e.Kind == "office":
		return fmt.Sprintf("“%s”与发布日期时的任职情况不符，疑为表述错误", e.Wrong)
	case e.Right == "":
		return fmt.Sprintf("“%s”疑为不规范表述", e.Wrong)
	}
	return fmt.Sprintf("“%s”疑为表述错误，规范表述为“%s”", e.Wrong, e.Right)
}
