package inspect_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/inspect"
)

// deduction is a verified item of the deduction part.
func deduction(id string, points float64, classes ...string) inspect.Item {
	return inspect.Item{ID: id, Part: inspect.Deduction, Checks: []string{"stale"}, Classes: classes, Points: points,
		Mark: inspect.Verified, PointsMark: inspect.Verified, Portal: true}
}

func book(items ...inspect.Item) *inspect.Rulebook {
	return &inspect.Rulebook{Items: items, Full: 100, PassAt: 60, BonusAbove: 80}
}

func stale(outcome inspect.Outcome, class string, n int) []inspect.Finding {
	out := make([]inspect.Finding, n)
	for i := range out {
		out[i] = inspect.Finding{Check: "stale", Outcome: outcome, Class: class, Locus: class + string(rune('A'+i))}
	}
	return out
}

func join(lists ...[]inspect.Finding) (out []inspect.Finding) {
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

var portal = &inspect.Site{ID: "p", Kind: inspect.Website, Portal: true}

// The public example: a department's own report of 2019 Q2, 100-5-2-3 and a
// last point that it does not name, 89.
func TestJudgeExample(t *testing.T) {
	t.Parallel()
	rb := book(deduction("D-05", 5, "policy"), deduction("D-12", 2, "service-stats"), deduction("D-18", 3, "messages"), deduction("D-xx", 1, "other"))
	g := inspect.Judge(portal, rb, join(stale(inspect.Fail, "policy", 1), stale(inspect.Fail, "service-stats", 1),
		stale(inspect.Fail, "messages", 1), stale(inspect.Fail, "other", 1)))
	if g.Points != 89 || g.Verdict != inspect.Passed || !g.BonusOpen || g.Unverified {
		t.Errorf("grade = %+v, want 89 points, passed", g)
	}
}

func TestJudgeBounds(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		points float64
		want   inspect.Decision
		bonus  bool
	}{
		{"60 passes", 40, inspect.Passed, false},
		{"below 60 fails", 40.01, inspect.Failed, false},
		{"80 opens no bonus", 20, inspect.Passed, false},
		{"above 80 does", 19.99, inspect.Passed, true},
		{"never below 0", 500, inspect.Failed, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			g := inspect.Judge(portal, book(deduction("D", tc.points)), stale(inspect.Fail, "news", 1))
			if g.Verdict != tc.want || g.BonusOpen != tc.bonus || g.Points < 0 {
				t.Errorf("grade = %+v, want %s, bonus %v", g, tc.want, tc.bonus)
			}
		})
	}
}

// SC-8: a fact is deducted once; SC-6: an item never costs more than its own points.
func TestJudgeOnceAndCapped(t *testing.T) {
	t.Parallel()
	catchAll := deduction("D-10", 1)
	catchAll.CatchAll, catchAll.Cap = true, -1
	capped := deduction("D-29", 1, "labels")
	capped.Cap = 5
	findings := join(stale(inspect.Fail, "policy", 2), stale(inspect.Fail, "topic", 3), stale(inspect.Fail, "labels", 9))
	// The catch-all stands first and still comes last.
	g := inspect.Judge(portal, book(catchAll, deduction("D-05", 5, "policy"), capped), findings)
	if g.Points != 100-5-3-5 {
		t.Errorf("points = %v, want 87", g.Points)
	}
	if diff := cmp.Diff([]string{"D-05"}, findings[0].Items); diff != "" {
		t.Errorf("items of the stale policy column (-want +got):\n%s", diff)
	}
}

func TestJudgeVeto(t *testing.T) {
	t.Parallel()
	veto := inspect.Item{ID: "SV-4a", Part: inspect.Veto, Checks: []string{"stale"}, Classes: []string{"news", "policy@top"}, AtLeast: 5, Mark: inspect.Verified}
	review, memory := veto, veto
	review.Review, memory.Mark = true, inspect.FromMemory
	site := &inspect.Site{ID: "s", Columns: []inspect.Column{{Name: "policyA", TopLevel: true}, {Name: "policyB"}}}
	for _, tc := range []struct {
		name     string
		item     inspect.Item
		findings []inspect.Finding
		want     inspect.Decision
		vetoes   []string
	}{
		{"four of five", veto, stale(inspect.Fail, "news", 4), inspect.Passed, []string{}},
		{"five", veto, stale(inspect.Fail, "news", 5), inspect.Failed, []string{"SV-4a"}},
		{"kinds add up, first level alone", veto, join(stale(inspect.Fail, "news", 4), stale(inspect.Fail, "policy", 1)), inspect.Failed, []string{"SV-4a"}},
		{"lower levels do not count", veto, join(stale(inspect.Fail, "news", 3), stale(inspect.Fail, "policy", 2)), inspect.Passed, []string{}},
		{"what could not be told leaves it open", veto, join(stale(inspect.Fail, "news", 4), stale(inspect.Unknown, "policy", 1)), inspect.Undecided, []string{}},
		{"what could not be told and cannot decide", veto, join(stale(inspect.Fail, "news", 3), stale(inspect.Unknown, "policy", 1)), inspect.Passed, []string{}},
		{"a person must confirm", review, stale(inspect.Fail, "news", 5), inspect.Undecided, []string{}},
		{"a clause that nobody verified", memory, stale(inspect.Fail, "news", 5), inspect.Undecided, []string{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			g := inspect.Judge(site, book(tc.item), tc.findings)
			if g.Verdict != tc.want {
				t.Errorf("verdict = %s, want %s (%+v)", g.Verdict, tc.want, g)
			}
			if diff := cmp.Diff(tc.vetoes, g.Vetoes); diff != "" {
				t.Errorf("vetoes (-want +got):\n%s", diff)
			}
		})
	}
}

// Promise 1: could-not-tell costs no points, and neither does a suspicion; a
// price that nobody verified fails no site by itself.
func TestJudgeNeverByDoubt(t *testing.T) {
	t.Parallel()
	review := deduction("D-08", 50, "news")
	review.Review = true
	doubtful := deduction("D-02", 50, "news")
	doubtful.PointsMark = inspect.FromMemory
	for _, tc := range []struct {
		name   string
		item   inspect.Item
		with   inspect.Outcome
		points float64
		want   inspect.Decision
	}{
		{"unknown", deduction("D-04", 50, "news"), inspect.Unknown, 100, inspect.Passed},
		{"suspicion", deduction("D-04", 50, "news"), inspect.Review, 100, inspect.Passed},
		{"item under review", review, inspect.Fail, 100, inspect.Passed},
		{"price from memory", doubtful, inspect.Fail, 50, inspect.Undecided},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			g := inspect.Judge(portal, book(tc.item), stale(tc.with, "news", 1))
			if g.Points != tc.points || g.Verdict != tc.want {
				t.Errorf("grade = %+v, want %v points, %s", g, tc.points, tc.want)
			}
		})
	}
}

// Items of portals and of accounts have no place in the grade of another
// target, and what no check measures is left for a person.
func TestJudgeScope(t *testing.T) {
	t.Parallel()
	account := inspect.Item{ID: "MV-2a", Kind: inspect.Account, Part: inspect.Veto, Person: true}
	advice := inspect.Item{ID: "LK-5", Part: inspect.Advice}
	unbuilt := inspect.Item{ID: "SV-2", Part: inspect.Veto}
	rb := book(account, advice, unbuilt, deduction("D-04", 5, "news"))
	g := inspect.Judge(&inspect.Site{ID: "s"}, rb, stale(inspect.Fail, "news", 1))
	if diff := cmp.Diff([]string{"SV-2"}, g.ForPerson); diff != "" || g.Points != 100 || g.Scored {
		t.Errorf("grade of a department's site = %+v", g)
	}
	g = inspect.Judge(&inspect.Site{ID: "a", Kind: inspect.Account}, rb, nil)
	if diff := cmp.Diff([]string{"MV-2a"}, g.ForPerson); diff != "" {
		t.Errorf("for a person, of an account (-want +got):\n%s", diff)
	}
}

func BenchmarkJudge(b *testing.B) {
	items := make([]inspect.Item, 120)
	for i := range items {
		items[i] = deduction("D", 1, string(rune('a'+i%26)))
	}
	rb, findings := book(items...), stale(inspect.Fail, "c", 500)
	b.ReportAllocs()
	for b.Loop() {
		for i := range findings {
			findings[i].Items = nil
		}
		inspect.Judge(portal, rb, findings)
	}
}

// Columns that could not be read or dated, and columns that nobody named,
// leave a veto on columns open; they never make it true.
func TestJudgeColumnsUntold(t *testing.T) {
	t.Parallel()
	veto := inspect.Item{ID: "SV", Part: inspect.Veto, AtLeast: 5, Checks: []string{"column-stale", "column-unreadable"}, Mark: inspect.Verified}
	watched := &inspect.Site{ID: "w", Kind: inspect.Website, Columns: []inspect.Column{{Name: "要闻"}}}
	unread := make([]inspect.Finding, 5)
	for i := range unread {
		unread[i] = inspect.Finding{Check: "column-unreadable", Outcome: inspect.Unknown, Locus: string(rune('a' + i))}
	}
	for _, tc := range []struct {
		name     string
		site     *inspect.Site
		findings []inspect.Finding
		want     inspect.Decision
	}{
		{"five unread", watched, unread, inspect.Undecided},
		{"four unread", watched, unread[:4], inspect.Passed},
		{"no columns", portal, nil, inspect.Undecided},
		{"columns and nothing wrong", watched, nil, inspect.Passed},
	} {
		if g := inspect.Judge(tc.site, book(veto), tc.findings); g.Verdict != tc.want || len(g.Vetoes) > 0 {
			t.Errorf("%s: %s, vetoes %v, want %s", tc.name, g.Verdict, g.Vetoes, tc.want)
		}
	}
}
