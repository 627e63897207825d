package period

import (
	"cmp"
	"context"
	"slices"
	"time"
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
	for _, f := range all {
		i, ok := c.index[f.Site]
		if !ok || !before(f.Seen, c.span.To) {
			continue
		}
		t := &c.b.Targets[i]
		f.Unit, f.Target = t.Unit, t.Name
		f.Items = c.clauses(f.Items)
		f.State = stateAt(&f, c.span.To)
		switch {
		case !f.Dropped.IsZero():
			if c.span.Holds(f.Dropped) {
				c.b.Dropped = append(c.b.Dropped, f)
			}
		case !before(f.Confirmed, c.span.To):
			if !before(f.Closed, c.span.To) && !before(f.Excused, c.span.To) {
				t.Pending++
				c.b.Pending = append(c.b.Pending, f)
			}
		case !before(f.Closed, c.span.From) && !before(f.Excused, c.span.From):
			c.b.Faults = append(c.b.Faults, f)
			c.tell(t, &f)
		}
	}
	return nil
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
		if before(f.Due, c.span.To) {
			t.Overdue++
		}
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

func severityRank(s Severity) int { return slices.Index(Severities, s) }

// stateAt is what a ledger prints of a fault.
func stateAt(f *Fault, t time.Time) string {
	switch {
	case !f.Dropped.IsZero():
		return "不成立"
	case !before(f.Confirmed, t):
		return "待确认"
	case before(f.Closed, t):
		return "已整改"
	case before(f.Excused, t):
		return "豁免"
	case before(f.Due, t):
		return "逾期未整改"
	case before(f.Ordered, t):
		return "整改中"
	}
	return "未整改"
}
