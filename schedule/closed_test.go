package schedule_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/xunjian/xunjian/schedule"
)

// hours is a clock that a test moves, and what began.
type hours struct {
	clock atomic.Int64
	mu    sync.Mutex
	begun []string
}

func (h *hours) set(t time.Time) { h.clock.Store(t.UnixNano()) }
func (h *hours) now() time.Time  { return time.Unix(0, h.clock.Load()) }

func (h *hours) began(what string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.begun = append(h.begun, what)
}

func (h *hours) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.begun = nil
}

func (h *hours) has(what string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Contains(h.begun, what)
}

// idle waits until no job runs: one that runs is not asked for again.
func idle(t *testing.T, e *schedule.Engine) {
	t.Helper()
	eventually(t, "the end of all jobs", func() bool {
		all, err := e.List(t.Context(), []string{"available", "running", "scheduled"}, nil, 10)
		return err == nil && len(all) == 0
	})
}

// In quiet hours and maintenance nothing begins that the timetable wants: not
// what was missed while nothing ran, nor what waited. A person's wish is done.
func TestClosedHours(t *testing.T) {
	both(t, func(t *testing.T, c schedule.Config) {
		h := &hours{}
		h.set(at("2026-11-24 08:00:00"))
		c.Clock = h.now
		c.Handlers = handlers(func(_ context.Context, j *schedule.Job) error {
			h.began(string(j.Kind) + " " + j.Target)
			return nil
		})
		repair := []schedule.Window{{From: at("2026-11-24 22:00:00"), To: at("2026-11-25 06:00:00")}}
		c.Entries = []schedule.Entry{
			{Kind: schedule.Columns, Spec: "0 9 * * *", Zone: shanghai, Quiet: []schedule.Span{span("22:00-06:30")}, Targets: []string{"quiet"}},
			{Kind: schedule.Columns, Spec: "0 9 * * *", Zone: shanghai, Closed: repair, Targets: []string{"mended"}},
			{Kind: schedule.Columns, Spec: "0 9 * * *", Zone: shanghai, Targets: []string{"open"}},
		}
		e := start(t, c)
		h.set(at("2026-11-24 08:00:10"))
		eventually(t, "the first of each", func() bool {
			return h.has("columns quiet") && h.has("columns mended") && h.has("columns open")
		})
		stop(t, e)
		h.forget()
		h.set(at("2026-11-24 23:00:00")) // nine o'clock was missed
		c.Speed = 1e6
		e = start(t, c)
		eventually(t, "what may begin", func() bool { return h.has("columns open") })
		eventually(t, "what is put off", func() bool {
			all, err := e.List(t.Context(), []string{"scheduled", "available", "running"}, nil, 10)
			return err == nil && len(all) == 2
		})
		if h.has("columns quiet") || h.has("columns mended") {
			t.Errorf("at 23:00 began %v", h.begun)
		}
		if _, _, err := e.Ask(t.Context(), schedule.Recheck, "quiet", "http://a.example/"); err != nil {
			t.Fatal(err)
		}
		eventually(t, "what a person asks for", func() bool { return h.has("recheck quiet") })
		h.set(at("2026-11-25 06:31:00"))
		eventually(t, "the rest in the morning", func() bool { return h.has("columns quiet") && h.has("columns mended") })
	})
}

// A crawl pauses when maintenance of its site begins.
func TestMaintenanceBegins(t *testing.T) {
	both(t, func(t *testing.T, c schedule.Config) {
		h := &hours{}
		h.set(at("2026-11-24 21:00:00"))
		c.Clock, c.Speed = h.now, 3600 // an hour is a second
		ended := make(chan error, 100)
		c.Handlers = handlers(func(ctx context.Context, j *schedule.Job) error {
			<-ctx.Done()
			ended <- context.Cause(ctx)
			return ctx.Err()
		})
		c.Entries = []schedule.Entry{{Kind: schedule.Crawl, Spec: "0 9 * * *", Zone: shanghai, Targets: []string{"a"},
			Closed: []schedule.Window{{From: at("2026-11-24 22:00:00"), To: at("2026-11-25 06:00:00")}}}}
		e := start(t, c)
		h.set(at("2026-11-24 21:00:10"))
		var later schedule.Later
		if err := <-ended; !errors.As(err, &later) || later.After != 8*time.Second {
			t.Errorf("it ended by %v", err)
		}
		eventually(t, "the crawl waits for the end", func() bool {
			all, err := e.List(t.Context(), []string{"scheduled"}, nil, 10)
			return err == nil && len(all) == 1
		})
	})
}

// One line that never comes again holds up no other.
func TestLineThatEnds(t *testing.T) {
	both(t, func(t *testing.T, c schedule.Config) {
		h := &hours{}
		h.set(at("2026-11-24 08:00:00"))
		c.Clock = h.now
		c.Handlers = handlers(func(_ context.Context, j *schedule.Job) error {
			h.began(j.Target)
			return nil
		})
		var always []schedule.Window
		for i := range 1200 { // more than anybody looks ahead
			day := at("2026-11-25 00:00:00").AddDate(0, 0, i)
			always = append(always, schedule.Window{From: day, To: day.AddDate(0, 0, 1)})
		}
		c.Entries = []schedule.Entry{{Kind: schedule.Probe, Spec: "0 9 * * *", Zone: shanghai, Closed: always, Targets: []string{"ends"}},
			{Kind: schedule.Probe, Spec: "0 * * * *", Zone: shanghai, Targets: []string{"goes on"}}}
		e := start(t, c)
		h.set(at("2026-11-24 08:00:10"))
		eventually(t, "the first of each", func() bool { return h.has("ends") && h.has("goes on") })
		idle(t, e)
		h.forget()
		h.set(at("2026-11-24 09:00:30"))
		eventually(t, "both", func() bool { return h.has("ends") && h.has("goes on") })
		idle(t, e)
		h.forget()
		h.set(at("2026-11-24 10:00:30"))
		eventually(t, "the one that goes on", func() bool { return h.has("goes on") })
	})
}

// What was put off is done at once when a person asks for it.
func TestAskHurries(t *testing.T) {
	both(t, func(t *testing.T, c schedule.Config) {
		var calls atomic.Int64
		c.Handlers = handlers(func(context.Context, *schedule.Job) error {
			if calls.Add(1) == 1 {
				return schedule.Later{After: time.Hour, Why: "not now"}
			}
			return nil
		})
		e := start(t, c)
		first, _, err := e.Ask(t.Context(), schedule.Columns, "a", "")
		if err != nil {
			t.Fatal(err)
		}
		eventually(t, "it is put off", func() bool {
			all, err := e.List(t.Context(), []string{"scheduled"}, nil, 10)
			return err == nil && len(all) == 1
		})
		if again, asked, err := e.Ask(t.Context(), schedule.Columns, "a", ""); err != nil || asked || again.ID != first.ID || again.State != "available" {
			t.Errorf("asked again: %+v, %v, %v", again, asked, err)
		}
		eventually(t, "it is done", func() bool { return calls.Load() == 2 })
	})
}

// A job that heeds nothing does not keep a process from stopping in time, and
// its site is not free before its lease has run out.
func TestStopInTime(t *testing.T) {
	both(t, func(t *testing.T, c schedule.Config) {
		gate, busy := make(chan struct{}), make(chan struct{})
		c.Handlers = handlers(func(context.Context, *schedule.Job) error {
			close(busy)
			<-gate
			return nil
		})
		c.Stop, c.Lease = 200*time.Millisecond, 30*time.Second
		e, err := schedule.New(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, _, err := e.Ask(t.Context(), schedule.Crawl, "a", ""); err != nil {
			t.Fatal(err)
		}
		<-busy
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		stopped := make(chan error, 1)
		go func() { stopped <- e.Stop(ctx) }()
		select {
		case err := <-stopped:
			if err == nil {
				t.Error("nobody says that a job did not end")
			}
		case <-time.After(20 * time.Second):
			t.Error("it never stops")
		}
		beside := start(t, schedule.Config{Dir: c.Dir, Database: c.Database})
		if _, _, err := beside.Borrow(t.Context(), "a"); !errors.Is(err, schedule.ErrHeld) {
			t.Errorf("the site of a job that still runs: %v", err)
		}
		close(gate)
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
}
