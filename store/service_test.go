package store

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

func eachStore(t *testing.T, test func(t *testing.T, s *Store)) {
	both(t, func(t *testing.T, dir, database string) { test(t, open(t, dir, database)) })
}

// A recorder whose inspection was taken over writes nothing more: neither what
// it still held nor what comes later.
func TestFence(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		begin(t, s, "i1")
		f1, err := s.Claim(ctx, "i1")
		if err != nil {
			t.Fatal(err)
		}
		old := s.Recording("i1", f1)
		if err := old.Event(ctx, targetEvent("http://www.example.gov.cn/a")); err != nil {
			t.Fatal(err)
		}
		f2, err := s.Claim(ctx, "i1")
		if err != nil || f2 <= f1 {
			t.Fatalf("claim: %d after %d, %v", f2, f1, err)
		}
		young := s.Recording("i1", f2)
		if err := young.Event(ctx, targetEvent("http://www.example.gov.cn/b")); err != nil {
			t.Fatal(err)
		}
		if err := old.Finish(ctx, &inspect.Inspection{ID: "i1", Complete: true}); !errors.Is(err, ErrTaken) {
			t.Errorf("the old recorder finished: %v", err)
		}
		if err := s.Recording("i1", f1).Event(ctx, targetEvent("http://www.example.gov.cn/c")); !errors.Is(err, ErrTaken) {
			t.Errorf("an old claim was taken: %v", err)
		}
		if err := young.Finish(ctx, &inspect.Inspection{ID: "i1", Complete: true}); err != nil {
			t.Fatal(err)
		}
		var got []string
		for e, err := range s.Events(ctx, "i1") {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, e.Target.URL)
		}
		if len(got) != 1 || got[0] != "http://www.example.gov.cn/b" {
			t.Errorf("recorded: %v", got)
		}
	})
}

func targetEvent(u string) inspect.Event {
	return inspect.Event{Target: &inspect.Target{URL: u, Verdict: inspect.Fault, Cause: inspect.Status4xx, Status: 404, Fetched: time.Unix(1, 0).UTC()}}
}

// What a stopped run could not tell for reasons of its own is due again.
func TestUnaskedIsForgotten(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		r := begin(t, s, "i1")
		for u, c := range map[string]inspect.Cause{"http://x/budget": inspect.Budget, "http://x/own": inspect.OwnFault, "http://x/wall": inspect.Blocked} {
			if err := r.Event(ctx, inspect.Event{Target: &inspect.Target{URL: u, Verdict: inspect.CouldNotTell, Cause: c}}); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Finish(ctx, &inspect.Inspection{ID: "i1", Stopped: "stopped"}); err != nil {
			t.Fatal(err)
		}
		again := s.Recorder("i1")
		if err := again.Event(ctx, targetEvent("http://x/new")); err != nil {
			t.Fatal(err)
		}
		if err := again.Finish(ctx, &inspect.Inspection{ID: "i1", Complete: true}); err != nil {
			t.Fatal(err)
		}
		var got []string
		for e, err := range s.Events(ctx, "i1") {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, e.Target.URL)
		}
		if len(got) != 2 || got[0] != "http://x/wall" || got[1] != "http://x/new" {
			t.Errorf("recorded: %v", got)
		}
	})
}

// Inspections of one scope are no past of another; a second look at some pages
// adds to what is known of the whole.
func TestScopes(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		at := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
		run := func(id string, scope Scope, p *inspect.Past) {
			t.Helper()
			at = at.AddDate(0, 0, 1)
			if err := s.Begin(ctx, &Header{ID: id, Site: &inspect.Site{ID: "a", Home: "http://a/"}, Now: at, Started: at, Scope: scope}); err != nil {
				t.Fatal(err)
			}
			if err := s.Recorder(id).Finish(ctx, &inspect.Inspection{ID: id, Complete: true, Past: p}); err != nil {
				t.Fatal(err)
			}
		}
		seen := func(times int) *inspect.Past {
			return &inspect.Past{At: at, Findings: map[string]inspect.Earlier{"f": {First: at, Last: at, Times: times}}}
		}
		run("whole", Whole, seen(1))
		run("lists", Lists, seen(9))
		if p, err := s.Past(ctx, "a", Whole); err != nil || p.Findings["f"].Times != 1 {
			t.Fatalf("past of the whole: %+v, %v", p, err)
		}
		run("pages", Pages, seen(2))
		run("pages2", Pages, &inspect.Past{At: at})
		if p, err := s.Past(ctx, "a", Whole); err != nil || p.Findings["f"].Times != 2 {
			t.Errorf("past of the whole after a second look: %+v, %v", p, err)
		}
		if h, err := s.Latest(ctx, "a", Whole); err != nil || h.ID != "whole" {
			t.Errorf("latest of the whole: %+v, %v", h, err)
		}
		if h, err := s.Latest(ctx, "a", Lists); err != nil || h.ID != "lists" || h.Scope != Lists {
			t.Errorf("latest of the lists: %+v, %v", h, err)
		}
		if h, err := s.Latest(ctx, "b", Lists); err != nil || h != nil {
			t.Errorf("latest of another site: %+v, %v", h, err)
		}
	})
}

func TestProbes(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		at := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
		add := func(site string, after time.Duration, v inspect.Verdict, c inspect.Cause) {
			t.Helper()
			p := &inspect.Probe{URL: "http://" + site + "/", Network: "tcp", At: at.Add(after), Verdict: v, Cause: c, Whole: 12}
			for range 2 { // the same once
				if err := s.AddProbe(ctx, site, p); err != nil {
					t.Fatal(err)
				}
			}
		}
		add("a", 0, inspect.Fine, "")
		add("a", time.Minute, inspect.Fault, inspect.Timeout)
		add("b", time.Minute, inspect.Fault, inspect.Timeout)
		add("c", time.Minute, inspect.Fault, inspect.Status5xx)
		add("d", time.Minute, inspect.Fine, "")
		w, err := s.Wave(ctx, at)
		if err != nil || w.Sites != 4 || w.Failed["timeout"] != 2 || w.Failed["5xx"] != 1 {
			t.Fatalf("wave: %+v, %v", w, err)
		}
		if n, err := s.Retract(ctx, inspect.Timeout, at, "our line"); err != nil || n != 2 {
			t.Errorf("retracted %d, %v", n, err)
		}
		got, err := s.Probes(ctx, "a", at.Add(time.Second))
		if err != nil || len(got) != 1 || got[0].Verdict != inspect.CouldNotTell || got[0].Detail != "our line" || got[0].Whole != 12 {
			t.Errorf("probes: %+v, %v", got, err)
		}
		if got, err := s.Probes(ctx, "c", at); err != nil || len(got) != 1 || got[0].Verdict != inspect.Fault {
			t.Errorf("another cause was retracted: %+v, %v", got, err)
		}
	})
}

func TestIncidents(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		at := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
		for i, want := range []bool{true, false, false} {
			if isNew, err := s.OpenIncident(ctx, "line", "no answer", at.Add(time.Duration(i)*time.Minute)); err != nil || isNew != want {
				t.Errorf("%d: new %v, %v", i, isNew, err)
			}
		}
		if ended, err := s.EndIncident(ctx, "line", at.Add(time.Hour)); err != nil || !ended {
			t.Errorf("end: %v, %v", ended, err)
		}
		if ended, err := s.EndIncident(ctx, "line", at.Add(time.Hour)); err != nil || ended {
			t.Errorf("end again: %v, %v", ended, err)
		}
		if isNew, err := s.OpenIncident(ctx, "line", "again", at.Add(2*time.Hour)); err != nil || !isNew {
			t.Errorf("a second one: %v, %v", isNew, err)
		}
		list, err := s.Incidents(ctx, 10)
		if err != nil || len(list) != 2 || list[0].Detail != "again" || !list[0].Ended.IsZero() || !list[1].Seen.Equal(at.Add(2*time.Minute)) || list[1].Ended.IsZero() {
			t.Errorf("incidents: %+v, %v", list, err)
		}
	})
}

// One verdict serves all sites that link a target; what is told of a host
// serves all of its targets.
func TestSharedVerdicts(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		at := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
		share := func(u string, v inspect.Verdict, c inspect.Cause) {
			t.Helper()
			if err := s.Share(ctx, &inspect.Target{URL: u, Verdict: v, Cause: c, Fetched: at}, c != inspect.Status4xx); err != nil {
				t.Fatal(err)
			}
		}
		share("http://gone.example/a", inspect.Fault, inspect.DNS)
		share("http://fine.example/a", inspect.Fault, inspect.Status4xx)
		share("https://half.example/a", inspect.Fault, inspect.Refused)
		for u, want := range map[string]inspect.Cause{"http://gone.example/other": inspect.DNS, "http://fine.example/a": inspect.Status4xx, "http://fine.example/b": "none",
			"https://half.example/b": inspect.Refused, "http://half.example/a": "none"} {
			got, err := s.Verdict(ctx, u, at.Add(-time.Hour))
			switch {
			case err != nil:
				t.Error(err)
			case got == nil && want != "none", got != nil && (got.Cause != want || got.URL != u):
				t.Errorf("%s: %+v, want %s", u, got, want)
			}
		}
		if got, err := s.Verdict(ctx, "http://fine.example/a", at.Add(time.Second)); err != nil || got != nil {
			t.Errorf("an old verdict serves: %+v, %v", got, err)
		}
		stale, err := s.Stale(ctx, at.Add(time.Hour), at, 10)
		if err != nil || len(stale) != 3 {
			t.Errorf("stale: %v, %v", stale, err)
		}
		if stale, err = s.Stale(ctx, at.Add(time.Hour), at.Add(time.Hour), 10); err != nil || len(stale) != 0 {
			t.Errorf("nobody links them any more, but: %v, %v", stale, err)
		}
	})
}

// Processes that share a store wait for their turn at a host.
func TestTurns(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		for i, want := range []time.Duration{0, time.Minute, 2 * time.Minute} {
			got, err := s.Turn(ctx, "www.example.gov.cn", time.Minute)
			if err != nil || got > want || got < want-10*time.Second {
				t.Errorf("turn %d after %v, want %v; %v", i, got, want, err)
			}
		}
		if got, err := s.Turn(ctx, "other", time.Minute); err != nil || got != 0 {
			t.Errorf("another host waits %v, %v", got, err)
		}
	})
}
