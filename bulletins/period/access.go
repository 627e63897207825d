package period

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/xunjian/xunjian/inspect"
)

// access counts what the last inspections found of accessibility.
func (c *compiler) access(ctx context.Context) error {
	by := map[string]string{} // site by inspection
	var ids []string
	for _, s := range c.sites {
		if r, ok := c.results[s.ID]; ok && s.Account == nil {
			by[r.Inspection] = s.ID
			ids = append(ids, r.Inspection)
		}
	}
	all, err := c.src.Tallies(ctx, ids)
	if err != nil {
		return err
	}
	of := map[string]*Access{}
	rules := map[[2]string]bool{}
	for _, x := range all {
		site := by[x.Inspection]
		if !strings.HasPrefix(x.Check, "a11y-") || site == "" {
			continue
		}
		a := of[site]
		if a == nil {
			t := &c.b.Targets[c.index[site]]
			a = &Access{Site: site, Unit: t.Unit, Target: t.Name, Sampled: c.results[site].Counts.Shown}
			of[site] = a
		}
		if x.Outcome != inspect.Fail || x.State == inspect.SeenOnce {
			a.Open += x.Findings
			continue
		}
		a.Faults, a.Places = a.Faults+x.Findings, a.Places+x.Places
		if k := [2]string{site, x.Check}; !rules[k] {
			rules[k] = true
			a.Rules++
		}
	}
	for _, a := range of {
		c.b.Access = append(c.b.Access, *a)
	}
	slices.SortFunc(c.b.Access, func(a, b Access) int {
		return cmp.Or(cmp.Compare(b.Faults, a.Faults), cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Site, b.Site))
	})
	return nil
}

// history looks at the months up to the period's end, and at the last period.
func (c *compiler) history(ctx context.Context) error {
	end := Of(Month, c.span.To.AddDate(0, 0, -1))
	for n := HistoryMonths - 1; n >= 0; n-- {
		m := end.Back(n)
		p, err := c.point(ctx, m)
		if err != nil {
			return err
		}
		if len(c.b.History) > 0 || p.Sites.Judged()+p.Media.Judged()+p.Sites.Undecided+p.Media.Undecided > 0 {
			c.b.History = append(c.b.History, p)
		}
	}
	var err error
	c.before, err = c.point(ctx, c.o.Period.Back(1))
	return err
}

// point is how targets of the register stood at the end of a period.
func (c *compiler) point(ctx context.Context, p Period) (Point, error) {
	out := Point{Month: p.String()}
	all, err := c.resultsOf(ctx, p.Span())
	if err != nil {
		return out, err
	}
	for i := range all {
		t, ok := c.index[all[i].Site]
		if !ok {
			continue
		}
		n := &out.Sites
		if c.b.Targets[t].Kind == inspect.Account {
			n = &out.Media
		}
		n.add(all[i].Grade.Verdict)
		if g := &all[i].Grade; g.Scored {
			out.Scored++
			out.Points += int64(g.Points*100 + 0.5)
		}
	}
	return out, nil
}

func (p *Passes) add(d inspect.Decision) {
	switch d {
	case inspect.Passed:
		p.Passed++
	case inspect.Failed:
		p.Failed++
	case inspect.Undecided:
		p.Undecided++
	}
}
