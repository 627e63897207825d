package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// A Clock is how much time a column or an account has left, by the last look
// that could tell.
type Clock struct {
	Site          *inspect.Site
	At            time.Time // of the look
	inspect.Clock           // Left counts from today
	// Unsure says that the limit passed since the look: it may have been updated
	// meanwhile, and is not called overdue.
	Unsure bool
}

// Clocks are those of the targets that a query takes, what falls first first.
func (d *Desk) Clocks(ctx context.Context, who *inspect.Person, q TargetQuery) (out []Clock, err error) {
	all, err := d.Targets(ctx, who, q)
	if err != nil {
		return nil, err
	}
	return ClocksOf(all), nil
}

// ClocksOf are the clocks of some targets, what falls first first.
func ClocksOf(all []Standing) (out []Clock) {
	for i := range all {
		out = append(out, all[i].Clocks...)
	}
	sortClocks(out)
	return out
}

func sortClocks(all []Clock) {
	slices.SortFunc(all, func(a, b Clock) int {
		return cmp.Or(a.Limit.Compare(b.Limit), cmp.Compare(a.Site.Unit, b.Site.Unit), cmp.Compare(a.Site.ID, b.Site.ID), cmp.Compare(a.Name, b.Name))
	})
}

// clocks are those of a target by two looks at it: of each column the newer one
// that could tell counts, what falls first comes first.
func (d *Desk) clocks(t *inspect.Site, looks ...*inspect.Inspection) (out []Clock) {
	looks = slices.DeleteFunc(looks, func(in *inspect.Inspection) bool { return in == nil })
	slices.SortStableFunc(looks, func(a, b *inspect.Inspection) int { return b.Now.Compare(a.Now) })
	told := map[string]bool{}
	for _, in := range looks {
		for _, c := range in.Clocks {
			if told[c.Name] {
				continue
			}
			told[c.Name] = true
			seen := c.Left
			if c.Limit.IsZero() {
				continue
			}
			c.Left = inspect.DaysBetween(d.Now(), c.Limit)
			out = append(out, Clock{Site: t, At: in.Now, Clock: c, Unsure: c.Left < 0 && seen >= 0})
		}
	}
	sortClocks(out)
	return out
}
