package desk

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// own narrows a query to what somebody may see; the store takes no other rows.
func own(who *inspect.Person, q inspect.CaseQuery) inspect.CaseQuery {
	switch {
	case who.Role == inspect.Supervisor || who.Role == inspect.Auditor:
	case who.Role == inspect.Agency && who.Unit != "" && (q.Units == nil || slices.Contains(q.Units, who.Unit)):
		q.Units = []string{who.Unit}
	default:
		q.Units = []string{}
	}
	return q
}

// List is a page of the cases that somebody may see, and where the next begins.
func (d *Desk) List(ctx context.Context, who *inspect.Person, q inspect.CaseQuery) ([]inspect.Case, string, error) {
	return d.Cases.Cases(ctx, own(who, q))
}

// All yields every case that a query takes, a page at a time.
func (d *Desk) All(ctx context.Context, who *inspect.Person, q inspect.CaseQuery) func(yield func(*inspect.Case, error) bool) {
	return func(yield func(*inspect.Case, error) bool) {
		q.Limit, q.After = 500, ""
		for {
			page, next, err := d.List(ctx, who, q)
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range page {
				if !yield(&page[i], nil) {
					return
				}
			}
			if q.After = next; next == "" {
				return
			}
		}
	}
}

// Count is how many of the cases that somebody may see a query takes, by one of
// stage, severity, unit, site, check and order.
func (d *Desk) Count(ctx context.Context, who *inspect.Person, q inspect.CaseQuery, by string) (inspect.CaseCounts, error) {
	return d.Cases.CountCases(ctx, own(who, q), by)
}

// Case is a case that somebody may see, or [ErrNone].
func (d *Desk) Case(ctx context.Context, who *inspect.Person, fingerprint string) (*inspect.Case, error) {
	c, err := d.Cases.Case(ctx, fingerprint)
	if err != nil {
		return nil, err
	}
	if !who.Reads(c.Unit) {
		return nil, ErrNone
	}
	return c, nil
}

// History is what became of a case that somebody may see, oldest first.
func (d *Desk) History(ctx context.Context, who *inspect.Person, fingerprint string) ([]inspect.Step, error) {
	if _, err := d.Case(ctx, who, fingerprint); err != nil {
		return nil, err
	}
	return d.Cases.Steps(ctx, fingerprint)
}

// acts are those of people, in the order in which they are offered.
var acts = []inspect.Act{inspect.ActConfirm, inspect.ActOrder, inspect.ActAcknowledge, inspect.ActClaim, inspect.ActAccept, inspect.ActDeny, inspect.ActUphold, inspect.ActReject,
	inspect.ActApprove, inspect.ActExtend, inspect.ActAppeal, inspect.ActWaive, inspect.ActRefute, inspect.ActRevoke, inspect.ActAssign, inspect.ActComment}

// Acts are what somebody can do with a case as it stands. The life of a case
// itself is asked, so that nothing is offered that it would refuse.
func (d *Desk) Acts(who *inspect.Person, c *inspect.Case) (out []inspect.Act) {
	now := d.Now().UTC()
	for _, a := range acts {
		s := inspect.Step{Act: a, By: *who, At: now, Why: "?", Until: now, Ground: inspect.Misjudged, Order: "?"}
		if a == inspect.ActExtend && c.Order != nil {
			s.Until = latest(now, c.Order.Due.AddDate(0, 0, 1))
		}
		if _, _, err := c.After(s, d.Terms); err == nil {
			out = append(out, a)
		}
	}
	return out
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Act takes a step on cases, on all of them or on none. An order without a last
// day gets the one of each case's severity, and one number a unit; a claim of
// repair asks for another look at once.
func (d *Desk) Act(ctx context.Context, who *inspect.Person, step inspect.Step, on ...Decision) ([]inspect.Case, error) {
	if err := is(who, inspect.Supervisor, inspect.Agency); err != nil {
		return nil, err
	}
	if on = unique(on); len(on) == 0 {
		return nil, ErrNone
	}
	step.By, step.At, step.Why = *who, d.Now().UTC(), strings.TrimSpace(step.Why)
	var err error
	switch step.Act {
	case inspect.ActOrder:
		err = d.number(ctx, who, step, on)
	case inspect.ActAssign:
		err = d.assignable(ctx, who, step.Assignee, on)
	}
	if err != nil {
		return nil, err
	}
	out, err := d.Cases.Decide(ctx, step, d.Terms, on...)
	if err == nil && step.Act == inspect.ActClaim {
		for i := range out {
			// What was claimed stands, whether or not the look can be asked for
			// now: the next inspection looks too.
			if _, err := d.Queue.Recheck(ctx, out[i].Site, out[i].Fingerprint); err != nil && d.Log != nil {
				d.Log.WarnContext(ctx, "no look was asked for", "case", out[i].Fingerprint, "error", err)
			}
		}
	}
	return out, err
}

// unique leaves out what was named twice.
func unique(on []Decision) []Decision {
	on = slices.Clone(on)
	slices.SortStableFunc(on, func(a, b Decision) int { return cmp.Compare(a.Case, b.Case) })
	return slices.CompactFunc(on, func(a, b Decision) bool { return a.Case == b.Case })
}

// assignable refuses whoever cannot be given one of some cases; nobody always can.
func (d *Desk) assignable(ctx context.Context, who *inspect.Person, login string, on []Decision) error {
	for _, x := range on {
		c, err := d.Case(ctx, who, x.Case)
		if err != nil {
			return err
		}
		all, err := d.Assignees(ctx, who, c.Unit)
		if err != nil {
			return err
		}
		if login != "" && !slices.ContainsFunc(all, func(u inspect.User) bool { return u.ID == login }) {
			return &inspect.Refusal{Why: inspect.Incomplete, Msg: "不能指派给这个人"}
		}
	}
	return nil
}

// number gives each case that is ordered to be repaired the order of its unit,
// and its last day.
func (d *Desk) number(ctx context.Context, who *inspect.Person, step inspect.Step, on []Decision) error {
	numbers := map[string]string{}
	for i := range on {
		c, err := d.Case(ctx, who, on[i].Case)
		if err != nil {
			return err
		}
		if numbers[c.Unit] == "" {
			numbers[c.Unit] = orderNumber(step.At)
		}
		on[i].Order = numbers[c.Unit]
		if step.Until.IsZero() {
			on[i].Until = d.Due(c.Severity, step.At)
		}
	}
	return nil
}

// Due is the last day of an order that is made on a day. Where the holidays
// are not out yet, Saturdays and Sundays alone are no working days.
func (d *Desk) Due(severity inspect.Part, from time.Time) time.Time {
	day, _ := d.Workday(from, d.Terms.RepairDays[severity])
	return day
}

// orderNumber is a number that nobody has to invent: its day, and letters
// that tell the orders of a day apart.
func orderNumber(at time.Time) string {
	return "ZG" + at.In(inspect.Zone).Format("20060102") + "-" + rand.Text()[:6]
}

// How often a look may be asked for. These are ours.
const (
	recheckEvery = 10 * time.Minute // of one case
	rechecksHour = 60               // of one person
)

// Recheck asks for another look at a case, or [ErrSoon].
func (d *Desk) Recheck(ctx context.Context, who *inspect.Person, fingerprint string) (asked bool, err error) {
	if err := is(who, inspect.Supervisor, inspect.Agency); err != nil {
		return false, err
	}
	c, err := d.Case(ctx, who, fingerprint)
	if err != nil {
		return false, err
	}
	now := d.Now()
	byCase, byPerson := "recheck "+fingerprint, "rechecks of "+who.ID
	n, err1 := d.People.Attempts(ctx, byCase, now.Add(-recheckEvery))
	m, err2 := d.People.Attempts(ctx, byPerson, now.Add(-time.Hour))
	if err := errors.Join(err1, err2); err != nil {
		return false, err
	}
	if n > 0 || m >= rechecksHour {
		return false, ErrSoon
	}
	if err := d.attempt(ctx, byCase, byPerson); err != nil {
		return false, err
	}
	if asked, err = d.Queue.Recheck(ctx, c.Site, c.Fingerprint); err != nil {
		return false, err
	}
	return asked, d.People.Audit(ctx, d.entry(who, "case.recheck", fingerprint, nil))
}
