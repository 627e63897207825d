package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/inspect"
)

// The history of a site is its last complete inspections that read something,
// with what stood of the checks that are asked for.
func TestHistory(t *testing.T) {
	both(t, func(t *testing.T, dir, database string) {
		s := open(t, dir, database)
		ctx := context.Background()
		keep := func(n, read int, complete bool, fs ...inspect.Finding) {
			h := header(fmt.Sprintf("i-%d", n))
			h.Started = t0.AddDate(0, n, 0)
			h.Now = h.Started
			if err := s.Begin(ctx, h); err != nil {
				t.Fatal(err)
			}
			in := &inspect.Inspection{ID: h.ID, Site: h.Site, Complete: complete, Counts: inspect.Counts{Fetched: read, Sampled: n, Limited: 2, Engine: "axe-core 4.14.1"}, Findings: fs, Past: &inspect.Past{}}
			if err := s.Recorder(h.ID).Finish(ctx, in); err != nil {
				t.Fatal(err)
			}
		}
		alt := inspect.Finding{Check: "a11y-img-alt", Outcome: inspect.Fail, State: inspect.Confirmed, Fingerprint: "f1"}
		deep := inspect.Finding{Check: "a11y-deep", Class: "axe-list", Outcome: inspect.Fail, State: inspect.Confirmed, Fingerprint: "f2", Value: 50}
		once, doubt, other := alt, alt, alt
		once.State, doubt.Outcome, other.Check = inspect.SeenOnce, inspect.Review, "link-broken"
		once.Fingerprint, doubt.Fingerprint, other.Fingerprint = "f3", "f4", "f5"
		keep(1, 10, true, alt)
		keep(2, 0, true)
		keep(3, 10, false, alt)
		keep(4, 20, true, alt, deep, once, doubt, other)
		keep(5, 30, true)
		keep(6, 30, true)
		// The loop starts a moment after its header was laid down.
		sixth := &inspect.Inspection{ID: "i-6", Site: &inspect.Site{ID: "portal"}, Started: t0.AddDate(0, 6, 0).Add(time.Second)}
		got, err := s.History(ctx, sixth, []string{"a11y-img-alt", "a11y-deep"}, 3)
		if err != nil {
			t.Fatal(err)
		}
		at := func(n, read int, faults ...inspect.Trace) inspect.Round {
			return inspect.Round{ID: fmt.Sprintf("i-%d", n), Now: t0.AddDate(0, n, 0), Rules: "sha256:1", Counts: inspect.Counts{Fetched: read, Sampled: n, Limited: 2, Engine: "axe-core 4.14.1"}, Faults: faults}
		}
		f1, f2 := inspect.Trace{Check: "a11y-img-alt", Fingerprint: "f1"}, inspect.Trace{Check: "a11y-deep", Class: "axe-list", Fingerprint: "f2", Value: 50}
		if diff := cmp.Diff([]inspect.Round{at(1, 10, f1), at(4, 20, f1, f2), at(5, 30)}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if got, err := s.History(ctx, sixth, []string{"a11y-img-alt"}, 1); err != nil || len(got) != 1 || got[0].ID != "i-5" {
			t.Errorf("one: %+v, %v", got, err)
		}
		for _, none := range []struct {
			site   string
			before time.Time
			checks []string
		}{{"other", t0.AddDate(1, 0, 0), []string{"a"}}, {"portal", t0, []string{"a"}}, {"portal", t0.AddDate(1, 0, 0), nil}} {
			if got, err := s.History(ctx, &inspect.Inspection{Site: &inspect.Site{ID: none.site}, Started: none.before}, none.checks, 12); err != nil || got != nil {
				t.Errorf("%+v: %+v, %v", none, got, err)
			}
		}
	})
}
