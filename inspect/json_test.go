package inspect_test

import (
	"context"
	"strings"
	"testing"

	"github.com/xunjian/xunjian/inspect"
)

// Other tools read this: keys keep their order, and the form only grows.
func TestJSONForm(t *testing.T) {
	t.Parallel()
	rb := rules(
		bound("label", inspect.PerPage, func(_ context.Context, p *inspect.Pass) error {
			p.Report(inspect.Finding{Locus: "PubDate", Class: "inner", Message: "缺少 <PubDate> & 其他", Value: 2, Unit: "个", Template: true})
			return nil
		}),
		bound("link", inspect.PerSite, func(_ context.Context, p *inspect.Pass) error {
			p.Clock(inspect.Clock{Name: "要闻", URL: home + "xw/", Genre: inspect.News, Newest: today.AddDate(0, 0, -4), Window: inspect.Window{Days: 14}, Limit: today.AddDate(0, 0, 10), Left: 10})
			p.Report(inspect.Finding{Outcome: inspect.Unknown, Locus: home + "x", Message: "打开超时"})
			p.Report(inspect.Finding{Outcome: inspect.Review, Locus: home + "y", Message: "跳转到首页"})
			return nil
		}))
	rb.Items = []inspect.Item{{ID: "D-29", Part: inspect.Deduction, Checks: []string{"label"}, Points: 2, Mark: inspect.Verified, PointsMark: inspect.FromMemory},
		{ID: "SV-1", Part: inspect.Veto, Person: true}}
	f := append(pages(newPage(home, `<a href="/gone.html">一</a>`), newPage(home+"b.html", "<p>二")),
		inspect.Event{Target: &inspect.Target{URL: home + "gone.html", Status: 404, Verdict: inspect.Fault, Cause: inspect.Status4xx}},
		inspect.Event{Skip: &inspect.Target{URL: home + "cal/", Cause: inspect.Trap, Detail: "日历"}})
	got := written(t, inspectAll(t, f, rb))
	golden(t, "inspection.json", got)

	at := 0
	for _, k := range []string{"schema", "target", "id", "kind", "home", "unit", "started", "finished", "now", "rulebook", "version", "digest", "pages", "fetched", "unchanged",
		"failed", "skipped", "links", "checked", "broken", "unknown", "coverage", "grade", "verdict", "vetoes", "points", "bonus", "unverified_points", "findings",
		"check", "items", "outcome", "url", "locus", "message", "value", "unit", "places", "evidence", "status", "fetched", "digest", "fingerprint"} {
		i := strings.Index(got[at:], `"`+k+`":`)
		if i < 0 {
			t.Fatalf("key %q is missing or out of order", k)
		}
		at += i
	}
}

// An inspection in which nothing was seen writes lists, never null.
func TestJSONOfNothing(t *testing.T) {
	t.Parallel()
	got := written(t, inspectAll(t, feed{}, rules()))
	for _, want := range []string{`"findings": []`, `"vetoes": []`, `"coverage": 0`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	if strings.Contains(got, "null") {
		t.Errorf("null in\n%s", got)
	}
}
