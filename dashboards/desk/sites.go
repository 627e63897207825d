package desk

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// A TargetQuery chooses sites or accounts.
type TargetQuery struct {
	Kind     inspect.Kind // "": websites
	Every    bool         // websites and accounts
	Unit     string
	Region   string // or the beginning of one
	Platform string // of accounts
	Verdict  inspect.Decision
	Text     string // in the name, the id, the address
}

// A Standing is where a site or an account stands.
type Standing struct {
	Site   *inspect.Site
	Last   *inspect.Inspection // nil: never inspected
	Clocks []Clock             // what falls first first
	Open   int                 // cases
}

// First is the clock that falls first; nil: none runs.
func (x *Standing) First() *Clock {
	if len(x.Clocks) == 0 {
		return nil
	}
	return &x.Clocks[0]
}

// Targets are the sites or accounts that somebody may see; those that fail come first.
func (d *Desk) Targets(ctx context.Context, who *inspect.Person, q TargetQuery) ([]Standing, error) {
	last, err1 := d.Rounds.Standings(ctx)
	lists, err2 := d.Rounds.Dials(ctx)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	open, err := d.Count(ctx, who, inspect.CaseQuery{Stages: openStages()}, "site")
	if err != nil {
		return nil, err
	}
	var out []Standing
	for _, t := range d.Config.Targets {
		x := Standing{Site: t, Last: last[t.ID], Open: open[t.ID]}
		if !who.Reads(t.UnitID) || !q.takes(&x) {
			continue
		}
		x.Clocks = d.clocks(t, x.Last, lists[t.ID])
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b Standing) int { return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(b.Open, a.Open)) })
	return out, nil
}

func openStages() (out []inspect.Stage) {
	for _, s := range inspect.Stages {
		if s.Open() {
			out = append(out, s)
		}
	}
	return out
}

func (x *Standing) rank() int {
	if x.Last == nil {
		return 3
	}
	return slices.Index([]inspect.Decision{inspect.Failed, inspect.Undecided, inspect.Passed}, x.Last.Grade.Verdict)
}

func (q *TargetQuery) takes(x *Standing) bool {
	t := x.Site
	kind := cmp.Or(t.Kind, inspect.Website)
	if !q.Every && kind != cmp.Or(q.Kind, inspect.Website) || q.Unit != "" && t.UnitID != q.Unit || !strings.HasPrefix(t.Region, q.Region) {
		return false
	}
	if q.Platform != "" && (t.Account == nil || string(t.Account.Platform) != q.Platform) {
		return false
	}
	if q.Verdict != "" && (x.Last == nil || x.Last.Grade.Verdict != q.Verdict) {
		return false
	}
	words := strings.ToLower(t.Name + "\n" + t.ID + "\n" + t.Home + "\n" + t.Unit + "\n" + t.Code)
	return strings.Contains(words, strings.ToLower(strings.TrimSpace(q.Text)))
}

// Target is a site or an account, by its id or its code, that somebody may see,
// or [ErrNone].
func (d *Desk) Target(who *inspect.Person, id string) (*inspect.Site, error) {
	t := d.targets[d.TargetID(id)]
	if t == nil || !who.Reads(t.UnitID) {
		return nil, ErrNone
	}
	return t, nil
}

// A Card is all that is shown of a site or an account.
type Card struct {
	Site   *inspect.Site
	Last   *inspect.Inspection // nil: never inspected
	Clocks []Clock             // what falls first first
	Rounds []*inspect.Inspection
	Days   []Day              // of visits to the home page, oldest first
	Stages inspect.CaseCounts // cases by stage
	Checks inspect.CaseCounts // open cases by check
}

// How far back a card looks.
const (
	cardRounds = 26
	cardDays   = 90
)

// Card is what is shown of a site or an account that somebody may see.
func (d *Desk) Card(ctx context.Context, who *inspect.Person, id string) (*Card, error) {
	t, err := d.Target(who, id)
	if err != nil {
		return nil, err
	}
	id = t.ID
	c := &Card{Site: t}
	q := inspect.CaseQuery{Sites: []string{id}}
	var errs [5]error
	var lists map[string]*inspect.Inspection
	c.Rounds, errs[0] = d.Rounds.SiteRounds(ctx, id, cardRounds)
	c.Days, errs[1] = d.days(ctx, id)
	c.Stages, errs[2] = d.Count(ctx, who, q, "stage")
	q.Stages = openStages()
	c.Checks, errs[3] = d.Count(ctx, who, q, "check")
	lists, errs[4] = d.Rounds.Dials(ctx)
	if len(c.Rounds) > 0 {
		c.Last = c.Rounds[0]
	}
	c.Clocks = d.clocks(t, c.Last, lists[id])
	return c, errors.Join(errs[:]...)
}

// days are the days of visits, those that were rolled up and those that were not.
func (d *Desk) days(ctx context.Context, site string) ([]Day, error) {
	since := d.Now().AddDate(0, 0, -cardDays)
	rolled, err1 := d.Rounds.ProbeDays(ctx, site, since)
	visits, err2 := d.Rounds.Probes(ctx, site, since)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	by := map[string]*Day{}
	for i := range rolled {
		by[rolled[i].Day] = &rolled[i]
	}
	took := map[string][]inspect.Millis{}
	for i := range visits {
		p := &visits[i]
		if p.Network == "tcp6" {
			continue
		}
		day := p.At.In(inspect.Zone).Format(time.DateOnly)
		x := by[day]
		if x == nil {
			x = &Day{Day: day}
			by[day] = x
		}
		x.Visited++
		switch p.Verdict {
		case inspect.Fine, inspect.Information:
			x.Told++
			took[day] = append(took[day], p.Whole)
		case inspect.Fault:
			x.Told++
			x.Failed++
		}
	}
	var out []Day
	for day, x := range by {
		if t := took[day]; len(t) > 0 {
			slices.Sort(t)
			x.Median = t[len(t)/2]
		}
		out = append(out, *x)
	}
	slices.SortFunc(out, func(a, b Day) int { return cmp.Compare(a.Day, b.Day) })
	return out, nil
}
