package inspect_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/inspect"
)

// Every phase is told once with what it came to, and every check is counted.
func TestTimed(t *testing.T) {
	t.Parallel()
	cut := newPage(home+"cut", "<p>")
	cut.Truncated = true
	same := newPage(home+"same", "<p>")
	same.Unchanged = true
	events := append(pages(newPage(home, "<p>"), same, cut), inspect.Event{Skip: &inspect.Target{URL: home + "no", Verdict: inspect.CouldNotTell, Cause: inspect.RobotsRefused}})
	rb := rules(
		bound("bad", inspect.PerPage, func(_ context.Context, p *inspect.Pass) error { return errors.New("lost") }),
		bound("fine", inspect.PerPage, func(context.Context, *inspect.Pass) error { return nil }),
		bound("whole", inspect.PerSite, func(_ context.Context, p *inspect.Pass) error {
			p.Due(5)
			p.Measure(inspect.ReplyDays, 3)
			p.Report(inspect.Finding{Locus: "a", Outcome: inspect.Review})
			p.Report(inspect.Finding{Locus: "b"})
			p.Report(inspect.Finding{Locus: "c", Tentative: true})
			return nil
		}))
	type phase struct {
		inspect.Phase
		Check  string
		Result inspect.Result
	}
	got := map[phase]int{}
	i := &inspect.Inspector{Source: events, Rules: rb, Timed: func(_ context.Context, t inspect.Timing) {
		got[phase{t.Phase, t.Check, t.Result}]++
		if t.Begun.IsZero() != (t.Phase == inspect.Skipping) {
			panic("a phase without its time")
		}
	}}
	in, err := i.Inspect(t.Context(), "id", site(), today)
	if err != nil {
		t.Fatal(err)
	}
	want := map[phase]int{
		{inspect.Parsing, "", ""}: 3, {inspect.Checking, "bad", inspect.CheckError}: 2, {inspect.Checking, "fine", inspect.NoFinding}: 2,
		{inspect.Checking, "whole", "fail"}: 1, {inspect.Looking, "", inspect.ReadAnew}: 1, {inspect.Looking, "", inspect.SameBytes}: 1,
		{inspect.Looking, "", inspect.NotRead}: 1, {inspect.Skipping, "", "robots"}: 1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("phases (-want +got):\n%s", diff)
	}
	tallies := map[string]inspect.Tally{"bad": {Unknown: 1}, "whole": {Due: 5, Failed: 1, Review: 1, Waiting: 1}}
	if diff := cmp.Diff(tallies, in.Counts.Checks); diff != "" {
		t.Errorf("tallies (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[inspect.Measure]float64{inspect.ReplyDays: 3}, in.Counts.Measures); diff != "" {
		t.Error(diff)
	}
}
