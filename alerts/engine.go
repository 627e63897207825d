package alerts

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// A Book remembers what is to be told, and what was.
type Book interface {
	// Untold are steps that nobody looked at yet, oldest first, with their cases.
	Untold(ctx context.Context, limit int) ([]inspect.Step, map[string]inspect.Case, error)
	// AlertsAbout are the alerts about some keys that wait or were told.
	AlertsAbout(ctx context.Context, keys []string) ([]inspect.Alert, error)
	// Plan adds and drops alerts that wait and marks steps as looked at: all or
	// nothing. An alert that is there already stays as it is.
	Plan(ctx context.Context, add []inspect.Alert, drop []string, steps []inspect.Step) error
	// Waiting are the alerts in no message that are due before a time.
	Waiting(ctx context.Context, due time.Time) ([]inspect.Alert, error)
	Silences(ctx context.Context, now time.Time) ([]inspect.Silence, error)
	Cases(ctx context.Context, q inspect.CaseQuery) (page []inspect.Case, next string, err error)
}

// A Queue remembers messages until they are sent.
type Queue interface {
	// Compose adds a message of waiting alerts, unless one of them is in another
	// by now.
	Compose(ctx context.Context, m *inspect.Message, alerts []string) error
	// Outgoing are the heads of messages made since a time, and of those that
	// wait.
	Outgoing(ctx context.Context, since time.Time) ([]inspect.Message, error)
	// Ready reports whether Take would give a message.
	Ready(ctx context.Context, channel string, now, unclear time.Time) (bool, error)
	// Take gives a message of a channel to this caller only: one whose time has
	// come, one whose taker died, or one that was begun before unclear and never
	// ended. It is nil when there is none.
	Take(ctx context.Context, channel string, now, unclear time.Time) (*inspect.Message, error)
	// Handing marks a taken message: from now on it may have arrived. It fails
	// when another caller has the message by now.
	Handing(ctx context.Context, m *inspect.Message) error
	// Settle notes how an attempt ended.
	Settle(ctx context.Context, m *inspect.Message) error
}

// An Engine turns what happens into messages and sends them.
type Engine struct {
	Policy   Policy
	Book     Book
	Queue    Queue
	Channels map[string]Channel
	Pacers   map[string]Pacer
	Clock    func() time.Time
	Every    time.Duration // between two looks; 0: 5 s
	Log      *slog.Logger

	Incidents func(context.Context) ([]Incident, error)
	Clocks    func(context.Context) ([]Clock, error)
	// Trouble tells of a channel that does not work, or, with nil, works again.
	Trouble func(ctx context.Context, channel string, err error)
	// Sending is told when an attempt at a message begins; what it returns is the
	// attempt's context, and what is called at its end. Nil: nobody watches.
	Sending func(ctx context.Context, m *inspect.Message) (context.Context, func(error))
}

const (
	lookEvery   = 5 * time.Second
	clockEvery  = time.Hour
	stepsAtOnce = 1000
)

// Run looks for what is to be told and sends it until its context ends. What
// is being sent then is sent to its end.
func (e *Engine) Run(ctx context.Context) {
	var wg sync.WaitGroup
	for _, name := range slices.Sorted(maps.Keys(e.Channels)) {
		wg.Go(func() { e.every(ctx, "send", func(ctx context.Context) error { return e.send(ctx, name) }) })
	}
	var limits time.Time // when limits were looked at last
	e.every(ctx, "look", func(ctx context.Context) error {
		if now := e.Clock(); now.Sub(limits) >= clockEvery {
			if err := e.Limits(ctx); err != nil {
				return err
			}
			limits = now
		}
		return e.Look(ctx)
	})
	wg.Wait()
}

// every does something now and then, whatever becomes of it.
func (e *Engine) every(ctx context.Context, what string, do func(context.Context) error) {
	t := time.NewTicker(cmp.Or(e.Every, lookEvery))
	defer t.Stop()
	for {
		if err := do(ctx); err != nil && ctx.Err() == nil {
			e.Log.Error("alerts", "doing", what, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// Look turns steps and incidents into alerts, and alerts whose time has come
// into messages.
func (e *Engine) Look(ctx context.Context) error {
	now := e.Clock()
	incidents, err := e.Incidents(ctx)
	if err != nil {
		return err
	}
	if err := e.book(ctx, e.ofIncidents(incidents, now), nil, now); err != nil {
		return err
	}
	for more := true; more; {
		events, steps, err := e.ofSteps(ctx, now)
		if err == nil && len(steps) > 0 {
			err = e.book(ctx, events, steps, now)
		}
		if err != nil {
			return err
		}
		more = len(steps) == stepsAtOnce
	}
	return e.compose(ctx, incidents, now)
}

func (e *Engine) ofIncidents(all []Incident, now time.Time) (events []event) {
	for i := range all {
		if ev, ok := e.Policy.incident(&all[i], now); ok {
			events = append(events, ev)
		}
	}
	return events
}

func (e *Engine) ofSteps(ctx context.Context, now time.Time) (events []event, steps []inspect.Step, err error) {
	steps, cases, err := e.Book.Untold(ctx, stepsAtOnce)
	if err != nil {
		return nil, nil, err
	}
	for i := range steps {
		if c, ok := cases[steps[i].Case]; ok {
			if ev, ok := e.Policy.step(&steps[i], &c, now); ok {
				events = append(events, ev)
			}
		}
	}
	return events, steps, nil
}

// book plans events and keeps the plan.
func (e *Engine) book(ctx context.Context, events []event, steps []inspect.Step, now time.Time) error {
	pl, err := e.plan(ctx, events, now)
	if err != nil {
		return err
	}
	if len(pl.add)+len(pl.drop)+len(steps) == 0 {
		return nil
	}
	return e.Book.Plan(ctx, pl.added(), pl.drop, steps)
}

func (e *Engine) plan(ctx context.Context, events []event, now time.Time) (*plan, error) {
	var keys []string
	for i := range events {
		keys = append(keys, events[i].Key)
	}
	slices.Sort(keys)
	known, err := e.Book.AlertsAbout(ctx, slices.Compact(keys))
	if err != nil {
		return nil, err
	}
	return e.Policy.plan(events, known, now), nil
}

// Limits looks at the last days of orders and at the clocks of columns and
// accounts.
func (e *Engine) Limits(ctx context.Context) error {
	now := e.Clock()
	events, err := e.ofOrders(ctx, now)
	if err != nil {
		return err
	}
	clocks, err := e.Clocks(ctx)
	if err != nil {
		return err
	}
	waiting, err := e.Book.Waiting(ctx, time.Time{})
	if err != nil {
		return err
	}
	if old := updated(clocks, waiting); len(old) > 0 {
		if err := e.Book.Plan(ctx, nil, old, nil); err != nil {
			return err
		}
	}
	for i := range clocks {
		if ev, ok := e.Policy.clock(&clocks[i], now); ok {
			events = append(events, ev)
		}
	}
	return e.book(ctx, events, nil, now)
}

func (e *Engine) ofOrders(ctx context.Context, now time.Time) (events []event, err error) {
	if len(e.Policy.Before)+len(e.Policy.Overdue) == 0 {
		return nil, nil
	}
	ahead := 1
	if len(e.Policy.Before) > 0 {
		ahead += slices.Max(e.Policy.Before)
	}
	q := inspect.CaseQuery{Due: inspect.Day(now).AddDate(0, 0, ahead), Sort: inspect.ByDue, Limit: stepsAtOnce}
	for {
		page, next, err := e.Book.Cases(ctx, q)
		if err != nil {
			return nil, err
		}
		for i := range page {
			if ev, ok := e.Policy.order(&page[i], now); ok {
				events = append(events, ev)
			}
		}
		if q.After = next; next == "" {
			return events, nil
		}
	}
}

// compose makes messages of what is due.
func (e *Engine) compose(ctx context.Context, incidents []Incident, now time.Time) error {
	waiting, err := e.Book.Waiting(ctx, now.Add(e.Policy.Gather))
	if err != nil || len(waiting) == 0 {
		return err
	}
	d := &desk{policy: &e.Policy, now: now, quiet: slices.ContainsFunc(incidents, func(i Incident) bool { return i.silences() })}
	if d.silences, err = e.Book.Silences(ctx, now); err != nil {
		return err
	}
	if d.outgoing, err = e.Queue.Outgoing(ctx, now.Add(-time.Hour)); err != nil {
		return err
	}
	for _, group := range d.groups(waiting) {
		messages, ids := d.messages(group)
		for i, m := range messages {
			if err := e.Queue.Compose(ctx, m, ids[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// Preview is what would be sent if nothing more happened: Next says when, if
// no silence and no trouble of our own keeps it back. Nothing is kept of it.
func (e *Engine) Preview(ctx context.Context) ([]*inspect.Message, error) {
	now := e.Clock()
	incidents, err := e.Incidents(ctx)
	if err != nil {
		return nil, err
	}
	steps, _, err := e.ofSteps(ctx, now)
	if err != nil {
		return nil, err
	}
	orders, err := e.ofOrders(ctx, now)
	if err != nil {
		return nil, err
	}
	clocks, err := e.Clocks(ctx)
	if err != nil {
		return nil, err
	}
	events := slices.Concat(e.ofIncidents(incidents, now), steps, orders)
	for i := range clocks {
		if ev, ok := e.Policy.clock(&clocks[i], now); ok {
			events = append(events, ev)
		}
	}
	pl, err1 := e.plan(ctx, events, now)
	waiting, err2 := e.Book.Waiting(ctx, time.Time{})
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	gone := slices.Concat(pl.drop, updated(clocks, waiting))
	waiting = slices.DeleteFunc(waiting, func(a inspect.Alert) bool { return slices.Contains(gone, a.ID) })
	return e.Policy.ahead(append(waiting, pl.added()...), now), nil
}

// ahead groups alerts by when they are due.
func (p *Policy) ahead(waiting []inspect.Alert, now time.Time) []*inspect.Message {
	out := []*inspect.Message{}
	by := map[time.Time][]inspect.Alert{}
	for _, a := range waiting {
		at := a.Due.UTC().Truncate(time.Minute)
		if at.Before(now) {
			at = now.UTC().Truncate(time.Minute)
		}
		a.Due = now
		by[at] = append(by[at], a)
	}
	for _, at := range slices.SortedFunc(maps.Keys(by), time.Time.Compare) {
		d := &desk{policy: p, now: now}
		for _, group := range d.groups(by[at]) {
			messages, _ := d.messages(group)
			for _, m := range messages {
				m.Next = at
				out = append(out, m)
			}
		}
	}
	return out
}
