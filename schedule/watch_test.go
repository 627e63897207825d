package schedule_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/xunjian/xunjian/schedule"
)

// endings is a Watcher that remembers how attempts ended.
type endings struct {
	mu  sync.Mutex
	all map[schedule.Kind][]schedule.Ending
}

type mark struct{}

func (w *endings) Begun(ctx context.Context, j *schedule.Job) (context.Context, func(schedule.Ending, error)) {
	return context.WithValue(ctx, mark{}, j.Kind), func(how schedule.Ending, _ error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.all[j.Kind] = append(w.all[j.Kind], how)
	}
}

func (w *endings) has(k schedule.Kind, how schedule.Ending) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Contains(w.all[k], how)
}

// A watcher is told of every attempt and how it ended; the queue says what
// waits, what runs, and when a kind of job succeeded last.
func TestWatch(t *testing.T) {
	both(t, func(t *testing.T, c schedule.Config) {
		w := &endings{all: map[schedule.Kind][]schedule.Ending{}}
		hold := make(chan struct{})
		c.Watch, c.Short, c.Long = w, 1, 1
		c.Handlers = handlers(func(ctx context.Context, j *schedule.Job) error {
			if ctx.Value(mark{}) != j.Kind {
				t.Error("the handler has not the watcher's context")
			}
			switch j.Kind {
			case schedule.Recheck:
				return schedule.Later{After: time.Hour, Why: "not now"}
			case schedule.Accounts:
				return schedule.Hopeless{Err: errors.New("no such account")}
			case schedule.Links:
				return errors.New("it broke")
			case schedule.Crawl:
				select {
				case <-hold:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		})
		e := start(t, c)
		ask := func(k schedule.Kind, target string) {
			t.Helper()
			if _, _, err := e.Ask(t.Context(), k, target, ""); err != nil {
				t.Fatal(err)
			}
		}
		begun := time.Now().Add(-time.Second)
		ask(schedule.Probe, "a")
		ask(schedule.Recheck, "a")
		ask(schedule.Accounts, "a")
		ask(schedule.Links, "")
		eventually(t, "the endings", func() bool {
			return w.has(schedule.Probe, schedule.Done) && w.has(schedule.Recheck, schedule.Put) && w.has(schedule.Accounts, schedule.GivenUp) && w.has(schedule.Links, schedule.Broke)
		})
		ask(schedule.Crawl, "a")
		eventually(t, "a busy slot", func() bool { busy, size := e.Slots(); return busy["long"] == 1 && size["long"] == 1 })
		ask(schedule.Crawl, "b")
		depths := func(k schedule.Kind, state string) schedule.Depth {
			all, err := e.Depths(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if i := slices.IndexFunc(all, func(d schedule.Depth) bool { return d.Kind == k && d.State == state }); i >= 0 {
				return all[i]
			}
			return schedule.Depth{}
		}
		eventually(t, "one crawl that runs and one that waits", func() bool {
			return depths(schedule.Crawl, "running").Jobs == 1 && depths(schedule.Crawl, "available").Jobs == 1
		})
		if d := depths(schedule.Crawl, "available"); d.Oldest.Before(begun) || d.Oldest.After(time.Now().Add(time.Second)) {
			t.Errorf("it waits since %v", d.Oldest)
		}
		eventually(t, "what was put off", func() bool {
			d := depths(schedule.Recheck, "scheduled")
			return d.Jobs == 1 && d.Oldest.After(time.Now().Add(30*time.Minute))
		})
		eventually(t, "the last success", func() bool {
			at, err := e.Successes(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return at[schedule.Probe].After(begun) && at[schedule.Links].IsZero()
		})
		stop(t, e)
		if !w.has(schedule.Crawl, schedule.Stopped) {
			t.Error("a stopped crawl is not told as one")
		}
		close(hold)
	})
}
