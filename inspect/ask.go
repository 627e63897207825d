package inspect

import (
	"context"
	"iter"
	"slices"
)

// A Question is something that can only be learned by asking the site: a
// search for a known title, a form that is said to open. Only GET is asked.
type Question struct {
	URL string // absolute; in normal form but for the encoding of its query
	Why string // for the log of requests
}

// An Asker is a Source that answers questions once its events have ended.
// What it cannot answer it leaves out.
type Asker interface {
	Ask(ctx context.Context, s *Site, q []Question) iter.Seq2[Event, error]
}

// Asking makes a PerSite check ask the site, once all pages are known.
func (c *Check) Asking(ask func(p *Pass) []Question) *Check {
	c.Ask = ask
	return c
}

// ask puts the questions of all checks to the source. An answer that the
// record holds is not asked for again.
func (r *loop) ask(ctx context.Context) error {
	if r.site.Account != nil {
		return nil
	}
	var due []Question
	for i := range r.Rules.Checks {
		b := &r.Rules.Checks[i]
		if b.Check.Ask == nil {
			continue
		}
		var qs []Question
		p := r.sitePass(b.Check)
		r.exec.run(ctx, func(context.Context, *Pass) error { qs = b.Check.Ask(p); return nil }, p)
		for _, q := range qs {
			if r.answers[q.URL] == nil && !slices.ContainsFunc(due, func(d Question) bool { return d.URL == q.URL }) {
				due = append(due, q)
			}
		}
	}
	asker, ok := r.Source.(Asker)
	if !ok || len(due) == 0 || r.Partial != "" {
		return nil
	}
	for e, err := range asker.Ask(ctx, r.site, due) {
		if err != nil {
			return err
		}
		if err := r.event(ctx, e); err != nil {
			return err
		}
	}
	return nil
}
