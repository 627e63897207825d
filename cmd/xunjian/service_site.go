package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/crawler/media"
	"github.com/xunjian/xunjian/crawler/render"
	"github.com/xunjian/xunjian/dashboards/metrics"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/schedule"
	"github.com/xunjian/xunjian/store"
)

// A part is what a job looks at of a site. It is kept with the inspection, so
// that a replay judges the same.
type part struct {
	Checks []string `json:"checks,omitempty"` // besides these none is run; nil: all
	Keep   []string `json:"keep,omitempty"`   // fingerprints that may be told; nil: all
	Page   string   `json:"page,omitempty"`   // only faults of this page may be told
}

// narrow makes an inspector look at the part only.
func (p *part) narrow(i *inspect.Inspector) {
	if p == nil {
		return
	}
	if p.Checks != nil {
		rules := *i.Rules
		rules.Checks = slices.DeleteFunc(slices.Clone(rules.Checks), func(b inspect.Bound) bool { return !slices.Contains(p.Checks, b.Check.ID) })
		i.Rules = &rules
	}
	if p.Keep != nil || p.Page != "" {
		i.Keep = func(f *inspect.Finding) bool {
			return (p.Keep == nil || slices.Contains(p.Keep, f.Fingerprint)) && (p.Page == "" || inspect.SamePage(f.URL, p.Page) || slices.Contains(f.Examples, p.Page))
		}
	}
}

// A look is one inspection as a job makes it.
type look struct {
	scope  store.Scope
	part   *part
	tune   func(*crawler.Options)             // nil: as the configuration says
	source func(now time.Time) inspect.Source // nil: a crawl
}

// site is a copy of a target of the configuration. One that is not there any
// more is never tried again.
func (s *service) site(id string) (*inspect.Site, error) {
	x := s.p.cfg.Site(id)
	if x == nil {
		x = s.p.cfg.Account(id)
	}
	if x == nil {
		return nil, schedule.Hopeless{Err: fmt.Errorf("no site or account %q in the configuration", id)}
	}
	c := *x
	c.Allow = slices.Concat(c.Allow, s.p.flags.Allow)
	return &c, nil
}

// errOwnLine stops a crawl whose faults may be our own.
var errOwnLine = schedule.Later{After: 5 * time.Minute, Why: "own line is not well"}

// inspect makes one inspection, or goes on with the one that an earlier attempt
// of the job began. A job that was done already does nothing.
func (s *service) inspect(ctx context.Context, j *schedule.Job, l look) (err error) {
	site, err := s.site(j.Target)
	if err != nil {
		return err
	}
	if err := s.control.well(ctx); err != nil {
		return errOwnLine
	}
	o, whole := s.options(j, site), l.scope == store.Whole && l.part == nil && site.Account == nil
	id := fmt.Sprintf("%s-%s-%s", site.ID, j.Kind, j.Due.Format("20060102T150405.000"))
	h, err := s.st.Inspection(ctx, id)
	switch {
	case err != nil:
		return err
	case h != nil && h.Complete:
		return nil
	case h != nil:
		site, o.Stored = h.Site, s.st.Events(ctx, id)
	default:
		if h, err = s.begin(ctx, id, site, &o, l); err != nil {
			return err
		}
	}
	fence, err := s.st.Claim(ctx, id)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if whole {
		if err := opened(ctx, s.st, &h.Header, &o); err != nil {
			return err
		}
	}
	o.Cache = s.st
	o.Control = func(ctx context.Context) error {
		err := s.control.well(ctx)
		if err != nil && ctx.Err() == nil {
			cancel(errOwnLine) // what it could not tell is due again
		}
		return err
	}
	if l.tune != nil {
		l.tune(&o)
	}
	ctx, end := s.watch.tracer.Begin(metrics.WithRun(ctx, id), "inspect", "run_id", id, "xunjian.site", site.ID)
	defer func() { end(err) }()
	var key string
	if whole {
		if key, err = readings(ctx, s.st, s.p.rules, site, h.Now, &o); err != nil {
			return err
		}
	}
	crawl := crawler.New(o)
	defer s.watch.crawling(crawl, j.Kind)()
	i := &inspect.Inspector{Source: crawl, Rules: s.p.rules, Record: s.watch.record(s.st.Recording(id, fence)), Key: key, Timed: s.watch.inspected}
	if l.source != nil {
		i.Source = l.source(h.Now)
	}
	l.part.narrow(i)
	begun := time.Now()
	in, err := i.Inspect(ctx, id, site, h.Now)
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	if errors.Is(err, store.ErrTaken) || errors.Is(err, store.ErrDone) {
		return schedule.Later{After: time.Minute, Why: err.Error()}
	}
	if err == nil {
		s.log.InfoContext(ctx, "inspected", "inspection", id, "kind", j.Kind, "site", site.ID, "pages", in.Counts.Fetched, "findings", len(in.Findings),
			"verdict", in.Grade.Verdict, "seconds", time.Since(begun).Seconds())
	}
	return err
}

// begin notes a new inspection with all that is known of its site.
func (s *service) begin(ctx context.Context, id string, site *inspect.Site, o *crawler.Options, l look) (h *store.Summary, err error) {
	past := l.scope
	if past == store.Pages {
		past = store.Whole // it looks for what the whole found
	}
	if site.Known, err = s.st.KnownItems(ctx, site.ID, past); err != nil {
		return nil, err
	}
	if site.Past, err = s.st.Past(ctx, site.ID, past); err != nil {
		return nil, err
	}
	if l.scope == store.Pages && l.part != nil {
		if err := s.cases(ctx, site, l.part.Keep); err != nil {
			return nil, err
		}
	}
	now, c := s.now(), s.p.cfg.CrawlFor(site)
	asked := time.Time{}
	if l.scope == store.Whole && site.Account == nil {
		if asked, err = linksAsked(ctx, s.st, site.ID, c.LinkAge); err != nil {
			return nil, err
		}
		if site.Visits, err = s.st.Probes(ctx, site.ID, now.AddDate(0, 0, -8)); err != nil {
			return nil, err
		}
		for i := range site.Visits {
			site.Visits[i].TLS = nil // of hundreds of visits, the certificate is told once
		}
	}
	head := store.Header{ID: id, Site: site, Now: now, Started: now.UTC(), RulebookID: s.p.cfg.Rulebook, RulebookDigest: s.p.rules.Digest, Scope: l.scope,
		Options: mustJSON(recordedOptions{Rate: o.Rate, PerHost: o.PerHost, MaxPages: o.MaxPages, Robots: o.Robots, RobotsReason: c.RobotsReason, Part: l.part, LinksAsked: asked})}
	return &store.Summary{Header: head}, s.st.Begin(ctx, &head)
}

// cases adds to a site's past the faults that a second look is for, when the
// past does not know of them: a look at the lists found them, not at the whole.
func (s *service) cases(ctx context.Context, site *inspect.Site, prints []string) error {
	for _, print := range prints {
		c, err := s.st.Case(ctx, print)
		if errors.Is(err, store.ErrNoCase) {
			continue
		}
		if err != nil {
			return err
		}
		if site.Past == nil {
			site.Past = &inspect.Past{}
		}
		if site.Past.Findings == nil {
			site.Past.Findings = map[string]inspect.Earlier{}
		}
		if _, known := site.Past.Findings[print]; !known {
			site.Past.Findings[print] = inspect.Earlier{First: c.First, Last: c.Last, Times: c.Times, Check: c.Check, URL: c.URL}
		}
	}
	return nil
}

// crawl inspects a whole site.
func (s *service) crawl(ctx context.Context, j *schedule.Job) error {
	return s.inspect(ctx, j, look{tune: func(o *crawler.Options) { o.Probes = true }})
}

// columns looks at the home page and the lists.
func (s *service) columns(ctx context.Context, j *schedule.Job) error {
	site, err := s.site(j.Target)
	if err != nil {
		return err
	}
	var pages []string
	for _, c := range site.Columns {
		pages = append(pages, c.URL)
	}
	var checks []string
	for _, b := range s.p.rules.Checks {
		if strings.HasPrefix(b.Check.ID, "column-") || b.Check.ID == "home-stale" {
			checks = append(checks, b.Check.ID)
		}
	}
	return s.inspect(ctx, j, look{scope: store.Lists, part: &part{Checks: checks}, tune: func(o *crawler.Options) { o.Only = &crawler.Only{Pages: pages} }})
}

// deep inspects a whole site, sampled pages in a browser too, so that one
// scorecard has it all.
func (s *service) deep(ctx context.Context, j *schedule.Job) error {
	if _, err := render.New(render.Options{}); err != nil {
		return schedule.Hopeless{Err: err}
	}
	return s.inspect(ctx, j, look{tune: func(o *crawler.Options) {
		o.Probes, o.Deep = true, &crawler.Deep{Passes: s.p.rules.Mirrored()}
	}})
}

// account reads what the sources of an account give.
func (s *service) account(ctx context.Context, j *schedule.Job) error {
	return s.inspect(ctx, j, look{source: func(now time.Time) inspect.Source {
		return media.New(media.Options{Client: s.client, Now: now, Clock: s.now, Secret: secretsOf(s.p.cfg), Deposits: s.st.Deposits})
	}})
}

// confirm looks a second time, on another day, at what one look does not prove.
func (s *service) confirm(ctx context.Context, j *schedule.Job) error {
	all, err := s.latest(ctx, j.Target)
	if err != nil {
		return err
	}
	p := &part{}
	var pages []string
	for _, f := range all {
		if f.State == inspect.SeenOnce && inspect.DaysBetween(f.First, s.now()) >= 1 {
			p.Checks, p.Keep, pages = append(p.Checks, f.Check), append(p.Keep, f.Fingerprint), append(pages, f.URL)
		}
	}
	if len(pages) == 0 {
		return nil
	}
	return s.again(ctx, j, p, pages)
}

// again looks at pages of a site again, and at what they link.
func (s *service) again(ctx context.Context, j *schedule.Job, p *part, pages []string) error {
	slices.Sort(p.Checks)
	p.Checks = slices.Compact(p.Checks)
	return s.inspect(ctx, j, look{scope: store.Pages, part: p, tune: func(o *crawler.Options) {
		o.Only, o.Shared = &crawler.Only{Pages: pages, Links: true}, nil // a second look is one of our own
	}})
}

// recheck looks at what a person repaired, or asks about: a page by its
// address, or a fault by its fingerprint.
func (s *service) recheck(ctx context.Context, j *schedule.Job) error {
	site, err := s.site(j.Target)
	if err != nil {
		return err
	}
	if u, ok := inspect.Normal(j.Note); ok && strings.Contains(j.Note, "://") {
		if !site.InScope(u) {
			return schedule.Hopeless{Err: fmt.Errorf("%s is not of site %s", u, site.ID)}
		}
		var checks []string
		for _, b := range s.p.rules.Checks {
			if b.Check.Scope == inspect.PerPage || b.Check.ID == "link-broken" {
				checks = append(checks, b.Check.ID)
			}
		}
		return s.again(ctx, j, &part{Checks: checks, Page: u}, []string{u})
	}
	c, err := s.st.Case(ctx, j.Note)
	if errors.Is(err, store.ErrNoCase) || err == nil && c.Site != site.ID {
		return schedule.Hopeless{Err: fmt.Errorf("%q is neither an address nor a fault of %s", j.Note, site.ID)}
	}
	if err != nil {
		return err
	}
	if site.Account != nil {
		return s.account(ctx, j)
	}
	return s.again(ctx, j, &part{Checks: []string{c.Check}, Keep: []string{c.Fingerprint}}, []string{c.URL})
}

// latest is what the last complete inspection of a site found.
func (s *service) latest(ctx context.Context, site string) ([]inspect.Finding, error) {
	h, err := s.st.Latest(ctx, site, store.Whole)
	if err != nil || h == nil {
		return nil, err
	}
	if h, err = s.st.Inspection(ctx, h.ID); err != nil || h == nil {
		return nil, err
	}
	return h.Findings, nil
}
