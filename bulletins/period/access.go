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
	for i := range all {
		x := &all[i]
		switch site := by[x.Inspection]; {
		case strings.HasPrefix(x.Check, "annual-"):
			c.annual(site, x)
		case strings.HasPrefix(x.Check, "a11y-"):
			if of[site] == nil {
				t := &c.b.Targets[c.index[site]]
				of[site] = &Access{Site: site, Unit: t.Unit, Target: t.Name, Sampled: c.results[site].Counts.Shown}
			}
			of[site].add(x, i == 0 || all[i-1].Check != x.Check || all[i-1].Inspection != x.Inspection || all[i-1].Stands() != x.Stands())
		}
	}
	for _, a := range of {
		c.b.Access = append(c.b.Access, *a)
	}
	slices.SortFunc(c.b.Access, func(a, b Access) int {
		return cmp.Or(cmp.Compare(b.Faults, a.Faults), cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Site, b.Site))
	})
	slices.SortFunc(c.b.Annual, func(a, b Annual) int { return cmp.Or(cmp.Compare(a.Site, b.Site), cmp.Compare(a.Check, b.Check)) })
	return nil
}

// add counts findings of a check; first says that none of its faults came before.
func (a *Access) add(x *inspect.CheckCount, first bool) {
	if !x.Stands() {
		a.Open += x.Findings
		return
	}
	a.Faults, a.Places = a.Faults+x.Findings, a.Places+x.Places
	if first {
		a.Rules++
	}
}

// annual notes what a check of annual reports said.
func (c *compiler) annual(site string, x *inspect.CheckCount) {
	i := slices.IndexFunc(c.b.Annual, func(a Annual) bool { return a.Site == site && a.Check == x.Check })
	if i < 0 {
		i, c.b.Annual = len(c.b.Annual), append(c.b.Annual, Annual{Site: site, Check: x.Check})
	}
	if x.Stands() {
		c.b.Annual[i].Fails += x.Findings
	} else {
		c.b.Annual[i].Open += x.Findings
	}
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
