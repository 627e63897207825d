package main

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/dashboards/metrics"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/schedule"
	"github.com/xunjian/xunjian/store"
)

// A fleet tells metrics how the sites and accounts of the configuration stand.
type fleet struct {
	cfg     *config.Config
	st      *store.Store
	known   *store.Fleet
	windows map[inspect.Genre]inspect.Window // of the rulebook
	labels  map[string]string                // by id
	space   store.Space
	spaceAt time.Time
}

const (
	spaceEvery = 5 * time.Minute    // files are counted that often
	dueSoon    = 3 * 24 * time.Hour // a column with less time left is due soon; ours
	// slowVisit is from when on a home page counts as not opened (国办秘函〔2019〕19号, SV-2).
	slowVisit = 15 * time.Second
)

func newFleet(cfg *config.Config, rules *inspect.Rulebook, st *store.Store) *fleet {
	f := &fleet{cfg: cfg, st: st, known: st.Fleet(), labels: siteLabels(cfg.Sites)}
	for _, b := range rules.Checks {
		var o struct {
			Windows map[inspect.Genre]inspect.Window `yaml:"windows"`
		}
		if b.Check.ID == "column-stale" && b.Options != nil && b.Options(&o) == nil {
			f.windows = o.Windows
		}
	}
	return f
}

// siteLabels are the codes of sites (网站标识码), which outlive names and our
// own ids; the id where there is none, two sites share it or another's id is the same.
func siteLabels(sites []*inspect.Site) map[string]string {
	shared := map[string]int{}
	for _, s := range sites {
		shared[s.Code]++
		if s.ID != s.Code {
			shared[s.ID]++
		}
	}
	out := map[string]string{}
	for _, s := range sites {
		out[s.ID] = s.ID
		if s.Code != "" && shared[s.Code] == 1 {
			out[s.ID] = s.Code
		}
	}
	return out
}

// A standing is what the last inspections of a site came to.
type standing struct{ whole, lists *store.Result }

// read is metrics.Options.Fleet.
func (f *fleet) read(ctx context.Context, now time.Time) (*metrics.Fleet, error) {
	results, err := f.known.Results(ctx)
	if err != nil {
		return nil, err
	}
	latest := map[string]standing{}
	for i := range results {
		r := &results[i]
		s := latest[r.Site]
		if r.Scope == store.Whole {
			s.whole = r
		} else {
			s.lists = r
		}
		latest[r.Site] = s
	}
	out := &metrics.Fleet{}
	if err := f.sites(ctx, out, latest, now); err != nil {
		return nil, err
	}
	if err := f.accounts(ctx, out, latest); err != nil {
		return nil, err
	}
	return out, f.rest(ctx, out, now)
}

func (f *fleet) sites(ctx context.Context, out *metrics.Fleet, latest map[string]standing, now time.Time) error {
	visits, err := f.known.Visits(ctx, now)
	if err != nil {
		return err
	}
	told, err := f.known.Told(ctx, now, slowVisit, 7, 30)
	if err != nil {
		return err
	}
	for _, s := range f.cfg.Sites {
		x := metrics.Site{ID: f.labels[s.ID], Name: s.Name, Agency: s.Unit, Region: s.Region, Portal: s.Portal, Visit: visits[s.ID],
			Availability: map[string]float64{}, Whole: resultOf(latest[s.ID].whole)}
		for i, window := range []string{"7d", "30d"} {
			if t := told[i][s.ID]; t.Visits > 0 {
				x.Availability[window] = 1 - float64(t.Failed)/float64(t.Visits)
			}
		}
		if l := latest[s.ID].lists; l != nil {
			x.ListsAt = l.Finished
		}
		x.HomeNewest, x.HomeDue = latest[s.ID].home()
		x.Columns, x.Empty = f.columns(s, latest[s.ID], now)
		out.Sites = append(out.Sites, x)
	}
	return nil
}

func resultOf(r *store.Result) *metrics.Result {
	if r == nil {
		return nil
	}
	return &metrics.Result{Begun: r.Started, Ended: r.Finished, Grade: r.Grade, Counts: r.Counts}
}

// newestFirst are the inspections of a site that there are.
func (l standing) newestFirst() (out []*store.Result) {
	for _, r := range []*store.Result{l.lists, l.whole} {
		if r != nil {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b *store.Result) int { return b.Started.Compare(a.Started) })
	return out
}

// home is how the home page stands by the last look that could tell.
func (l standing) home() (newest, due time.Time) {
	for _, r := range l.newestFirst() {
		n, ok1 := r.Counts.Measures[inspect.HomeNewest]
		d, ok2 := r.Counts.Measures[inspect.HomeDue]
		if ok1 && ok2 {
			return time.Unix(int64(n), 0), time.Unix(int64(d), 0)
		}
	}
	return newest, due
}

// columns are how the columns of a site stand by the newer of its inspections,
// and how many of them are empty. One whose time ran out since is not stale:
// nobody has looked.
func (f *fleet) columns(s *inspect.Site, l standing, now time.Time) (out []metrics.Column, empty int) {
	var last *store.Result
	if all := l.newestFirst(); len(all) > 0 {
		last = all[0]
	}
	clocks := map[string]*inspect.Clock{}
	if last != nil {
		for i := range last.Clocks {
			clocks[last.Clocks[i].Name] = &last.Clocks[i]
		}
		empty = last.Counts.Checks["column-blank"].Failed
	}
	for i := range s.Columns {
		c := &s.Columns[i]
		x := metrics.Column{ID: c.ID(), Name: c.Name, Genre: string(c.Genre), State: "unknown"}
		switch k := clocks[c.Name]; {
		case c.Excused.Holds(now), c.Window.IsZero() && f.windows[c.Genre].IsZero():
			x.State = "exempt"
		case k != nil:
			x.Newest, x.Due = k.Newest, k.Window.Ends(k.Newest)
			x.State = "fresh"
			if !x.Due.After(last.Started) {
				x.State = "stale"
			} else if x.Due.Sub(now) < dueSoon {
				x.State = "due_soon"
			}
		}
		out = append(out, x)
	}
	return out, empty
}

func (f *fleet) accounts(ctx context.Context, out *metrics.Fleet, latest map[string]standing) error {
	out.Collected = map[inspect.Platform]time.Time{}
	for _, s := range f.cfg.Accounts {
		x := metrics.Account{ID: s.ID, Name: s.Name, Agency: s.Unit, Region: s.Region, Platform: s.Account.Platform, Whole: resultOf(latest[s.ID].whole)}
		if r := latest[s.ID].whole; r != nil {
			if len(r.Clocks) > 0 {
				x.Newest, x.Due = r.Clocks[0].Newest, r.Clocks[0].Limit.AddDate(0, 0, 1)
			}
			at, err := f.known.Collected(ctx, r)
			if err != nil {
				return err
			}
			x.Collected = at
			if at.After(out.Collected[x.Platform]) {
				out.Collected[x.Platform] = at
			}
		}
		out.Accounts = append(out.Accounts, x)
	}
	return nil
}

// rest is what is of no single site.
func (f *fleet) rest(ctx context.Context, out *metrics.Fleet, now time.Time) error {
	names := map[string]string{}
	for _, u := range f.cfg.Units {
		names[u.ID] = u.Name
	}
	cases, err := f.known.Cases(ctx, now)
	if err != nil {
		return err
	}
	for _, c := range cases {
		out.Repairs = append(out.Repairs, metrics.Repair{Agency: cmp.Or(names[c.Unit], c.Unit), Severity: c.Severity, Stage: c.Stage, Cases: c.Cases, Overdue: c.Overdue,
			Expiring: c.Expiring, ExpiredWaivers: c.Ended})
	}
	waiting, err := f.known.Waiting(ctx)
	if err != nil {
		return err
	}
	out.Messages = map[string]int{}
	for _, c := range f.channels() {
		out.Messages[c] = waiting[c]
	}
	incidents, err := f.st.Incidents(ctx, 100)
	if err != nil {
		return err
	}
	out.Incidents = map[string]int{"line": 0, "wave": 0, "canary": 0, "collector": 0}
	for _, i := range incidents {
		if i.Ended.IsZero() {
			out.Incidents[i.Kind]++
		}
	}
	if now.Sub(f.spaceAt) >= spaceEvery {
		if f.space, err = f.st.Space(ctx); err != nil {
			return err
		}
		f.spaceAt = now
	}
	out.Space, out.Free = map[string]int64{"database": f.space.Database, "evidence": f.space.Evidence}, f.space.Free
	return nil
}

// channels are the ids of the channels by which people are told.
func (f *fleet) channels() (out []string) {
	if f.cfg.Alerts != nil {
		for _, c := range f.cfg.Alerts.Channels {
			out = append(out, c.ID)
		}
	}
	return out
}

// queue is metrics.Options.Queue.
func (s *service) queue(ctx context.Context) (*metrics.Queue, error) {
	depths, err := s.engine.Depths(ctx)
	if err != nil {
		return nil, err
	}
	done, err := s.engine.Successes(ctx)
	if err != nil {
		return nil, err
	}
	q := &metrics.Queue{Jobs: map[string]map[string]int{}, Oldest: map[string]time.Time{}, Successes: map[string]time.Time{}}
	for _, k := range schedule.Kinds {
		q.Jobs[string(k)] = map[string]int{"available": 0, "running": 0}
	}
	for _, d := range depths {
		q.Jobs[string(d.Kind)][d.State] = d.Jobs
		if d.State == "available" {
			q.Oldest[string(d.Kind)] = d.Oldest
		}
	}
	for k, at := range done {
		q.Successes[string(k)] = at
	}
	q.Busy, q.Size = s.engine.Slots()
	return q, nil
}
