package period

import (
	"context"
	"slices"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// A person's verdict outweighs a program's: what was refuted or waived is no
// fault of a grade, and what a person confirmed is one.

// verdicts holds the faults of each site on which a person decided, by
// fingerprint, with all their lives, oldest first: what was decided of one life
// says nothing of the next.
type verdicts map[string]map[string][]*Fault

func verdictsOf(all []Fault) verdicts {
	decided := map[string]bool{}
	for i := range all {
		if f := &all[i]; f.ByPerson || !f.Dropped.IsZero() || !f.Waived.IsZero() {
			decided[f.Fingerprint] = true
		}
	}
	out := verdicts{}
	for i := range all {
		f := &all[i]
		if !decided[f.Fingerprint] {
			continue
		}
		if out[f.Site] == nil {
			out[f.Site] = map[string][]*Fault{}
		}
		out[f.Site][f.Fingerprint] = append(out[f.Site][f.Fingerprint], f)
	}
	return out
}

// of is the life of a fault that an inspection saw, if somebody decided on it.
func (v verdicts) of(site, fingerprint string, at time.Time) *Fault {
	var out *Fault
	for _, f := range v[site][fingerprint] {
		if !f.Seen.After(at) {
			out = f
		}
	}
	return out
}

// resultsOf are the results of a span as they are after people decided.
func (c *compiler) resultsOf(ctx context.Context, span inspect.Span) ([]inspect.Conclusion, error) {
	all, err := c.src.Results(ctx, span, c.o.Known)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if c.decided[all[i].Site] == nil {
			continue
		}
		if _, ours := c.index[all[i].Site]; !ours {
			continue
		}
		if err := c.judge(ctx, &all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// judge grades a result anew with what people decided. By another version of
// the rules nobody can: then a verdict that rests on what was refuted is open.
func (c *compiler) judge(ctx context.Context, r *inspect.Conclusion) error {
	in, err := c.src.Inspection(ctx, r.Inspection)
	if err != nil {
		return err
	}
	same := c.o.Rules != nil && c.o.Rules.Digest == r.Digest
	touched := false
	findings := slices.DeleteFunc(in.Findings, func(f inspect.Finding) bool {
		x := c.decided.of(r.Site, f.Fingerprint, r.At)
		gone := x != nil && (!x.Dropped.IsZero() || x.Stage(r.At.Add(1)) == inspect.StageWaived || x.Stage(c.o.Known) == inspect.StageWaived)
		touched = touched || gone && slices.ContainsFunc(f.Items, func(id string) bool { return slices.Contains(r.Grade.Vetoes, id) })
		return gone
	})
	if !same {
		if touched {
			r.Grade.Verdict, r.Grade.Vetoes = inspect.Undecided, nil
			r.Grade.Undecided = append(r.Grade.Undecided, "有问题经核查不成立或已豁免，当时所用的指标版本已变，须重新检查")
		}
		return nil
	}
	for i := range findings {
		f := &findings[i]
		f.Items = nil
		if x := c.decided.of(r.Site, f.Fingerprint, r.At); x != nil && x.ByPerson && f.Outcome != inspect.Unknown {
			f.Outcome, f.State, f.Upheld = inspect.Fail, inspect.Confirmed, true
		}
	}
	r.Grade = inspect.Judge(in.Site, c.o.Rules, findings)
	return nil
}
