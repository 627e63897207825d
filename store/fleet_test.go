package store

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/inspect"
)

// A fleet knows the last complete inspection of each scope, and what it was
// told once it does not read again.
func TestFleetResults(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		var reads atomic.Int32
		s.Watch(&watcher{operated: func(*Operation) { reads.Add(1) }})
		run := func(site string, scope Scope, at time.Time, complete bool) {
			h := header(fmt.Sprintf("%s-%s-%d", site, scope, at.Unix()))
			h.Site.ID, h.Scope, h.Started = site, scope, at
			if err := s.Begin(t.Context(), h); err != nil {
				t.Fatal(err)
			}
			in := result(h.ID)
			in.Site, in.Complete, in.Counts.Checks = h.Site, complete, map[string]inspect.Tally{"column-stale": {Due: 3, Failed: 1}}
			if err := s.Recorder(h.ID).Finish(t.Context(), in); err != nil {
				t.Fatal(err)
			}
		}
		run("a", Whole, t0, true)
		run("a", Whole, t0.Add(2*time.Hour), true)
		run("a", Whole, t0.Add(3*time.Hour), false)
		run("a", Lists, t0, true)
		run("a", Pages, t0.Add(time.Hour), true)
		run("b", Whole, t0, true)
		f := s.Fleet()
		names := func() (out []string) {
			all, err := f.Results(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range all {
				out = append(out, r.ID)
			}
			slices.Sort(out)
			return out
		}
		want := []string{"a--" + fmt.Sprint(t0.Add(2*time.Hour).Unix()), "a-columns-" + fmt.Sprint(t0.Unix()), "b--" + fmt.Sprint(t0.Unix())}
		if diff := cmp.Diff(want, names()); diff != "" {
			t.Fatal(diff)
		}
		all, err := f.Results(t.Context())
		if err != nil || len(all) != 3 || all[0].Grade.Points != 95 || all[0].Counts.Checks["column-stale"].Due != 3 || len(all[0].Clocks) != 1 || len(all[0].Grade.Lines) != 1 {
			t.Errorf("%+v, %v", all, err)
		}
		before := reads.Load()
		names()
		if n := reads.Load() - before; n != 1 {
			t.Errorf("%d statements for a look where nothing has happened", n)
		}
	})
}

// Visits count by day, but for those that could not be told; a second look
// gives what a first one would.
func TestFleetVisits(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		now := time.Date(2026, 3, 10, 1, 0, 0, 0, time.UTC)
		visit := func(site string, ago time.Duration, v inspect.Verdict, whole inspect.Millis) {
			if err := s.AddProbe(t.Context(), site, &inspect.Probe{Network: "tcp", At: now.Add(-ago), Verdict: v, Whole: whole, Cause: map[bool]inspect.Cause{true: inspect.DNS}[v == inspect.Fault]}); err != nil {
				t.Fatal(err)
			}
		}
		visit("a", time.Minute, inspect.CouldNotTell, 1)
		visit("a", time.Hour, inspect.Fine, 100)
		visit("a", 2*time.Hour, inspect.Fault, 1)
		visit("a", 6*24*time.Hour, inspect.Information, 15000)
		visit("a", 20*24*time.Hour, inspect.Fine, 10)
		visit("b", 40*24*time.Hour, inspect.Fine, 10)
		f := s.Fleet()
		look := func(f *Fleet, now time.Time) []map[string]Told {
			t.Helper()
			out, err := f.Told(t.Context(), now, 15*time.Second, 7, 30)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		if diff := cmp.Diff([]map[string]Told{{"a": {3, 2}}, {"a": {4, 2}}}, look(f, now)); diff != "" {
			t.Error(diff)
		}
		last, err := f.Visits(t.Context(), now)
		if err != nil || len(last) != 1 || last["a"].Whole != 100 {
			t.Errorf("last visits %+v, %v", last, err)
		}
		visit("a", -30*time.Minute, inspect.Fault, 1)
		later := now.Add(30 * time.Hour)
		if diff := cmp.Diff(look(s.Fleet(), later), look(f, later)); diff != "" {
			t.Errorf("a second look differs from a first (-first +second):\n%s", diff)
		}
		if last, err = f.Visits(t.Context(), now.Add(time.Hour)); err != nil || last["a"].Verdict != inspect.Fault {
			t.Errorf("last visits %+v, %v", last, err)
		}
		if _, err := s.Retract(t.Context(), inspect.DNS, now, "a wave"); err != nil {
			t.Fatal(err)
		}
		if last, err = f.Visits(t.Context(), now.Add(time.Hour)); err != nil || last["a"] != nil {
			t.Errorf("a visit that was taken back stands: %+v, %v", last, err)
		}
	})
}

// When a source last answered is found in earlier inspections too.
func TestFleetCollected(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		for i, v := range []inspect.Verdict{inspect.Fine, inspect.CouldNotTell} {
			id := fmt.Sprint("acc-", i)
			h := header(id)
			h.Site.ID, h.Started = "acc", t0.Add(time.Duration(i)*time.Hour)
			if err := s.Begin(t.Context(), h); err != nil {
				t.Fatal(err)
			}
			r := s.Recorder(id)
			record(t, r, inspect.Event{Feed: &inspect.Collection{Source: "feed", Kind: inspect.FromFeed, At: h.Started, Verdict: v}})
			in := result(id)
			in.Site = h.Site
			if err := r.Finish(t.Context(), in); err != nil {
				t.Fatal(err)
			}
		}
		f := s.Fleet()
		all, err := f.Results(t.Context())
		if err != nil || len(all) != 1 {
			t.Fatalf("%+v, %v", all, err)
		}
		for range 2 {
			if at, err := f.Collected(t.Context(), &all[0]); err != nil || !at.Equal(t0) {
				t.Errorf("read at %v, %v", at, err)
			}
		}
	})
}

// A store tells of its operations, and how much room it takes.
func TestWatch(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		var names [5]atomic.Int32
		var failed atomic.Int32
		s.Watch(&watcher{operated: func(o *Operation) {
			names[slices.Index(Operations, o.Name)].Add(1)
			if o.Err != nil {
				failed.Add(1)
			}
		}})
		record(t, begin(t, s, "w1"), sample()...)
		if _, err := s.Inspection(t.Context(), "none"); err != nil {
			t.Fatal(err)
		}
		if failed.Load() != 0 || names[0].Load() == 0 || names[1].Load() == 0 {
			t.Errorf("selects %d, inserts %d, failures %d", names[0].Load(), names[1].Load(), failed.Load())
		}
		if err := s.Begin(t.Context(), header("w1")); err == nil || failed.Load() != 1 {
			t.Errorf("the second of one id: %v, failures %d", err, failed.Load())
		}
		space, err := s.Space(t.Context())
		if err != nil || space.Database == 0 || space.Free == 0 {
			t.Errorf("space %+v, %v", space, err)
		}
	})
}

type watcher struct {
	operated func(*Operation)
	moved    []string
}

func (w *watcher) Operated(_ context.Context, o *Operation) {
	if w.operated != nil {
		w.operated(o)
	}
}

func (w *watcher) Moved(s *inspect.Step, c *inspect.Case) {
	w.moved = append(w.moved, fmt.Sprintf("%s %s→%s %s", c.Fingerprint, s.From, s.To, s.Act))
}

// Steps are told once they are committed, and cases counted by unit, severity
// and stage.
func TestFleetCases(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		w := &watcher{}
		s.Watch(w)
		looked(t, s, "c1", "a", "u1", t0, []inspect.Finding{fault("f1"), fault("f2")})
		f := s.Fleet()
		now := t0.Add(time.Hour)
		count := func(now time.Time) []CaseCount {
			t.Helper()
			out, err := f.Cases(t.Context(), now)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		if diff := cmp.Diff([]CaseCount{{Unit: "u1", Severity: inspect.Advice, Stage: inspect.StageConfirmed, Cases: 2}}, count(now)); diff != "" {
			t.Fatal(diff)
		}
		for print, act := range map[string]inspect.Act{"f1": inspect.ActOrder, "f2": inspect.ActWaive} {
			step := inspect.Step{Act: act, By: chief, At: now, Why: "机房改造", Order: "o1", Until: now.AddDate(0, 0, 5)}
			if _, err := s.Decide(t.Context(), step, inspect.DefaultTerms, Decision{Case: print}); err != nil {
				t.Fatal(err)
			}
		}
		want := []CaseCount{{Unit: "u1", Severity: inspect.Advice, Stage: inspect.StageOrdered, Cases: 1}, {Unit: "u1", Severity: inspect.Advice, Stage: inspect.StageWaived, Cases: 1, Expiring: 1}}
		if diff := cmp.Diff(want, count(now)); diff != "" {
			t.Error(diff)
		}
		want = []CaseCount{want[0], want[1]}
		want[0].Overdue, want[1].Expiring, want[1].Ended = 1, 0, 1
		if diff := cmp.Diff(want, count(now.AddDate(0, 0, 10))); diff != "" {
			t.Errorf("ten days later: %s", diff)
		}
		if len(w.moved) != 4 || !slices.Contains(w.moved, "f1 confirmed→ordered order") {
			t.Errorf("told: %q", w.moved)
		}
	})
}
