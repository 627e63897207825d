// Package a11ydeep is the check a11y-deep: what axe-core says of sampled pages
// in a browser.
package a11ydeep

import (
	"context"
	_ "embed"
	"fmt"
	"hash/fnv"
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
	due, shown := 0, 0
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
		shown++
		for _, v := range r.Violations {
			p.Report(finding(r, &v, inspect.Fail))
		}
		for _, v := range r.Incomplete {
			p.Report(finding(r, &v, inspect.Review))
		}
	}
	p.Due(due)
	return nil
}

// finding is one rule on one page; the same rule and element on more pages is
// one place of a template.
func finding(r *inspect.Rendered, v *inspect.Violation, o inspect.Outcome) inspect.Finding {
	n := v.Nodes[0]
	say := "不符合"
	if o == inspect.Review {
		say = "需人工确认"
	}
	f := inspect.Finding{Outcome: o, URL: r.URL, Locus: "axe-" + v.Rule + " " + n.Target, Class: "axe-" + v.Rule, Template: true, Value: float64(len(v.Nodes)), Unit: "处",
		Evidence: inspect.Evidence{Status: 200, Fetched: r.At},
		Message:  fmt.Sprintf("%s：%s（%s）", say, v.Help, r.Engine)}
	if len(v.WCAG) > 0 {
		f.Message = fmt.Sprintf("%s WCAG %s：%s（%s，%s）", say, strings.Join(v.WCAG, "、"), v.Help, impact(v.Impact), r.Engine)
	}
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
