package period

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// Options say what is compiled.
type Options struct {
	Period   Period
	Known    time.Time          // nothing that was learned later is counted; zero: everything is
	Register []*inspect.Site    // nil: what the source has
	Rules    *inspect.Rulebook  // for titles, remedies and people's verdicts
	Unit     string             // the only unit; "": all
	Handed   []Handed           // what people filled in
	Weights  map[string]float64 // of the units' scores, by component; those left out are as [DefaultWeights]
}

// SoonDays is how many days ahead a column's limit is a warning. The number is
// ours: a week leaves time for two working days of writing and review.
const SoonDays = 7

// HistoryMonths is how many months the history shows.
const HistoryMonths = 12

// noUnit stands for the office of a target whose register names none.
const noUnit = "（未登记责任单位）"

// Compile counts. The same facts give the same bulletin, byte for byte.
func Compile(ctx context.Context, src Source, o Options) (*Bulletin, error) {
	span := o.Period.Span()
	if o.Known.IsZero() {
		o.Known = endless
	}
	c := &compiler{o: o, src: src, span: span, results: map[string]inspect.Conclusion{}, index: map[string]int{}}
	c.b = &Bulletin{Schema: Schema, Period: o.Period, Title: o.Period.Chinese(), Unit: o.Unit, Known: o.Known.UTC(), Handed: sortedHanded(o.Handed)}
	for _, step := range []func(context.Context) error{c.register, c.faults, c.last, c.life, c.access, c.history} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	c.figures()
	c.units()
	c.notes()
	return c.b, nil
}

// A compiler is one compilation under way.
type compiler struct {
	o    Options
	src  Source
	span inspect.Span
	b    *Bulletin

	sites   []*inspect.Site // in the order of b.Targets
	index   map[string]int  // of a target by id
	results map[string]inspect.Conclusion
	policy  []inspect.Interpreted
	decided verdicts
	orders  []Fault // whose last day lies in the period
	before  Point   // the last period
	outside int     // targets with results that the register does not have
	changed int     // targets whose rulebook was another than the bulletin's
}

func sortedHanded(in []Handed) []Handed {
	out := append([]Handed{}, in...)
	slices.SortFunc(out, func(a, b Handed) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// register lays down who is watched: accounts that are closed are not.
func (c *compiler) register(ctx context.Context) error {
	sites := c.o.Register
	if sites == nil {
		var err error
		if sites, err = c.src.Register(ctx, c.o.Known); err != nil {
			return err
		}
	}
	for _, s := range sites {
		if c.o.Unit != "" && s.Unit != c.o.Unit || s.Account != nil && !s.Account.Judged(c.span.To.Add(-1)) {
			continue
		}
		c.sites = append(c.sites, s)
	}
	slices.SortStableFunc(c.sites, func(a, b *inspect.Site) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), -cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
	for i, s := range c.sites {
		t := Target{ID: s.ID, Kind: cmp.Or(s.Kind, inspect.Website), Name: cmp.Or(s.Name, s.ID), Unit: cmp.Or(s.Unit, noUnit), Code: s.Code, Home: s.Home, Portal: s.Portal}
		if s.Account != nil {
			t.Platform = s.Account.Platform
		}
		c.index[s.ID] = i
		c.b.Targets = append(c.b.Targets, t)
	}
	return nil
}

// last takes for each target its last inspection of the period.
func (c *compiler) last(ctx context.Context) error {
	all, err := c.resultsOf(ctx, c.span)
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b inspect.Conclusion) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Site, b.Site)) })
	for _, r := range all {
		i, ok := c.index[r.Site]
		if !ok {
			c.outside++
			continue
		}
		c.results[r.Site] = r
		c.take(&c.b.Targets[i], &r)
		c.b.Rulebook = Rulebook{ID: r.RulebookID, Version: r.Version, Digest: r.Digest} // the newest stays
	}
	for _, r := range c.results {
		if r.Digest != c.b.Rulebook.Digest {
			c.changed++
		}
	}
	if rb := c.o.Rules; rb != nil && rb.ID == c.b.Rulebook.ID {
		c.b.Rulebook.Title, c.b.Rulebook.Source = rb.Title, rb.Source
	}
	return nil
}

// take copies what a bulletin says of an inspection.
func (c *compiler) take(t *Target, r *inspect.Conclusion) {
	t.Inspection, t.Checked = r.Inspection, r.At.UTC()
	g := &r.Grade
	t.Verdict, t.Scored, t.Points, t.Unverified = g.Verdict, g.Scored, g.Points, g.Unverified
	if !g.Scored {
		t.Points = 0
	}
	for _, id := range g.Vetoes {
		t.Vetoes = append(t.Vetoes, c.clause(id))
	}
	for _, why := range g.Undecided {
		id, rest, ok := strings.Cut(why, "：")
		if x := c.clause(id); ok && x.Title != "" {
			why = id + " " + x.Title + "：" + rest
		}
		t.Undecided = append(t.Undecided, why)
	}
	n := &r.Counts
	t.Due, t.Untold, t.Pages, t.Links, t.Broken = n.Due, n.Untold, n.Fetched, n.Asked, n.Broken
	for _, k := range r.Clocks {
		t.Watched++
		if left := inspect.DaysBetween(r.At, k.Limit); left >= 0 && left <= SoonDays {
			t.DueSoon++
		}
	}
}

// clause is the item of an id.
func (c *compiler) clause(id string) Clause {
	if c.o.Rules != nil {
		for i := range c.o.Rules.Items {
			if it := &c.o.Rules.Items[i]; it.ID == id {
				return Clause{id, it.Title}
			}
		}
	}
	return Clause{ID: id}
}

// life adds up what happened, month by month.
func (c *compiler) life(ctx context.Context) error {
	items := map[[2]string]int{}
	policy := map[string]inspect.Interpreted{}
	for _, m := range c.o.Period.Months() {
		l, err := c.src.Life(ctx, m.Span(), c.o.Known)
		if err != nil {
			return err
		}
		for _, p := range l.Published {
			items[[2]string{p.Site, p.Column}] += p.Items
		}
		for _, p := range l.Interpreted {
			x := policy[p.Site]
			policy[p.Site] = inspect.Interpreted{Site: p.Site, Documents: x.Documents + p.Documents, Paired: x.Paired + p.Paired}
		}
		c.monthly(l)
	}
	c.columns(items)
	for _, s := range c.sites {
		if p, ok := policy[s.ID]; ok {
			c.policy = append(c.policy, p)
		}
	}
	return nil
}

// monthly adds a month's visits and posts to the targets.
func (c *compiler) monthly(l *Life) {
	for _, v := range l.Visits {
		if i, ok := c.index[v.Site]; ok {
			t := &c.b.Targets[i]
			t.Visited, t.Told, t.Failed = t.Visited+v.Visited, t.Told+v.Told, t.Failed+v.Failed
		}
	}
	for _, p := range l.Posts {
		if i, ok := c.index[p.Account]; ok {
			t := &c.b.Targets[i]
			t.PostsWhole = p.Whole && (t.PostsWhole || !t.PostsKnown)
			t.Posts, t.PostsKnown = t.Posts+p.Posts, true
		}
	}
}

// columns lists the columns of the register with what they published.
func (c *compiler) columns(items map[[2]string]int) {
	for _, s := range c.sites {
		clocks := map[string]inspect.Clock{}
		r := c.results[s.ID]
		for _, k := range r.Clocks {
			clocks[k.Name] = k
		}
		if s.Account != nil {
			continue
		}
		for _, col := range s.Columns {
			x := Column{Site: s.ID, Unit: cmp.Or(s.Unit, noUnit), Target: cmp.Or(s.Name, s.ID), Name: col.Name, Genre: col.Genre, Items: items[[2]string{s.ID, col.Name}]}
			if k, ok := clocks[col.Name]; ok {
				left := inspect.DaysBetween(r.At, k.Limit)
				x.Newest, x.Left = k.Newest.UTC(), &left
			}
			c.b.Columns = append(c.b.Columns, x)
		}
	}
}
