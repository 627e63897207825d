package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/inspect"
)

// run records a complete inspection of some bodies.
func run(t testing.TB, s *Store, id string, scope Scope, started time.Time, findings []inspect.Finding, bodies ...string) {
	t.Helper()
	ctx := context.Background()
	h := header(id)
	h.Scope, h.Started, h.Now = scope, started, started
	if err := s.Begin(ctx, h); err != nil {
		t.Fatal(err)
	}
	r := s.Recorder(id)
	for i, b := range bodies {
		e := page(i, b)
		e.Page.Fetched = started
		record(t, r, e)
	}
	in := result(id)
	in.Findings = findings
	if err := r.Finish(ctx, in); err != nil {
		t.Fatal(err)
	}
}

func ids(t testing.TB, s *Store) (out []string) {
	t.Helper()
	all, err := s.Inspections(context.Background(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range all {
		out = append(out, h.ID)
	}
	slices.Sort(out)
	return out
}

// whole reads the body of every event of every inspection.
func whole(t testing.TB, s *Store) {
	t.Helper()
	for _, id := range ids(t, s) {
		for _, e := range events(t, s, id) {
			if e.Page != nil && e.Page.Digest != "" && e.Page.Raw == nil {
				t.Errorf("%s: %s has no body", id, e.Page.URL)
			}
		}
	}
}

func packs(t testing.TB, dir string) (n int) {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, "evidence", "*.pack"))
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

func TestPruneInspections(t *testing.T) {
	both(t, func(t *testing.T, dir, database string) {
		s, ctx := open(t, dir, database), t.Context()
		now := time.Now().AddDate(3, 0, 0)
		ago := func(days int) time.Time { return now.AddDate(0, 0, -days) }
		evidence := func(body string) []inspect.Finding {
			return []inspect.Finding{{Check: "x", Outcome: inspect.Fail, Fingerprint: "f", Evidence: inspect.Evidence{Digest: digestOf([]byte(body))}}}
		}
		run(t, s, "w1", Whole, ago(900), nil, "old", "shared", "alone")
		run(t, s, "w2-needed", Whole, ago(800), nil, "proof")
		run(t, s, "w3", Whole, ago(700), evidence("old"), "third") // would need w1, but goes itself
		run(t, s, "w4-young", Whole, ago(399), evidence("proof"), "shared")
		run(t, s, "w5-last", Whole, ago(398), evidence("shared"), "shared")
		run(t, s, "w6-last", Whole, ago(397), nil, "last")
		run(t, s, "l1", Lists, ago(90), nil, "list")
		run(t, s, "l2-last", Lists, ago(80), nil, "list")
		run(t, s, "l3-last", Lists, ago(70), nil, "list")
		run(t, s, "d1-young", Pages, ago(59), nil)
		h := header("stopped")
		h.Started = ago(500)
		if err := s.Begin(ctx, h); err != nil {
			t.Fatal(err)
		}
		r := s.Recorder("stopped")
		record(t, r, page(1, "never finished"))
		if err := r.Finish(ctx, &inspect.Inspection{ID: "stopped", Stopped: "stopped"}); err != nil {
			t.Fatal(err)
		}
		before := packs(t, dir)

		got, err := s.Prune(ctx, Retention{}, now)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"d1-young", "l2-last", "l3-last", "w2-needed", "w4-young", "w5-last", "w6-last"}
		if diff := cmp.Diff(want, ids(t, s)); diff != "" {
			t.Errorf("kept (-want +got):\n%s", diff)
		}
		whole(t, s)
		for body, kept := range map[string]bool{"proof": true, "shared": true, "last": true, "list": true, "old": false, "alone": false, "third": false} {
			if _, err := s.Body(ctx, digestOf([]byte(body))); (err == nil) != kept {
				t.Errorf("body %q: %v, kept should be %v", body, err, kept)
			}
		}
		// w1's pack holds "shared" still; those of w3 and stopped hold nothing, nor do those whose bodies lie in earlier packs.
		if got.Inspections != 4 || got.Bodies != 4 || got.BodyBytes == 0 || got.Packs != before-packs(t, dir) || got.Packs < 2 || got.PackBytes < got.BodyBytes/2 {
			t.Errorf("pruned: %+v, packs %d before, %d after", got, before, packs(t, dir))
		}
		again, err := s.Prune(ctx, Retention{}, now)
		if err != nil || *again != (Pruned{}) {
			t.Errorf("a second run: %+v, %v", again, err)
		}
	})
}

// Accounts are kept for a time of their own; the text of a website does not
// make it an account.
func TestPruneAccounts(t *testing.T) {
	both(t, func(t *testing.T, dir, database string) {
		s, now := open(t, dir, database), time.Now().AddDate(3, 0, 0)
		for _, site := range []*inspect.Site{{ID: "wx", Kind: inspect.Account, Account: &inspect.MediaAccount{}}, {ID: "web", Kind: inspect.Website, Name: `"kind":"account"`}} {
			for _, days := range []int{399, 151, 149, 2, 1} {
				h := header(fmt.Sprint(site.ID, "-", days))
				h.Site, h.Started = site, now.AddDate(0, 0, -days)
				if err := s.Begin(t.Context(), h); err != nil {
					t.Fatal(err)
				}
				if err := s.Recorder(h.ID).Finish(t.Context(), result(h.ID)); err != nil {
					t.Fatal(err)
				}
			}
		}
		if _, err := s.Prune(t.Context(), Retention{}, now); err != nil {
			t.Fatal(err)
		}
		want := []string{"web-1", "web-149", "web-151", "web-2", "web-399", "wx-1", "wx-149", "wx-2"}
		if diff := cmp.Diff(want, ids(t, s)); diff != "" {
			t.Errorf("kept (-want +got):\n%s", diff)
		}
	})
}

// A run that is stopped at any moment leaves a store that is whole, and the
// next one ends the work.
func TestPruneInterrupted(t *testing.T) {
	both(t, func(t *testing.T, dir, database string) {
		s := open(t, dir, database)
		now := time.Now().AddDate(3, 0, 0)
		bodies := make([]string, 2*pruneRows+10)
		for i := range bodies {
			bodies[i] = fmt.Sprint(i % 100)
		}
		for i := range 4 {
			run(t, s, fmt.Sprint("w", i), Whole, now.AddDate(0, 0, i-900), nil, bodies...)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		stopped := 0
		for d := time.Millisecond; ; d *= 3 {
			_, err := s.Prune(ctx, Retention{}, now)
			whole(t, s)
			if err == nil {
				break
			}
			stopped++
			cancel()
			ctx, cancel = context.WithTimeout(t.Context(), d)
			defer cancel()
		}
		if diff := cmp.Diff([]string{"w2", "w3"}, ids(t, s)); diff != "" || stopped == 0 {
			t.Errorf("stopped %d times, kept (-want +got):\n%s", stopped, diff)
		}
	})
}

// Recorders name bodies that only inspections which are going named before.
func TestPruneBesideRecorders(t *testing.T) {
	both(t, func(t *testing.T, dir, database string) {
		s := open(t, dir, database)
		base := time.Now().AddDate(3, 0, 0)
		const rounds, bodies = 12, 60
		text := make([]string, bodies)
		for i := range text {
			text[i] = strings.Repeat(fmt.Sprint("body ", i), 50)
		}
		var round atomic.Int64 // the inspections of the rounds before it are old
		ctx, stop := context.WithCancel(t.Context())
		var pruner, recorders sync.WaitGroup
		pruned := 0
		pruner.Go(func() {
			for ctx.Err() == nil {
				p, err := s.Prune(ctx, Retention{}, base.AddDate(0, 0, 400+int(round.Load())))
				if err != nil && ctx.Err() == nil {
					t.Error(err)
					return
				}
				pruned += p.Inspections
			}
		})
		for i := range rounds {
			round.Store(int64(i))
			for w := range 3 {
				recorders.Go(func() {
					run(t, s, fmt.Sprintf("w%d-%d", w, i), Whole, base.AddDate(0, 0, i).Add(time.Hour), nil, text[i:]...)
				})
			}
			recorders.Wait()
		}
		stop()
		pruner.Wait()
		whole(t, s)
		if pruned == 0 {
			t.Error("nothing was pruned while they recorded")
		}
	})
}

// Between the moment at which a recorder names a body that lies elsewhere and
// its commit, another database session sees nothing of it.
func TestPruneWaitsForWhoNamesABody(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		now := time.Now().AddDate(3, 0, 0)
		for i := range 3 {
			run(t, s, fmt.Sprint("w", i), Whole, now.AddDate(0, 0, i-900), nil, fmt.Sprint("body", i))
		}
		young := header("young")
		young.Started = now
		if err := s.Begin(ctx, young); err != nil {
			t.Fatal(err)
		}
		r := s.Recorder("young").(*Recorder)
		entry, err := pageEntry("young", pageRow, 1, page(1, "body0").Page)
		if err != nil {
			t.Fatal(err)
		}
		inTx, goOn := make(chan struct{}), make(chan struct{})
		r.beforeCommit = func() { close(inTx); <-goOn }
		b := &batch{}
		if err := r.start(ctx); err != nil {
			t.Fatal(err)
		}
		if err := r.take(b, entry); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := r.flush(b); err != nil {
				t.Error(err)
			}
		})
		<-inTx
		pruned := make(chan struct{})
		wg.Go(func() {
			defer close(pruned)
			if p, err := s.Prune(ctx, Retention{}, now); err != nil || p.Inspections != 1 || p.Bodies != 0 {
				t.Errorf("%+v, %v", p, err)
			}
		})
		select {
		case <-pruned:
			t.Error("it did not wait")
		case <-time.After(300 * time.Millisecond):
		}
		close(goOn)
		wg.Wait()
		whole(t, s)
	})
}

// The body of a page that did not change went between the question and the
// commit: that is told, and the page is asked again.
func TestUnchangedBodyIsGone(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		e := page(1, "gone")
		e.Page.Unchanged = true
		r := begin(t, s, "i1")
		record(t, r, e)
		if err := r.Finish(t.Context(), result("i1")); !errors.Is(err, ErrDamaged) {
			t.Errorf("a body that nobody has was named: %v", err)
		}
	})
}

func TestPruneProbes(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		day := time.Date(2026, 8, 1, 0, 0, 0, 0, inspect.Zone)
		add := func(after time.Duration, v inspect.Verdict, c inspect.Cause, whole inspect.Millis) {
			t.Helper()
			if err := s.AddProbe(ctx, "a", &inspect.Probe{URL: "http://a/", Network: "tcp", At: day.Add(after), Verdict: v, Cause: c, Whole: whole}); err != nil {
				t.Fatal(err)
			}
		}
		for i := range 20 {
			add(time.Duration(i)*time.Minute, inspect.Fine, "", inspect.Millis(100*(i+1)))
		}
		add(22*time.Hour, inspect.Fault, inspect.Timeout, 30000)
		add(23*time.Hour, inspect.CouldNotTell, inspect.Timeout, 0)
		add(24*time.Hour, inspect.Fine, "", 7)  // the next day
		add(48*time.Hour, inspect.Fine, "", 50) // 100 days before now, less some hours
		now := day.AddDate(0, 0, 102).Add(20 * time.Hour)
		got, err := s.Prune(ctx, Retention{}, now)
		if err != nil || got.Visits != 23 || got.Days != 2 {
			t.Fatalf("pruned: %+v, %v", got, err)
		}
		want := []ProbeDay{
			{Site: "a", Day: "2026-08-01", Network: "tcp", Visited: 22, Told: 21, Failed: 1, Causes: map[string]int{"timeout": 1}, Median: 1000, P95: 1900},
			{Site: "a", Day: "2026-08-02", Network: "tcp", Visited: 1, Told: 1, Causes: map[string]int{}, Median: 7, P95: 7}}
		days, err := s.ProbeDays(ctx, "a", day)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, days); diff != "" {
			t.Errorf("days (-want +got):\n%s", diff)
		}
		if left, err := s.Probes(ctx, "a", day); err != nil || len(left) != 1 || left[0].Whole != 50 {
			t.Errorf("left: %+v, %v", left, err)
		}
		if again, err := s.Prune(ctx, Retention{}, now); err != nil || *again != (Pruned{}) {
			t.Errorf("a second run: %+v, %v", again, err)
		}
		add(12*time.Hour, inspect.Fault, inspect.DNS, 0) // late
		if _, err := s.Prune(ctx, Retention{}, now); err != nil {
			t.Fatal(err)
		}
		days, err = s.ProbeDays(ctx, "a", day)
		if err != nil || days[0].Visited != 23 || days[0].Failed != 2 || days[0].Causes["dns"] != 1 || days[0].Median != 1000 {
			t.Errorf("a late visit: %+v, %v", days, err)
		}
		if got, err := s.Prune(ctx, Retention{Probes: -1}, now.AddDate(9, 0, 0)); err != nil || got.Visits != 0 {
			t.Errorf("for ever: %+v, %v", got, err)
		}
	})
}

func TestPruneRest(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx, now := t.Context(), time.Now()
		for u, age := range map[string]int{"http://a.example/": 31, "http://b.example/": 29} {
			if err := s.Share(ctx, &inspect.Target{URL: u, Verdict: inspect.Fine, Fetched: now.AddDate(0, 0, -age)}, false); err != nil {
				t.Fatal(err)
			}
		}
		for kind, age := range map[string]int{"line": 401, "wave": 399} {
			if _, err := s.OpenIncident(ctx, kind, "", now.AddDate(0, 0, -age)); err != nil {
				t.Fatal(err)
			}
			if _, err := s.EndIncident(ctx, kind, now.AddDate(0, 0, -age)); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.OpenIncident(ctx, "canary", "", now.AddDate(0, 0, -900)); err != nil { // still open
			t.Fatal(err)
		}
		if _, err := s.Turn(ctx, "h", time.Second); err != nil {
			t.Fatal(err)
		}
		got, err := s.Prune(ctx, Retention{}, now)
		if err != nil || *got != (Pruned{Verdicts: 1, Incidents: 1}) {
			t.Errorf("pruned: %+v, %v", got, err)
		}
		if got, err = s.Prune(ctx, Retention{Verdicts: -1, Incidents: -1}, now.AddDate(0, 0, 2)); err != nil || *got != (Pruned{Turns: 1}) {
			t.Errorf("pruned: %+v, %v", got, err)
		}
	})
}

// While somebody holds the store nothing goes.
func TestPruneHeld(t *testing.T) {
	both(t, func(t *testing.T, dir, database string) {
		s, ctx := open(t, dir, database), t.Context()
		now := time.Now().AddDate(3, 0, 0)
		for i := range 3 {
			run(t, s, fmt.Sprint("w", i), Whole, now.AddDate(0, 0, i-900), nil, fmt.Sprint(i))
		}
		release, err := s.hold(ctx, "backup")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.Prune(ctx, Retention{}, now); !errors.Is(err, ErrHeld) || *got != (Pruned{}) {
			t.Errorf("held: %+v, %v", got, err)
		}
		release()
		if got, err := s.Prune(ctx, Retention{}, now); err != nil || got.Inspections != 1 || got.Packs != 1 {
			t.Errorf("released: %+v, %v", got, err)
		}
		// A pack that is young may be one that an import is about to name.
		if err := os.WriteFile(filepath.Join(dir, "evidence", "import-x-1.pack"), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Prune(ctx, Retention{}, time.Now()); err != nil || got.Packs != 0 {
			t.Errorf("a young pack: %+v, %v", got, err)
		}
	})
}
