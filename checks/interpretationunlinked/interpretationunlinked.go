// Package interpretationunlinked is the check interpretation-unlinked.
package interpretationunlinked

import (
	"context"
	_ "embed"
	"fmt"
	"slices"

	"github.com/xunjian/xunjian/checks/pairing"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check interpretation-unlinked.
var Check = inspect.NewCheck("interpretation-unlinked", rule, inspect.PerSite, struct{}{}, run)

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	b := pairing.Read(p)
	due := 0
	graph := []edge{}
	for _, f := range b.Policies {
		pairs := slices.DeleteFunc(b.Of(f), func(x pairing.Pair) bool { return x.Strength == pairing.Linked })
		due += len(pairs)
		for _, x := range pairs {
			graph = append(graph, edge{x.Policy.URL, x.Interpretation.URL, x.Strength == pairing.Sure, x.Forth, x.Back})
		}
		forth := false
		for _, x := range pairs {
			forth = forth || x.Forth
		}
		for i, x := range pairs {
			// A document need link only one of its interpretations.
			judge(p, x, !forth && i == 0)
		}
	}
	p.Due(due)
	p.Keep(graph)
	return nil
}

// An edge of the graph of documents and interpretations, which is kept with
// the inspection.
type edge struct {
	Policy         string `json:"policy"`
	Interpretation string `json:"interpretation"`
	Sure           bool   `json:"sure"`
	Forth          bool   `json:"forth"` // the document links the interpretation
	Back           bool   `json:"back"`
}

// judge reports each direction of a pair that has no link.
func judge(p *inspect.Pass, x pairing.Pair, forthMissing bool) {
	if forthMissing {
		p.Report(finding(x, x.Policy, x.Interpretation, "文件“%s”的页面没有链接到其解读“%s”"))
	}
	if !x.Back {
		p.Report(finding(x, x.Interpretation, x.Policy, "解读“%s”的页面没有链接到所解读的文件“%s”"))
	}
}

func finding(x pairing.Pair, from, to *inspect.Facts, format string) inspect.Finding {
	f := inspect.Finding{URL: from.URL, Locus: to.URL, Evidence: from.Evidence, Message: fmt.Sprintf(format, from.Title, to.Title)}
	switch {
	case from.Loads != "":
		f.Outcome = inspect.Unknown
		f.Message += "；页面有脚本加载内容，未能判定"
	case x.Strength != pairing.Sure:
		f.Outcome = inspect.Review
		f.Message += "；两者按标题推定对应，需人工确认"
	}
	return f
}
