package schedule_test

import (
	"context"
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/xunjian/xunjian/schedule"
	"github.com/xunjian/xunjian/store/postgrestest"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

// both runs a test on SQLite and on PostgreSQL.
func both(t *testing.T, test func(t *testing.T, c schedule.Config)) {
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, schedule.Config{Dir: t.TempDir()}) })
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, schedule.Config{Database: postgrestest.Database(t)})
	})
}

// handlers answers every kind with one function.
func handlers(do schedule.Handler) map[schedule.Kind]schedule.Handler {
	out := map[schedule.Kind]schedule.Handler{}
	for _, k := range schedule.Kinds {
		out[k] = do
	}
	return out
}

func start(t *testing.T, c schedule.Config) *schedule.Engine {
	t.Helper()
	if c.Lease == 0 {
		c.Lease = 2 * time.Second
	}
	if c.Tick == 0 {
		c.Tick = 100 * time.Millisecond
	}
	e, err := schedule.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if c.Handlers != nil {
		if err := e.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { stop(t, e) })
	return e
}

func stop(t *testing.T, e *schedule.Engine) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := errors.Join(e.Stop(ctx), e.Close()); err != nil {
		t.Errorf("stop: %v", err)
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(45 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("it never came: %s", what)
}

// A new target is due soon; then its spec counts; a target that left the
// configuration is due no more.
func TestTimetable(t *testing.T) {
	both(t, func(t *testing.T, c schedule.Config) {
		var mu sync.Mutex
		done := map[string]int{}
		c.Handlers = handlers(func(_ context.Context, j *schedule.Job) error {
			mu.Lock()
			defer mu.Unlock()
			done[string(j.Kind)+" "+j.Target]++
			return nil
		})
		c.Entries = []schedule.Entry{{Kind: schedule.Probe, Spec: "@every 1s", Targets: []string{"a", "b"}}, {Kind: schedule.Crawl, Spec: "0 0 1 1 *", Targets: []string{"a"}}}
		e := start(t, c)
		count := func(k string) int { mu.Lock(); defer mu.Unlock(); return done[k] }
		eventually(t, "three probes of each and one crawl", func() bool {
			return count("probe a") >= 3 && count("probe b") >= 3 && count("crawl a") == 1
		})
		lines, err := e.Timetable(t.Context(), 10)
		if err != nil || len(lines) != 3 {
			t.Fatalf("timetable: %v, %v", lines, err)
		}
		if last := lines[2]; last.Kind != schedule.Crawl || last.Next.Before(time.Now()) || last.Last.IsZero() {
			t.Errorf("the crawl's line is %+v", last)
		}
	})
}

// A target that left the configuration is due no more, but a process with an
// older configuration takes nothing from those with a newer one for long.
func TestTwoConfigurations(t *testing.T) {
	both(t, func(t *testing.T, c schedule.Config) {
		var mu sync.Mutex
		done := map[string]int{}
		c.Handlers = handlers(func(_ context.Context, j *schedule.Job) error {
			mu.Lock()
			defer mu.Unlock()
			done[j.Target]++
			return nil
		})
		c.Tick = 20 * time.Millisecond
		line := func(targets ...string) []schedule.Entry {
			return []schedule.Entry{{Kind: schedule.Probe, Spec: "@every 1s", Targets: targets}}
		}
		older, newer := c, c
		older.Entries, newer.Entries = line("a"), line("a", "b")
		count := func() int { mu.Lock(); defer mu.Unlock(); return done["b"] }
		e := start(t, newer)
		eventually(t, "the new target", func() bool { return count() > 0 })
		old := start(t, older) // removes b
		n := count()
		eventually(t, "the new target again", func() bool { return count() > n+2 })
		stop(t, e)
		stop(t, old)
		last := start(t, older)
		if lines, err := last.Timetable(t.Context(), 10); err != nil || len(lines) != 1 || lines[0].Target != "a" {
			t.Errorf("what has left is still there: %v, %v", lines, err)
		}
	})
}

// What fell due while nothing ran is made up once for each target, not once
// for each time that was missed, and not at the same moment.
func TestCatchUp(t *testing.T) {
	both(t, func(t *testing.T, c schedule.Config) {
		now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
		var clock atomic.Int64
		clock.Store(now.UnixNano())
		c.Clock = func() time.Time { return time.Unix(0, clock.Load()) }
		var mu sync.Mutex
		var dues []time.Time
		c.Handlers = handlers(func(_ context.Context, j *schedule.Job) error {
			mu.Lock()
			defer mu.Unlock()
			dues = append(dues, j.Due)
			return nil
		})
		c.Speed = 20 // half an hour is a minute and a half
		targets := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
		c.Entries = []schedule.Entry{{Kind: schedule.Columns, Spec: "0 * * * *", Targets: targets}}
		e := start(t, c)
		clock.Add(int64(time.Minute))
		eventually(t, "the first of each", func() bool { mu.Lock(); defer mu.Unlock(); return len(dues) == len(targets) })
		stop(t, e)
		clock.Add(int64(72 * time.Hour))
		e = start(t, c)
		var jobs []schedule.Status
		eventually(t, "one more of each", func() bool {
			var err error
			if jobs, err = e.List(t.Context(), nil, nil, 100); err != nil {
				t.Fatal(err)
			}
			return len(jobs) >= 2*len(targets)
		})
		clock.Add(int64(10 * time.Minute))
		time.Sleep(500 * time.Millisecond)
		if jobs, _ = e.List(t.Context(), nil, nil, 100); len(jobs) != 2*len(targets) {
			t.Fatalf("%d jobs, want %d: missed times are made up once", len(jobs), 2*len(targets))
		}
		from, to := jobs[0].Start, jobs[0].Start
		for _, j := range jobs[:len(targets)] { // the newest come first
			if j.Start.Before(from) {
				from = j.Start
			}
			if j.Start.After(to) {
				to = j.Start
			}
		}
		if spread := to.Sub(from); spread < 20*time.Second || spread > 90*time.Second {
			t.Errorf("what was missed begins within %v", spread)
		}
	})
}

// One job a site at a time, over kinds; jobs of other sites do not wait.
func TestOneAtATime(t *testing.T) {
	both(t, func(t *testing.T, c schedule.Config) {
		var mu sync.Mutex
		busy, done, most := map[string]int{}, 0, 0
		asked := make(chan struct{})
		c.Handlers = handlers(func(_ context.Context, j *schedule.Job) error {
			mu.Lock()
			busy[j.Target]++
			if busy[j.Target] > 1 {
				t.Errorf("two jobs of %s at once", j.Target)
			}
			n := 0
			for _, b := range busy {
				n += b
			}
			most = max(most, n)
			mu.Unlock()
			<-asked
			time.Sleep(300 * time.Millisecond)
			mu.Lock()
			busy[j.Target]--
			done++
			mu.Unlock()
			return nil
		})
		c.Lease = 5 * time.Second // a busy machine loses a shorter one
		e := start(t, c)
		second := start(t, c)
		for _, target := range []string{"a", "b"} {
			for _, k := range []schedule.Kind{schedule.Crawl, schedule.Columns, schedule.Confirm, schedule.Recheck} {
				if _, asked, err := e.Ask(t.Context(), k, target, ""); err != nil || !asked {
					t.Errorf("ask %s %s: %v, %v", k, target, asked, err)
				}
			}
		}
		if _, asked, err := second.Ask(t.Context(), schedule.Crawl, "a", ""); err != nil || asked {
			t.Errorf("the same job twice: %v, %v", asked, err)
		}
		close(asked)
		eventually(t, "all eight", func() bool { mu.Lock(); defer mu.Unlock(); return done == 8 })
		if most < 2 {
			t.Error("two sites never ran at once")
		}
	})
}

// What a person runs and what the queue runs never have a site at once.
func TestBorrow(t *testing.T) {
	both(t, func(t *testing.T, c schedule.Config) {
		begun, gate := make(chan string, 10), make(chan struct{})
		c.Handlers = handlers(func(_ context.Context, j *schedule.Job) error {
			begun <- j.Target
			<-gate
			return nil
		})
		c.Lease = time.Second
		e := start(t, c)
		beside := start(t, schedule.Config{Dir: c.Dir, Database: c.Database, Lease: c.Lease})
		ask := func(target string) {
			if _, asked, err := e.Ask(t.Context(), schedule.Crawl, target, ""); err != nil || !asked {
				t.Fatalf("ask: %v, %v", asked, err)
			}
		}
		alive, giveBack, err := beside.Borrow(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		ask("a")
		ask("b")
		if got := <-begun; got != "b" {
			t.Errorf("%s began, which is borrowed", got)
		}
		if _, _, err := beside.Borrow(t.Context(), "b"); !errors.Is(err, schedule.ErrHeld) {
			t.Errorf("a site that a job has: %v", err)
		}
		eventually(t, "the crawl of what is borrowed was put off", func() bool {
			list, err := e.List(t.Context(), []string{"available", "scheduled"}, nil, 10)
			return err == nil && len(list) == 1 && list[0].Target == "a"
		})
		if err := alive(); err != nil {
			t.Errorf("alive: %v", err)
		}
		giveBack()
		if got := <-begun; got != "a" {
			t.Errorf("%s began, want what was given back", got)
		}
		close(gate)
	})
}

// New targets are due soon, but not all at once.
func TestNewTargets(t *testing.T) {
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	for _, x := range []struct {
		name   string
		entry  schedule.Entry
		within time.Duration
	}{
		{"at the pace of their kind", schedule.Entry{Kind: schedule.Columns, Spec: "0 6 * * *", Jitter: 2 * time.Hour}, 10 * time.Minute},
		{"no sparser than ever after", schedule.Entry{Kind: schedule.Crawl, Spec: "0 6 * * *", Jitter: 30 * time.Minute}, 30 * time.Minute},
		{"a second apart where there is no jitter", schedule.Entry{Kind: schedule.Columns, Spec: "0 6 * * *"}, time.Minute},
		{"within half a period", schedule.Entry{Kind: schedule.Probe, Spec: "* * * * *"}, 30 * time.Second},
	} {
		t.Run(x.name, func(t *testing.T) {
			x.entry.Targets = names("t", 60)
			e := start(t, schedule.Config{Dir: t.TempDir(), Clock: func() time.Time { return now }, Entries: []schedule.Entry{x.entry},
				Handlers: handlers(func(context.Context, *schedule.Job) error { return nil })})
			lines, err := e.Timetable(t.Context(), 100)
			if err != nil || len(lines) != 60 {
				t.Fatalf("%d lines, %v", len(lines), err)
			}
			early, soon := 0, 0
			for _, l := range lines {
				if d := l.Next.Sub(now); d < x.within/2 {
					early++
				} else if d < x.within {
					soon++
				}
			}
			// A target may be due in this very moment, and be planned already.
			if early < 15 || soon < 15 || early+soon < 55 {
				t.Errorf("%d are due in the first half of %v, %d in the second", early, x.within, soon)
			}
		})
	}
}

// Looks at parts of sites do not wait until crawls are done.
func TestMediumDoesNotWaitForLong(t *testing.T) {
	both(t, func(t *testing.T, c schedule.Config) {
		gate, done := make(chan struct{}), make(chan schedule.Kind, 10)
		c.Handlers = handlers(func(_ context.Context, j *schedule.Job) error {
			if j.Kind == schedule.Crawl {
				<-gate
			}
			done <- j.Kind
			return nil
		})
		c.Long, c.Medium = 1, 1
		e := start(t, c)
		defer close(gate)
		for _, k := range []schedule.Kind{schedule.Crawl, schedule.Columns} {
			for _, target := range []string{"a " + string(k), "b " + string(k)} {
				if _, _, err := e.Ask(t.Context(), k, target, ""); err != nil {
					t.Fatal(err)
				}
			}
		}
		for range 2 {
			if k := <-done; k != schedule.Columns {
				t.Errorf("%s ended first", k)
			}
		}
	})
}

// A process that was cut off from the database past its lease may do nothing
// more; its job goes to another.
func TestLostLease(t *testing.T) {
	address := postgrestest.Database(t)
	started, lost := make(chan *schedule.Job, 10), make(chan error, 10)
	c := schedule.Config{Database: address, Lease: time.Second, Tick: 100 * time.Millisecond}
	c.Handlers = handlers(func(ctx context.Context, j *schedule.Job) error {
		started <- j
		<-ctx.Done()
		lost <- context.Cause(ctx)
		return context.Cause(ctx)
	})
	first, err := schedule.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := first.Ask(t.Context(), schedule.Crawl, "a", ""); err != nil {
		t.Fatal(err)
	}
	j := <-started
	if err := j.Alive(); err != nil {
		t.Errorf("alive: %v", err)
	}
	first.Close() // no database any more: as when the network is cut
	select {
	case err := <-lost:
		if !errors.Is(err, schedule.ErrLost) {
			t.Errorf("the job ended by %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the job went on without a lease")
	}
	if err := j.Alive(); !errors.Is(err, schedule.ErrLost) {
		t.Errorf("alive after the loss: %v", err)
	}
	done := make(chan int, 1)
	c.Handlers = handlers(func(_ context.Context, j *schedule.Job) error {
		if j.Kind == schedule.Crawl {
			done <- j.Attempt
		}
		return nil
	})
	start(t, c)
	select {
	case n := <-done:
		if n != 2 {
			t.Errorf("attempt %d, want 2", n)
		}
	case <-time.After(60 * time.Second):
		t.Fatal("nobody took the job over")
	}
}

// Handlers say what becomes of a job; people see, retry and cancel.
func TestOutcomes(t *testing.T) {
	both(t, func(t *testing.T, c schedule.Config) {
		var calls atomic.Int64
		gate := make(chan struct{})
		c.Handlers = handlers(func(ctx context.Context, j *schedule.Job) error {
			calls.Add(1)
			switch j.Target {
			case "later":
				if calls.Load() < 3 {
					return schedule.Later{After: time.Millisecond, Why: "busy"}
				}
			case "hopeless":
				return schedule.Hopeless{Err: errors.New("no such site")}
			case "panics":
				panic("a handler that is broken")
			case "waits":
				select {
				case <-gate:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		})
		e := start(t, c)
		ask := func(target string) schedule.Status {
			s, _, err := e.Ask(t.Context(), schedule.Probe, target, "")
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		state := func(id int64) (out schedule.Status) {
			list, err := e.List(t.Context(), nil, nil, 100)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range list {
				if s.ID == id {
					out = s
				}
			}
			return out
		}
		fine := ask("fine")
		eventually(t, "fine completed", func() bool { return state(fine.ID).State == "completed" })
		hopeless := ask("hopeless")
		eventually(t, "hopeless cancelled", func() bool { return state(hopeless.ID).State == "cancelled" })
		if s := state(hopeless.ID); s.Error == "" {
			t.Error("nobody says why it was given up")
		}
		broken := ask("panics")
		eventually(t, "a panic is retried", func() bool { return state(broken.ID).State == "retryable" })
		waits := ask("waits")
		eventually(t, "running", func() bool { return state(waits.ID).State == "running" })
		if _, err := e.Cancel(t.Context(), waits.ID); err != nil {
			t.Fatal(err)
		}
		eventually(t, "a running job is cancelled", func() bool { return state(waits.ID).State == "cancelled" })
		close(gate)
		if _, err := e.Retry(t.Context(), waits.ID); err != nil {
			t.Fatal(err)
		}
		eventually(t, "a cancelled job is retried", func() bool { return state(waits.ID).State == "completed" })
		if s, err := e.Retry(t.Context(), fine.ID); !errors.Is(err, schedule.ErrDone) || s.ID != fine.ID {
			t.Errorf("retry of what is done: %+v, %v", s, err)
		}
		if _, err := e.Retry(t.Context(), 1<<40); !errors.Is(err, schedule.ErrNoJob) {
			t.Errorf("retry of nothing: %v", err)
		}
		if _, err := e.Cancel(t.Context(), 1<<40); !errors.Is(err, schedule.ErrNoJob) {
			t.Errorf("cancel of nothing: %v", err)
		}
	})
}

// A stop ends what can go on later at once, and the job waits for the next start.
func TestStop(t *testing.T) {
	both(t, func(t *testing.T, c schedule.Config) {
		var begun atomic.Int64
		c.Handlers = handlers(func(ctx context.Context, j *schedule.Job) error {
			if begun.Add(1) > 1 {
				return nil
			}
			<-ctx.Done()
			return ctx.Err()
		})
		e := start(t, c)
		if _, _, err := e.Ask(t.Context(), schedule.Crawl, "a", ""); err != nil {
			t.Fatal(err)
		}
		eventually(t, "begun", func() bool { return begun.Load() == 1 })
		from := time.Now()
		stop(t, e)
		if took := time.Since(from); took > 10*time.Second {
			t.Errorf("the stop took %v", took)
		}
		start(t, c)
		eventually(t, "taken up again", func() bool { return begun.Load() == 2 })
	})
}

// A data directory is named as people name one, relative to where they are.
func TestRelativeDirectory(t *testing.T) {
	t.Chdir(t.TempDir())
	e, err := schedule.New(t.Context(), schedule.Config{Dir: "data"})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat("data/" + schedule.FileName); err != nil {
		t.Error(err)
	}
}

// A site whose lease could not be given back, because the database was away
// just then, is not held for as long as the process lives.
func TestReleaseIsOwed(t *testing.T) {
	t.Parallel()
	cluster, err := postgrestest.Start()
	if errors.Is(err, postgrestest.ErrNone) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Stop(); err != nil {
			t.Error(err)
		}
	})
	address, err := cluster.Create(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := schedule.Config{Database: address, Lease: 10 * time.Second}
	away, back := make(chan bool), make(chan error, 1)
	var first atomic.Bool
	done := make(chan schedule.Kind, 10)
	c.Handlers = handlers(func(_ context.Context, j *schedule.Job) error {
		if first.CompareAndSwap(false, true) {
			go func() { back <- cluster.Away(away, 5*time.Second) }()
			<-away // the database is gone: the site cannot be given back
			return errors.New("the database is away")
		}
		done <- j.Kind
		return nil
	})
	e := start(t, c)
	if _, _, err := e.Ask(t.Context(), schedule.Crawl, "a", ""); err != nil {
		t.Fatal(err)
	}
	if err := <-back; err != nil {
		t.Fatal(err)
	}
	eventually(t, "the queue is back", func() bool {
		_, _, err := e.Ask(t.Context(), schedule.Columns, "a", "")
		return err == nil
	})
	select {
	case <-done:
	case <-time.After(40 * time.Second):
		t.Fatal("the site is held by a job that ended long ago")
	}
}
