package desk

import (
	"context"
	"errors"

	"github.com/xunjian/xunjian/inspect"
)

// A Comparison holds two inspections of a target against each other.
type Comparison struct {
	Site             *inspect.Site
	A, B             *inspect.Inspection // A began first
	New, Gone, Still []inspect.Finding   // faults of B alone, of A alone, of both
	Untold           []inspect.Finding   // faults of one, of which the other could not tell
}

// Compare holds two inspections of a target against each other. What one of
// them could not tell is neither new nor gone.
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
	if x == nil || y == nil || x.Site.ID != t.ID || y.Site.ID != t.ID {
		return nil, ErrNone
	}
	if y.Started.Before(x.Started) {
		x, y = y, x
	}
	c := &Comparison{Site: t, A: x, B: y}
	before, after := outcomes(x), outcomes(y)
	var came, went []inspect.Finding
	for _, f := range y.Findings {
		switch {
		case f.Outcome != inspect.Fail:
		case before[f.Fingerprint] == inspect.Fail:
			c.Still = append(c.Still, f)
		default:
			came = append(came, f)
		}
	}
	for _, f := range x.Findings {
		if f.Outcome == inspect.Fail && after[f.Fingerprint] != inspect.Fail {
			went = append(went, f)
		}
	}
	var errs [2]error
	c.New, errs[0] = d.told(ctx, c, came, before, x, func(k *inspect.Case) bool { return !k.First.Before(x.Now) || k.First.IsZero() })
	c.Gone, errs[1] = d.told(ctx, c, went, after, y, func(k *inspect.Case) bool {
		return k.Absent && k.Stage != inspect.StageMasked && !k.Looked.Before(y.Now)
	})
	return c, errors.Join(errs[:]...)
}

// outcomes are what an inspection said of each fault; a failure outweighs.
func outcomes(in *inspect.Inspection) map[string]inspect.Outcome {
	out := map[string]inspect.Outcome{}
	for i := range in.Findings {
		if f := &in.Findings[i]; out[f.Fingerprint] != inspect.Fail {
			out[f.Fingerprint] = f.Outcome
		}
	}
	return out
}

// told are those faults of one inspection of which the other said for certain
// that they were not there; the rest goes to what is not told. plain says that
// a case as it stands shows that; else its history is asked.
func (d *Desk) told(ctx context.Context, c *Comparison, all []inspect.Finding, said map[string]inspect.Outcome, other *inspect.Inspection, plain func(*inspect.Case) bool) (out []inspect.Finding, err error) {
	prints := make([]string, len(all))
	for i := range all {
		prints[i] = all[i].Fingerprint
	}
	cases, err := d.Cases.CasesOf(ctx, prints)
	if err != nil {
		return nil, err
	}
	for _, f := range all {
		k, known := cases[f.Fingerprint]
		sure := known && said[f.Fingerprint] == "" && plain(&k)
		if known && !sure && said[f.Fingerprint] == "" {
			if sure, err = d.sawNone(ctx, f.Fingerprint, other); err != nil {
				return nil, err
			}
		}
		if sure {
			out = append(out, f)
		} else {
			c.Untold = append(c.Untold, f)
		}
	}
	return out, nil
}

// sawNone reports whether a case was repaired, to its history's knowledge, when
// an inspection looked, or by that look itself.
func (d *Desk) sawNone(ctx context.Context, fingerprint string, in *inspect.Inspection) (bool, error) {
	steps, err := d.Cases.Steps(ctx, fingerprint)
	none := false
	for _, s := range steps {
		if s.At.After(in.Now) {
			break
		}
		if s.From != s.To {
			none = s.To == inspect.StageVerified || s.To == inspect.StageLapsed
		}
	}
	return none, err
}
