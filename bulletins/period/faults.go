package period

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// faults sorts what is known of faults by what it is at the period's end.
func (c *compiler) faults(ctx context.Context) error {
	all, err := c.src.Faults(ctx, c.o.Known)
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(severityRank(a.Severity), severityRank(b.Severity)), cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Site, b.Site),
			cmp.Compare(a.Check, b.Check), cmp.Compare(a.URL, b.URL), cmp.Compare(a.Locus, b.Locus), cmp.Compare(a.Fingerprint, b.Fingerprint), cmp.Compare(a.Relapse, b.Relapse))
	})
	c.decided = verdictsOf(all)
	for _, f := range all {
		i, ok := c.index[f.Site]
		if !ok || !before(f.Seen, c.span.To) {
			continue
		}
		t := &c.b.Targets[i]
		f.Unit, f.Target, f.Items = t.Unit, t.Name, c.clauses(f.Items)
		f.State = stateAt(&f, c.span.To)
		switch at := f.Stage(c.span.To); {
		case !f.Dropped.IsZero():
			if c.span.Holds(f.Dropped) {
				c.b.Dropped = append(c.b.Dropped, f)
			}
			continue
		case at == inspect.StageSuspected:
			t.Pending++
			c.b.Pending = append(c.b.Pending, f)
		}
		if f.DueIn(c.span) {
			c.orders = append(c.orders, f)
		}
		if before(f.Confirmed, c.span.To) && c.lived(&f) {
			c.b.Faults = append(c.b.Faults, f)
			c.tell(t, &f)
		}
	}
	return nil
}

// lived reports whether a confirmed fault stood, or was excused, at some time
// of the period.
func (c *compiler) lived(f *Fault) bool {
	if s := f.Stage(c.span.From); s.Stands() || s == inspect.StageWaived {
		return true
	}
	for _, x := range f.Turns {
		if c.span.Holds(x.At) && (x.Stage.Stands() || x.Stage == inspect.StageWaived) {
			return true
		}
	}
	return false
}

// tell counts a confirmed fault for its target.
func (c *compiler) tell(t *Target, f *Fault) {
	if c.span.Holds(f.Confirmed) {
		t.New++
	}
	if c.span.Holds(f.Closed) {
		t.Fixed++
	}
	if f.OpenAt(c.span.To) {
		t.Open++
	}
	if f.OverdueAt(c.span.To) {
		t.Overdue++
	}
}

func (c *compiler) clauses(in []Clause) []Clause {
	out := make([]Clause, len(in))
	for i, x := range in {
		if out[i] = c.clause(x.ID); out[i].Title == "" {
			out[i] = x
		}
	}
	return out
}

// severityRank sorts the gravest first.
func severityRank(s inspect.Part) int {
	return slices.Index([]inspect.Part{inspect.Veto, inspect.Deduction, inspect.Advice, inspect.Bonus}, s)
}

// stateAt is what a ledger prints of a fault.
func stateAt(f *Fault, t time.Time) string {
	switch {
	case !f.Dropped.IsZero():
		return inspect.StageRefuted.Chinese()
	case f.OverdueAt(t):
		return "逾期未整改"
	}
	return f.Stage(t).Chinese()
}
