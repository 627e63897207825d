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
	Unit     string
	Region   string // or the beginning of one
	Platform string // of accounts
	Verdict  inspect.Decision
	Text     string // in the name, the id, the address
}

// A Standing is where a site or an account stands.
type Standing struct {
	Site  *inspect.Site
	Last  *inspect.Inspection // nil: never inspected
	First *inspect.Clock      // that falls due first; nil: none runs
	Open  int                 // cases
}

// Targets are the sites or accounts that somebody may see; those that fail come first.
func (d *Desk) Targets(ctx context.Context, who *inspect.Person, q TargetQuery) ([]Standing, error) {
	last, err := d.Rounds.Standings(ctx)
	if err != nil {
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
		if x.Last != nil {
			x.First = firstDue(x.Last.Clocks)
		}
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

// firstDue is the clock with the fewest days left.
func firstDue(clocks []inspect.Clock) *inspect.Clock {
	if len(clocks) == 0 {
		return nil
	}
	c := slices.MinFunc(clocks, func(a, b inspect.Clock) int { return cmp.Compare(a.Left, b.Left) })
	return &c
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
	if kind != cmp.Or(q.Kind, inspect.Website) || q.Unit != "" && t.UnitID != q.Unit || !strings.HasPrefix(t.Region, q.Region) {
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
	var errs [4]error
	c.Rounds, errs[0] = d.Rounds.SiteRounds(ctx, id, cardRounds)
	c.Days, errs[1] = d.days(ctx, id)
	c.Stages, errs[2] = d.Count(ctx, who, q, "stage")
	q.Stages = openStages()
	c.Checks, errs[3] = d.Count(ctx, who, q, "check")
	if len(c.Rounds) > 0 {
		c.Last = c.Rounds[0]
		slices.SortStableFunc(c.Last.Clocks, func(a, b inspect.Clock) int { return cmp.Compare(a.Left, b.Left) })
	}
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

// A Comparison holds two inspections of a target against each other.
type Comparison struct {
	Site             *inspect.Site
	A, B             *inspect.Inspection // A began first
	New, Gone, Still []inspect.Finding   // faults of B alone, of A alone, of both
}

// Compare holds two inspections of a target against each other.
func (d *Desk) Compare(ctx context.Context, who *inspect.Person, site, a, b string) (*Comparison, error) {
	t, err := d.Target(who, site)
	if err != nil {
		return nil, err
	}
	x, err1 := d.Rounds.Round(ctx, a)
	y, err2 := d.Rounds.Round(ctx, b)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	if x == nil || y == nil || x.Site.ID != site || y.Site.ID != site {
		return nil, ErrNone
	}
	if y.Started.Before(x.Started) {
		x, y = y, x
	}
	c := &Comparison{Site: t, A: x, B: y}
	before := map[string]bool{}
	for i := range x.Findings {
		before[x.Findings[i].Fingerprint] = x.Findings[i].Outcome == inspect.Fail
	}
	after := map[string]bool{}
	for _, f := range y.Findings {
		switch {
		case f.Outcome != inspect.Fail:
			continue
		case before[f.Fingerprint]:
			c.Still = append(c.Still, f)
		default:
			c.New = append(c.New, f)
		}
		after[f.Fingerprint] = true
	}
	for _, f := range x.Findings {
		if f.Outcome == inspect.Fail && !after[f.Fingerprint] {
			c.Gone = append(c.Gone, f)
		}
	}
	return c, nil
}
