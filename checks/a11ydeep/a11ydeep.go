// Package a11ydeep is the check a11y-deep: what axe-core says of sampled pages
// in a browser.
package a11ydeep

import (
	"context"
	_ "embed"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"

	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

type options struct {
	// Pages is how many pages are sampled at most, without the registered
	// columns that only a script fills.
	Pages int `yaml:"pages"`
}

// Check is the check a11y-deep.
var Check = inspect.NewCheck("a11y-deep", rule, inspect.PerSite, options{}, run).Sampling(func(p *inspect.Pass) []string { return Sample(p, defaultPages) }).InBrowser()

// defaultPages is what Sampling goes by, which sees no options; run holds the
// rule page to the same number.
const defaultPages = 20

// Sample chooses pages: the home page, then one page of every kind in each
// folder of the site, which is a fair stand-in for a template, kinds in turn,
// then more by a fixed order that has nothing to do with what they hold.
func Sample(p *inspect.Pass, n int) []string {
	strata := map[string][]*inspect.Facts{}
	var keys []string
	for f := range p.Pages {
		if f.Status/100 != 2 || f.Verdict != inspect.Fine && f.Verdict != inspect.Information || f.Kind == inspect.ErrorPage || f.Kind == inspect.RedirectPage || f.Kind == inspect.FilePage {
			continue
		}
		k := string(f.Kind) + " " + folder(f.URL)
		if f.Kind == inspect.HomePage {
			k = "" // first of all
		}
		if strata[k] == nil {
			keys = append(keys, k)
		}
		strata[k] = append(strata[k], f)
	}
	slices.Sort(keys)
	for _, k := range keys {
		slices.SortFunc(strata[k], func(a, b *inspect.Facts) int { return strings.Compare(order(a.URL), order(b.URL)) })
	}
	var out []string
	for round := 0; len(out) < n; round++ {
		took := false
		for _, k := range byKind(keys) {
			if round < len(strata[k]) && len(out) < n {
				out = append(out, strata[k][round].URL)
				took = true
			}
		}
		if !took {
			break
		}
	}
	return out
}

// byKind puts one stratum of every kind first, then the second of each.
func byKind(keys []string) (out []string) {
	seen := map[string]int{}
	rank := map[string]int{}
	for _, k := range keys {
		kind, _, _ := strings.Cut(k, " ")
		rank[k] = seen[kind]
		seen[kind]++
	}
	out = slices.Clone(keys)
	slices.SortStableFunc(out, func(a, b string) int { return rank[a] - rank[b] })
	return out
}

func folder(u string) string {
	path := inspect.Path(u)
	parts := strings.Split(path, "/")
	return strings.Join(parts[:min(3, len(parts))], "/")
}

// order is an order of addresses that has nothing to do with what they hold.
func order(u string) string {
	h := fnv.New64a()
	h.Write([]byte(u))
	return fmt.Sprintf("%016x", h.Sum64())
}

func run(_ context.Context, p *inspect.Pass, o options) error {
	chosen := Sample(p, max(o.Pages, 1))
	due := 0
	all := tally{}
	for r := range p.Rendered {
		if !slices.Contains(chosen, r.URL) {
			continue // shown for its list only
		}
		due++
		if r.Problem != "" {
			p.Report(inspect.Finding{Outcome: inspect.Unknown, URL: r.URL, Locus: "browser", Message: "深度无障碍检查未能进行：" + r.Problem,
				Evidence: inspect.Evidence{Fetched: r.At}})
			continue
		}
		key := r.Elements()
		for i := range r.Violations {
			all.add(r, &r.Violations[i], inspect.Fail, key)
		}
		for i := range r.Incomplete {
			all.add(r, &r.Incomplete[i], inspect.Review, key)
		}
	}
	all.report(p)
	p.Due(due)
	return nil
}

// A said is what axe-core says of one rule, over all pages.
type said struct {
	rule    *inspect.Violation // where it was said first
	outcome inspect.Outcome
	pages   []onPage
	on      map[uint64]int // by element: how many of the pages show it
}

// An onPage is the elements of one page, each once.
type onPage struct {
	page  *inspect.Rendered
	keys  []uint64
	nodes []inspect.ViolationNode
}

// A tally is what was said, by rule and outcome.
type tally map[string]*said

func (t tally) add(r *inspect.Rendered, v *inspect.Violation, o inspect.Outcome, key func(*inspect.ViolationNode) uint64) {
	if len(v.WCAG) == 0 {
		o = inspect.Review // no norm asks for it
	}
	k := v.Rule + " " + string(o)
	if t[k] == nil {
		t[k] = &said{rule: v, outcome: o, on: map[uint64]int{}}
	}
	s := t[k]
	if n := len(s.pages); n == 0 || s.pages[n-1].page != r {
		s.pages = append(s.pages, onPage{page: r})
	}
	at := &s.pages[len(s.pages)-1]
	for i := range v.Nodes {
		x := key(&v.Nodes[i])
		if !slices.Contains(at.keys, x) {
			s.on[x]++
		}
		at.keys, at.nodes = append(at.keys, x), append(at.nodes, v.Nodes[i])
	}
}

// report tells each rule once a page, and what stands on several pages once
// for all of them: one repair mends it. Neither place names an element, so that
// mending some of them makes no new fault.
func (t tally) report(p *inspect.Pass) {
	for _, k := range slices.Sorted(maps.Keys(t)) {
		s := t[k]
		var shared []inspect.ViolationNode
		have := map[uint64]int{} // of shared: as many as one page shows
		var on []*inspect.Rendered
		for _, at := range s.pages {
			var own []inspect.ViolationNode
			here := map[uint64]int{}
			for i, x := range at.keys {
				if s.on[x] < 2 {
					own = append(own, at.nodes[i])
				} else if here[x]++; here[x] > have[x] {
					have[x]++
					shared = append(shared, at.nodes[i])
				}
			}
			if own != nil {
				p.Report(s.finding(at.page, own, false))
			}
			if len(here) > 0 {
				on = append(on, at.page)
			}
		}
		for _, r := range on {
			p.Report(s.finding(r, shared, true))
		}
	}
}

// maxElements is how many elements a finding names.
const maxElements = 20

func (s *said) finding(r *inspect.Rendered, nodes []inspect.ViolationNode, template bool) inspect.Finding {
	v := s.rule
	f := inspect.Finding{Outcome: s.outcome, URL: r.URL, Locus: "axe-" + v.Rule, Class: "axe-" + v.Rule, Template: template, Value: float64(len(nodes)), Unit: "处",
		Evidence: inspect.Evidence{Status: 200, Fetched: r.At},
		Browser:  &inspect.BrowserFault{Engine: r.Engine, Impact: v.Impact, WCAG: v.WCAG, Elements: nodes[:min(len(nodes), maxElements)]}}
	if template {
		f.Locus += " 多页共有"
	}
	head := "不符合 WCAG "
	switch {
	case len(v.WCAG) == 0:
		head = "最佳实践（建议）"
	case s.outcome == inspect.Review:
		head = "需人工确认 WCAG "
		f.Locus += " 待确认" // what a person says of it is not said of the faults
	}
	f.Message = fmt.Sprintf("%s%s：%s（%d 处，%s，%s）", head, strings.Join(v.WCAG, "、"), v.Help, len(nodes), impact(v.Impact), r.Engine)
	return f
}

func impact(s string) string {
	switch s {
	case "critical":
		return "影响严重"
	case "serious":
		return "影响较大"
	case "moderate":
		return "影响一般"
	}
	return "影响轻微"
}
