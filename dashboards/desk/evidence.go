package desk

import (
	"context"
	"slices"

	"github.com/xunjian/xunjian/inspect"
)

// An Evidence is what proves a case, as the last inspection that saw it kept it.
type Evidence struct {
	Case    *inspect.Case
	Finding *inspect.Finding  // nil: the inspection is not kept any more
	Page    *inspect.Page     // nil: the page was not read, or is not kept; no body when Masked
	Shown   *inspect.Rendered // nil: no browser showed it
	// Sensitive evidence is shown to the supervisor and the unit alone; Masked
	// says that whoever asks is neither.
	Sensitive, Masked bool
}

// Evidence is what proves a case, or [ErrNone]. Whoever is shown what must not
// be shown stands in the audit log.
func (d *Desk) Evidence(ctx context.Context, who *inspect.Person, fingerprint string) (*Evidence, error) {
	c, err := d.Case(ctx, who, fingerprint)
	if err != nil {
		return nil, err
	}
	e := &Evidence{Case: c}
	if e.Sensitive, err = d.sensitive(ctx, c); err != nil {
		return nil, err
	}
	e.Masked = e.Sensitive && who.Role != inspect.Supervisor && who.Role != inspect.Agency
	if e.Finding, err = d.Rounds.Found(ctx, c.Inspection, fingerprint); err != nil {
		return nil, err
	}
	if e.Page, err = d.Rounds.Fetched(ctx, c.Inspection, c.URL); err != nil {
		return nil, err
	}
	if e.Masked {
		if e.Page != nil {
			e.Page = &inspect.Page{Target: e.Page.Target}
		}
		return e, nil
	}
	if e.Shown, err = d.Rounds.Shown(ctx, c.Inspection, c.URL); err != nil {
		return nil, err
	}
	if e.Sensitive {
		return e, d.People.Audit(ctx, d.entry(who, "evidence.view", fingerprint, nil))
	}
	return e, nil
}

// sensitive reports whether the evidence of a case shows what must not be shown:
// its own check says so, or another fault of the same page.
func (d *Desk) sensitive(ctx context.Context, c *inspect.Case) (bool, error) {
	if slices.Contains(d.Sensitive, c.Check) || len(d.Sensitive) == 0 {
		return len(d.Sensitive) > 0, nil
	}
	q := inspect.CaseQuery{Sites: []string{c.Site}, Checks: d.Sensitive, Limit: 500}
	for {
		page, next, err := d.Cases.Cases(ctx, q)
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(page, func(k inspect.Case) bool { return k.URL == c.URL }) {
			return true, nil
		}
		if q.After = next; next == "" {
			return false, nil
		}
	}
}
