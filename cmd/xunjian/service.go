package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/netip"
	"slices"
	"sync/atomic"
	"time"

	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/dashboards/metrics"
	"github.com/xunjian/xunjian/dashboards/traces"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/schedule"
	"github.com/xunjian/xunjian/store"
)

// A service is what the jobs of a process share.
type service struct {
	p       *plan
	st      *store.Store
	engine  *schedule.Engine
	watch   *watch
	control *control
	client  *crawler.Client // of accounts
	log     *slog.Logger
	now     func() time.Time
	wave    atomic.Bool // a wave of like faults is open
}

// newService makes the service of a process. One that tells of all sites has
// their metrics, not only its own.
func newService(ctx context.Context, p *plan, c *workFlags, all bool, log *slog.Logger) (*service, error) {
	tracer, err := traces.Open(ctx, c.OTLP, version, func(err error) { log.Warn("spans not sent", "error", err) })
	if err != nil {
		return nil, usageError{err: err, hint: "例：--otlp http://127.0.0.1:4318"}
	}
	st, err := store.Open(ctx, p.cfg.Data, p.cfg.Database)
	if err != nil {
		return nil, err
	}
	s := &service{p: p, st: st, log: log, now: time.Now}
	s.wave.Store(true) // one may be open since an earlier life: the first visit looks
	o := metrics.Options{Queue: s.queue, MaxSeries: c.Series, Log: log}
	if all {
		o.Fleet = newFleet(p.cfg, p.rules, st).read
	}
	if s.watch, err = newWatch(p.rules, tracer, o); err != nil {
		return nil, errors.Join(err, st.Close())
	}
	st.Watch(s.watch)
	s.control = newControl(p.cfg.Control, s.lineTold)
	p.watch = crawlWatch{s.watch}
	crawl := p.options(nil)
	crawl.Turns = st
	s.client = crawler.NewClient(crawl, &inspect.Site{Kind: inspect.Account, Allow: s.allowed()})
	return s, nil
}

// allowed are the private networks that whatever belongs to no site may ask.
func (s *service) allowed() []netip.Prefix {
	return slices.Concat(s.p.cfg.Crawl.AllowNetworks, s.p.flags.Allow)
}

func (s *service) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	s.complain("spans not sent", s.watch.tracer.Close(ctx))
	s.client.Close()
	s.st.Close()
}

// handlers are what is done of each kind of job.
func (s *service) handlers() map[schedule.Kind]schedule.Handler {
	return map[schedule.Kind]schedule.Handler{
		schedule.Probe:    s.probe,
		schedule.Columns:  s.columns,
		schedule.Crawl:    s.crawl,
		schedule.Links:    s.links,
		schedule.Accounts: s.account,
		schedule.Deep:     s.deep,
		schedule.Confirm:  s.confirm,
		schedule.Recheck:  s.recheck,
		schedule.Bulletin: s.bulletin,
		schedule.Prune:    s.prune,
		schedule.Canary:   s.canary,
	}
}

// entries are the timetable: the file's lines over the defaults. A line for
// some sites leaves the others as they are.
func (s *service) entries() (out []schedule.Entry) {
	cfg := s.p.cfg
	for _, d := range config.DefaultSchedules {
		replaced := slices.ContainsFunc(cfg.Schedules, func(x config.Schedule) bool { return x.Kind == d.Kind && len(x.Sites) == 0 })
		if !replaced {
			out = append(out, s.lines(d, cfg)...)
		}
	}
	handlers := s.handlers()
	out = slices.DeleteFunc(out, func(e schedule.Entry) bool { return handlers[e.Kind] == nil })
	for _, x := range cfg.Schedules {
		if x.Off {
			off := x.Sites
			out = slices.DeleteFunc(out, func(e schedule.Entry) bool {
				return string(e.Kind) == x.Kind && (len(off) == 0 || slices.Contains(off, e.Targets[0]))
			})
			continue
		}
		out = append(out, s.lines(x, cfg)...)
	}
	return out
}

// lines are one entry a target, since each site has its own maintenance.
func (s *service) lines(x config.Schedule, cfg *config.Config) (out []schedule.Entry) {
	e := schedule.Entry{Kind: schedule.Kind(x.Kind), Spec: x.Cron, Zone: cmp.Or(x.Place, inspect.Zone), Jitter: x.Jitter}
	for _, q := range x.Quiet {
		if span, err := schedule.ParseSpan(q); err == nil { // the configuration was checked
			e.Quiet = append(e.Quiet, span)
		}
	}
	targets := x.Sites
	switch {
	case len(targets) > 0:
	case e.Kind == schedule.Accounts:
		targets = ids(cfg.Accounts)
	case slices.Contains([]schedule.Kind{schedule.Probe, schedule.Columns, schedule.Crawl, schedule.Deep, schedule.Confirm}, e.Kind):
		targets = ids(cfg.Sites)
	default:
		targets = []string{""}
	}
	for _, t := range targets {
		l := e
		l.Targets, l.Closed = []string{t}, closedFor(cfg, t)
		out = append(out, l)
	}
	return out
}

// sparse are the sites whose home pages the timetable visits too seldom for the
// rule to say anything (SV-2).
func (s *service) sparse(now time.Time) (out []string) {
	const least = 20 // visits a day
	timers := map[string]*schedule.Timer{}
	for _, e := range s.entries() {
		e.Closed = nil // of an ordinary day
		if t, err := schedule.NewTimer(e); err == nil && e.Kind == schedule.Probe {
			timers[e.Targets[0]] = t // of two lines the later holds
		}
	}
	for _, x := range s.p.cfg.Sites {
		t, n := timers[x.ID], 0
		for at := now; t != nil && n < least; n++ {
			var err error
			if at, err = t.Next(at, x.ID); err != nil || at.Sub(now) > 24*time.Hour {
				break
			}
		}
		if n < least {
			out = append(out, x.ID)
		}
	}
	return out
}

func ids(sites []*inspect.Site) (out []string) {
	for _, s := range sites {
		out = append(out, s.ID)
	}
	return out
}

func closedFor(cfg *config.Config, site string) (out []schedule.Window) {
	for _, m := range cfg.Maintenance {
		if len(m.Sites) == 0 || slices.Contains(m.Sites, site) {
			out = append(out, schedule.Window{From: m.Begin, To: m.End})
		}
	}
	return out
}

// options are how a site is asked by a job: like any inspection, and as one of
// many processes.
func (s *service) options(j *schedule.Job, site *inspect.Site) crawler.Options {
	o := s.p.options(site)
	o.Alive, o.Turns, o.Shared, o.Log = j.Alive, s.st, &told{s}, s.log
	o.NoFiles = !s.p.rules.WantsFiles()
	o.LinksOnly = s.p.rules.LinksOnly()
	return o
}

// told gives today's verdicts on other hosts' targets from the store: a fault
// that must be seen on two days is never confirmed by one look that counts
// twice. When the store fails, a target is asked once more: no harm.
type told struct{ *service }

func (t *told) Verdict(ctx context.Context, u string) *inspect.Target {
	v, err := t.st.Verdict(ctx, u, inspect.Day(t.now()))
	if err != nil {
		t.log.Warn("shared verdict not read", "url", u, "error", err)
		return nil
	}
	if v != nil {
		if err := t.st.Want(ctx, u, t.now()); err != nil {
			t.log.Warn("shared verdict not marked", "url", u, "error", err)
		}
	}
	return v
}

func (t *told) Share(ctx context.Context, v *inspect.Target, host bool) {
	if err := t.st.Share(context.WithoutCancel(ctx), v, host); err != nil {
		t.log.Warn("verdict not shared", "url", v.URL, "error", err)
	}
}

// lineTold notes that our own line is ill, or that it is well: an incident may
// be open since an earlier life.
func (s *service) lineTold(err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err != nil {
		isNew, ierr := s.st.OpenIncident(ctx, "line", err.Error(), s.now())
		s.complain("incident not kept", ierr)
		if isNew || ierr != nil {
			s.log.Error("own line is not well: nothing is judged until a control host answers", "error", err)
		}
		return
	}
	ended, ierr := s.st.EndIncident(ctx, "line", s.now())
	s.complain("incident not ended", ierr)
	if ended {
		s.log.Info("own line is well again")
	}
}

func (s *service) complain(what string, err error) {
	if err != nil {
		s.log.Warn(what, "error", err)
	}
}

func mustJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // of our own types only
	}
	return b
}
