package inspect

import (
	"context"
	"maps"
	"slices"
)

// look runs all that looks at a page or an attachment: the site checks keep
// what they need of it, then the page checks or file checks run.
func (r *loop) look(ctx context.Context, p *Page) {
	w := r.work(p)
	jobs := w.jobs
	if len(p.Sealed) > 0 {
		jobs = slices.Clone(jobs[:w.gathering])
		for _, b := range w.of[w.gathering:] {
			if _, ok := p.Sealed[b.Check.ID]; !ok {
				jobs = append(jobs, job{run: b.Run})
			}
		}
	}
	sealed := maps.Clone(p.Sealed) // before this look
	results := r.exec.all(ctx, jobs, &Pass{Site: r.site, Now: r.now, Page: p, Options: r.Rules.options})
	for i, b := range w.of {
		if told, ok := sealed[b.Check.ID]; ok && i >= w.gathering {
			r.told(ctx, b, retold(told), p)
			continue
		}
		if i < w.gathering {
			r.gathers(b.Check, &results[0], p)
		} else {
			r.reveal(b, &results[0], p)
			r.told(ctx, b, &results[0], p)
		}
		results = results[1:]
	}
}

// A work is what is done with each page, or with each attachment.
type work struct {
	jobs      []job
	of        []*Bound // whose job each is
	gathering int      // how many of them gather; they come first
}

func (r *loop) work(p *Page) *work {
	w := &r.onPages
	if p.Document != nil {
		w = &r.onFiles
	}
	if *w == nil {
		*w = r.Rules.work(p.Document != nil)
	}
	return *w
}

func (rb *Rulebook) work(files bool) *work {
	w := &work{}
	for i := range rb.Checks {
		if b := &rb.Checks[i]; b.Check.Gather != nil {
			w.jobs, w.of = append(w.jobs, job{gather: b.Check.Gather}), append(w.of, b)
		}
	}
	w.gathering = len(w.of)
	for i := range rb.Checks {
		if b := &rb.Checks[i]; files && b.Check.onFiles() || !files && b.Check.Scope == PerPage {
			w.jobs, w.of = append(w.jobs, job{run: b.Run}), append(w.of, b)
		}
	}
	return w
}

// gathers takes what a site check keeps of a page.
func (r *loop) gathers(c *Check, res *result, p *Page) {
	kept := res.gathered
	if res.err != nil { // the check cannot tell without it
		kept = res.err
	}
	if kept == nil {
		return
	}
	if r.taking != nil {
		r.taking.gathered(c, kept)
	}
	r.keep(c.ID, p.URL, kept)
}

func (r *loop) keep(check, url string, kept any) {
	if r.gathered[check] == nil {
		r.gathered[check] = map[string]any{}
	}
	r.gathered[check][url] = kept
}

// check runs one check at the end.
func (r *loop) check(ctx context.Context, b *Bound, p *Pass) {
	res := r.exec.run(ctx, b.Run, p)
	if b.Check.Scope == PerAccount {
		r.recall(b.Check.ID, &res)
		r.seal(b.Check.ID, res)
	}
	r.told(ctx, b, &res, nil)
}

// told takes what a check said; error, deadline and panic become one Unknown.
// Findings of a run that was given up are dropped.
func (r *loop) told(ctx context.Context, b *Bound, res *result, page *Page) {
	r.ran(ctx, b.Check.ID, res, page)
	if res.kept != nil {
		r.kept[b.Check.ID] = res.kept
	}
	r.out.Counts.Due += res.due
	if r.taking != nil && page != nil {
		r.taking.check(b.Check.ID, res)
	}
	for _, f := range res.findings {
		r.add(b.Check.ID, f, page)
	}
	r.out.Clocks = append(r.out.Clocks, res.clocks...)
	if res.err != nil {
		f := Finding{Check: b.Check.ID, Outcome: Unknown, Locus: "check", Message: "未能判定：" + res.err.Error(), Template: page != nil}
		r.fill(&f, page)
		r.out.Counts.Untold++
		r.untell(f.Check, f.URL)
		r.ledger.add(f)
	}
}

// retold is what a check told of a page whose secrets are no longer in the
// evidence: it stands as it was told then.
func retold(told []Finding) *result { return &result{due: 1, findings: slices.Clone(told)} }

// reveal remembers what nobody may keep of a page, and what was told by it.
func (r *loop) reveal(b *Bound, res *result, page *Page) {
	if len(res.secrets) == 0 {
		return
	}
	page.Secrets = append(page.Secrets, res.secrets...)
	if page.Sealed == nil {
		page.Sealed = map[string][]Finding{}
	}
	told := slices.Clone(res.findings)
	for i := range told {
		told[i].Nodes = nil
	}
	page.Sealed[b.Check.ID] = told
	r.secrets = append(r.secrets, res.secrets...)
}
