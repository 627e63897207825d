// Package illegalcontent is the check illegal-content: words of gambling,
// pornography and fraud where nothing speaks against them.
package illegalcontent

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/xunjian/xunjian/checks/lexicon"
	"github.com/xunjian/xunjian/checks/prose"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

type options struct {
	// Packs are local word lists, laid over those that come along.
	Packs []lexicon.Pack `yaml:"packs"`
}

// Check is the check illegal-content.
var Check = lexicon.NewCheck("illegal-content", rule, options{}, func(o options) []lexicon.Pack { return o.Packs }, run).Timeless().AlsoFiles()

// kinds are the kinds of words, in the order in which they are told.
var kinds = []struct{ kind, chinese string }{{"gambling", "赌博"}, {"porn", "色情"}, {"fraud", "欺诈"}}

func run(_ context.Context, p *inspect.Pass, l *lexicon.Lexicon, _ options) error {
	r := lexicon.Of(p.Page)
	if lexicon.Unread(p, r.Text) {
		return nil
	}
	words := Telling(r.Text, l.Hits(r))
	for _, k := range kinds {
		var of []lexicon.Word
		for _, w := range words {
			if w.Entry.Kind == k.kind {
				of = append(of, w)
			}
		}
		if len(of) > 0 {
			p.Report(finding(p.Page, r.Text, k.kind, k.chinese, of))
		}
	}
	return nil
}

// Telling are the words by which a text may be one that offers such things:
// two different ones, or one that is a link or the title.
func Telling(t *prose.Text, hits []lexicon.Hit) []lexicon.Word {
	words := lexicon.Words(hits)
	if len(words) != 1 {
		return words
	}
	for _, h := range hits {
		if b := t.Block(h.Start); b.Linked || b.Head {
			return words
		}
	}
	return nil
}

func finding(p *inspect.Page, t *prose.Text, kind, chinese string, words []lexicon.Word) inspect.Finding {
	var names []string
	n := 0
	own := false
	for _, w := range words {
		names = append(names, w.Entry.Wrong)
		n += len(w.Hits)
		for _, h := range w.Hits {
			own = own || lexicon.Own(p, t, h.Start)
		}
	}
	more := ""
	if len(names) > 5 {
		names, more = names[:5], "等"
	}
	h := words[0].Hits[0]
	return inspect.Finding{Outcome: inspect.Review, Locus: kind, Class: kind, Value: float64(n), Unit: "处", Template: p.Document == nil && !own,
		Message: fmt.Sprintf("出现疑似%s类用语“%s”%s：%s%s", chinese, strings.Join(names, "”“"), more, lexicon.Excerpt(t, h.Start, h.End), lexicon.Where(t, h.Start))}
}
