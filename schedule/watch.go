package schedule

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"
)

// An Ending says how an attempt at a job ended.
type Ending string

// The endings.
const (
	Done    Ending = "done"
	Put     Ending = "later"    // put off: its site or our line was not free for it
	Stopped Ending = "stopped"  // it goes on elsewhere: the process stops, or lost its lease
	Broke   Ending = "failed"   // it is tried again
	GivenUp Ending = "hopeless" // it is not
)

// Endings lists every ending.
var Endings = []Ending{Done, Put, Stopped, Broke, GivenUp}

// A Watcher is told of every attempt at a job when it begins; what it returns
// is the attempt's context, and what is called at its end.
type Watcher interface {
	Begun(ctx context.Context, j *Job) (context.Context, func(Ending, error))
}

// ending is what an error of an attempt means.
func (e *Engine) ending(err error) Ending {
	var later Later
	var hopeless Hopeless
	switch {
	case err == nil:
		return Done
	case errors.Is(err, ErrStopped), errors.Is(err, ErrLost), e.stopping.Err() != nil && errors.Is(err, context.Canceled):
		return Stopped
	case errors.As(err, &later):
		return Put
	case errors.As(err, &hopeless):
		return GivenUp
	}
	return Broke
}

// watch begins an attempt for whoever watches.
func (e *Engine) watch(ctx context.Context, j *Job) (context.Context, func(error)) {
	end := func(Ending, error) {}
	if e.cfg.Watch != nil {
		ctx, end = e.cfg.Watch.Begun(ctx, j)
	}
	return ctx, func(err error) {
		how := e.ending(err)
		if how == Done {
			e.mu.Lock()
			e.succeeded[j.Kind] = time.Now()
			e.mu.Unlock()
		}
		end(how, err)
	}
}

// noteSuccesses writes down which kinds had a job done since the last time: one
// row a kind, so that it costs the same however many jobs there are.
func (e *Engine) noteSuccesses(ctx context.Context) {
	e.mu.Lock()
	fresh := maps.Clone(e.succeeded)
	clear(e.succeeded)
	e.mu.Unlock()
	for k, at := range fresh {
		_, err := e.db.NewRaw("INSERT INTO successes (kind, at) VALUES (?, ?) ON CONFLICT (kind) DO UPDATE SET at = excluded.at WHERE successes.at < excluded.at", k, at.UnixMilli()).Exec(ctx)
		if err != nil {
			e.cfg.Log.Warn("success not noted", "kind", k, "error", err)
		}
	}
}

// Successes are when a job of each kind was done last, by any process; it may
// be a few seconds behind.
func (e *Engine) Successes(ctx context.Context) (map[Kind]time.Time, error) {
	var rows []struct {
		Kind Kind
		At   int64
	}
	if err := e.db.NewRaw("SELECT kind, at FROM successes").Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("successes: %w", err)
	}
	out := map[Kind]time.Time{}
	for _, r := range rows {
		out[r.Kind] = time.UnixMilli(r.At).UTC()
	}
	return out, nil
}

// A Depth is how many jobs of a kind are in a state, and since when the oldest
// of them could begin, or will be able to.
type Depth struct {
	Kind   Kind
	State  string
	Jobs   int
	Oldest time.Time
}

// Depths counts the jobs that are not done.
func (e *Engine) Depths(ctx context.Context) ([]Depth, error) {
	var rows []struct {
		Kind   Kind
		State  string
		Jobs   int
		Oldest int64
	}
	err := e.db.NewRaw("SELECT kind, state, COUNT(*) AS jobs, "+e.db.millis("MIN(scheduled_at)")+" AS oldest FROM river_job"+
		" WHERE state IN ('available', 'pending', 'scheduled', 'running', 'retryable') GROUP BY kind, state ORDER BY kind, state").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	out := make([]Depth, len(rows))
	for i, r := range rows {
		out[i] = Depth{r.Kind, r.State, r.Jobs, time.UnixMilli(r.Oldest).UTC()}
	}
	return out, nil
}

// Slots are how many jobs this process runs, and could run, in each queue.
func (e *Engine) Slots() (busy, size map[string]int) {
	busy, size = map[string]int{short: 0, medium: 0, long: 0}, map[string]int{short: e.cfg.Short, medium: e.cfg.Medium, long: e.cfg.Long}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, k := range e.kinds {
		busy[traits[k].queue]++
	}
	return busy, size
}
