package alerts

import (
	"slices"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// A plan is what events add to what waits to be told, and what they make
// needless.
type plan struct {
	policy *Policy
	now    time.Time
	known  map[string][]*inspect.Alert // by channel, contact and key, in the order in which they came
	add    map[string]*inspect.Alert
	drop   []string // ids of alerts that wait
}

// plan holds events against what was planned and told about the same before.
func (p *Policy) plan(events []event, known []inspect.Alert, now time.Time) *plan {
	out := &plan{policy: p, now: now, known: map[string][]*inspect.Alert{}, add: map[string]*inspect.Alert{}}
	for i := range known {
		a := &known[i]
		out.known[to(a)] = append(out.known[to(a)], a)
	}
	for i := range events {
		out.event(&events[i])
	}
	return out
}

// to is who is told about what.
func to(a *inspect.Alert) string { return a.Channel + "\x00" + a.Contact + "\x00" + a.Key }

// event names those who are told of an event.
func (pl *plan) event(e *event) {
	for i := range pl.policy.Contacts {
		c := &pl.policy.Contacts[i]
		r := pl.policy.route(c, &e.Alert)
		if r == nil || r.When == Never {
			continue
		}
		for _, way := range c.Reach {
			if one(r.Channels, way.Channel) {
				a := e.Alert
				a.ID, a.Channel, a.Contact = id(way.Channel, c.ID, e.mark, string(a.Kind)), way.Channel, c.ID
				a.Held, a.Due = c.agency(), pl.policy.due(r.When, pl.now)
				pl.take(&a)
			}
		}
	}
}

// take adds an alert unless it says nothing new. What takes something back that
// was not told yet makes both needless; what looks tell again waits until the
// window is over.
func (pl *plan) take(a *inspect.Alert) {
	prior := pl.known[to(a)]
	if slices.ContainsFunc(prior, func(q *inspect.Alert) bool { return q.ID == a.ID }) {
		return
	}
	var last *inspect.Alert // that was told
	kept := make([]*inspect.Alert, 0, len(prior)+1)
	for _, q := range prior {
		waits := q.Told.IsZero()
		switch {
		case waits && (q.Kind.Ends() != a.Kind.Ends() || q.Kind == a.Kind && !a.Kind.Decided()):
			if q.Kind == a.Kind && q.Due.Before(a.Due) {
				a.Due = q.Due // the newer words, at the time of the older
			}
			pl.cancel(q)
			continue
		case !waits && (last == nil || q.Told.After(last.Told)):
			last = q
		}
		if !waits && q.Kind == a.Kind && !a.Kind.Decided() && q.Told.Add(pl.policy.Window).After(a.Due) {
			a.Due = q.Told.Add(pl.policy.Window)
		}
		kept = append(kept, q)
	}
	if !a.Kind.Ends() || last != nil && !last.Kind.Ends() {
		pl.add[a.ID] = a
		kept = append(kept, a)
	}
	pl.known[to(a)] = kept
}

// cancel takes an alert out that nobody was told.
func (pl *plan) cancel(a *inspect.Alert) {
	if pl.add[a.ID] != nil {
		delete(pl.add, a.ID)
		return
	}
	pl.drop = append(pl.drop, a.ID)
}

// added are the alerts to add, in a fixed order.
func (pl *plan) added() []inspect.Alert {
	out := make([]inspect.Alert, 0, len(pl.add))
	for _, a := range pl.add {
		out = append(out, *a)
	}
	slices.SortFunc(out, inOrder)
	return out
}
