package desk

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// A Task is a pile of cases that wait for somebody.
type Task struct {
	Label string // Chinese
	Path  string // of the list that shows them all
	N     int
	Cases []inspect.Case // the first of them
}

// soonDays is how long before an order's last day its cases are due soon. It is ours.
const soonDays = 3

// A pile is what a role works off.
type pile struct {
	label, path string
	roles       []inspect.Role
	query       func(d *Desk) inspect.CaseQuery
}

var (
	supervisor = []inspect.Role{inspect.Supervisor}
	agency     = []inspect.Role{inspect.Agency}
	both       = []inspect.Role{inspect.Supervisor, inspect.Agency}
)

func inStages(s ...inspect.Stage) func(*Desk) inspect.CaseQuery {
	return func(*Desk) inspect.CaseQuery { return inspect.CaseQuery{Stages: s} }
}

var piles = []pile{
	{"待裁定的申诉", "/appeals", supervisor, inStages(inspect.StageAppealed)},
	{"待同意的豁免", "/waivers?pending=1", supervisor, func(*Desk) inspect.CaseQuery { return inspect.CaseQuery{Pending: true} }},
	{"逾期未整改", "/findings?overdue=1&sort=due", both, func(d *Desk) inspect.CaseQuery {
		return inspect.CaseQuery{Due: inspect.Day(d.Now()), Sort: inspect.ByDue}
	}},
	{"即将到期", "/findings?soon=1&sort=due", both, func(d *Desk) inspect.CaseQuery {
		q := inspect.CaseQuery{Sort: inspect.ByDue}
		q.DueFrom, q.Due = d.Soon()
		return q
	}},
	{"位置消失，待认定", "/findings?stage=masked", supervisor, inStages(inspect.StageMasked)},
	{"待确认", "/findings?stage=suspected", supervisor, inStages(inspect.StageSuspected)},
	{"已确认，待交办", "/findings?stage=confirmed", supervisor, inStages(inspect.StageConfirmed)},
	{"整改中", "/findings?stage=ordered", agency, inStages(inspect.StageOrdered)},
	{"已确认，尚未交办", "/findings?stage=confirmed", agency, inStages(inspect.StageConfirmed)},
	{"等待复查", "/findings?stage=claimed", both, inStages(inspect.StageClaimed)},
}

// Soon is the span in which the last days of orders lie that are due soon.
func (d *Desk) Soon() (from, to time.Time) {
	from = inspect.Day(d.Now())
	return from, from.AddDate(0, 0, soonDays+1)
}

// firstOf is how many cases of a pile are shown.
const firstOf = 5

// Work is what waits for somebody, the most pressing first.
func (d *Desk) Work(ctx context.Context, who *inspect.Person) (out []Task, err error) {
	for _, p := range piles {
		if !slices.Contains(p.roles, who.Role) {
			continue
		}
		q := p.query(d)
		t := Task{Label: p.label, Path: p.path}
		n, err := d.Count(ctx, who, q, "stage")
		if err != nil {
			return nil, err
		}
		for _, k := range n {
			t.N += k
		}
		if q.Limit = firstOf; t.N > 0 {
			if t.Cases, _, err = d.List(ctx, who, q); err != nil {
				return nil, err
			}
		}
		out = append(out, t)
	}
	return out, nil
}

// Orders are a page of the orders that somebody may see, newest first, and
// where the next begins.
func (d *Desk) Orders(ctx context.Context, who *inspect.Person, q inspect.CaseQuery, limit int) (page []inspect.OrderSheet, next string, err error) {
	if page, err = d.Cases.Orders(ctx, own(who, q), limit+1); err == nil && len(page) > limit {
		page = page[:limit]
		next = page[limit-1].ID
	}
	return page, next, err
}

// AllOrders yields every order that somebody may see, newest first.
func (d *Desk) AllOrders(ctx context.Context, who *inspect.Person, q inspect.CaseQuery) iter.Seq2[inspect.OrderSheet, error] {
	return func(yield func(inspect.OrderSheet, error) bool) {
		for q.After = ""; ; {
			page, next, err := d.Orders(ctx, who, q, 500)
			if err != nil {
				yield(inspect.OrderSheet{}, err)
				return
			}
			for _, o := range page {
				if !yield(o, nil) {
					return
				}
			}
			if q.After = next; next == "" {
				return
			}
		}
	}
}

// Availability is how a home page was reached in the last days. Unlike all
// else it is for everyone, when the office publishes it.
func (d *Desk) Availability(ctx context.Context, target string) (*inspect.Site, []Day, error) {
	t := d.targets[target]
	if t == nil {
		return nil, nil, ErrNone
	}
	days, err := d.days(ctx, target)
	return t, days, err
}

// Labels are what the tasks of all roles are called.
func Labels() (out []string) {
	for _, p := range piles {
		out = append(out, p.label)
	}
	return out
}
