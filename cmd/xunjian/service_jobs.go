package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/xunjian/xunjian/bulletins"
	"github.com/xunjian/xunjian/bulletins/period"
	"github.com/xunjian/xunjian/cmd/xunjian/portal"
	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/schedule"
	"github.com/xunjian/xunjian/store"
)

// probe visits a home page once.
func (s *service) probe(ctx context.Context, j *schedule.Job) error {
	site, err := s.site(j.Target)
	if err != nil {
		return err
	}
	o := s.options(j, site)
	o.Control = s.control.still // a visit that failed is a failure by the rule: nobody looks a second time
	if err := j.Alive(); err != nil {
		return err
	}
	p := crawler.New(o).Probe(ctx, site, site.Home, "tcp")
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.st.AddProbe(context.WithoutCancel(ctx), site.ID, p); err != nil {
		return err
	}
	lately, err := s.st.Probes(ctx, site.ID, s.now().Add(-55*time.Minute))
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(lately, func(v inspect.Probe) bool { return v.Network == "tcp6" }) { // once an hour over IPv6 too
		six := crawler.New(o).Probe(ctx, site, site.Home, "tcp6")
		if err := ctx.Err(); err != nil {
			return nil // the visit that counts is kept
		}
		if err := s.st.AddProbe(context.WithoutCancel(ctx), site.ID, six); err != nil {
			return err
		}
	}
	if p.Verdict != inspect.Fine && p.Verdict != inspect.Information || s.wave.Load() {
		return s.surge(ctx)
	}
	return nil
}

// A wave is told by this many sites, and this share of those visited.
const (
	waveSites = 3
	waveShare = 0.2
	waveTime  = 20 * time.Minute
)

// surge looks whether many sites fail alike at once: then it is our line, or a
// host that they share, and none of them is accused for it.
func (s *service) surge(ctx context.Context) error {
	since := s.now().Add(-waveTime)
	w, err := s.st.Wave(ctx, since)
	if err != nil {
		return err
	}
	most, n := inspect.NoCause, 0
	for _, c := range []inspect.Cause{inspect.DNS, inspect.Refused, inspect.Timeout, inspect.Unreachable, inspect.TLSFailure, inspect.Status5xx, inspect.OwnFault} {
		if k := w.Failed[string(c)]; k > n {
			most, n = c, k
		}
	}
	if n < waveSites || float64(n) < waveShare*float64(w.Sites) {
		s.wave.Store(false)
		_, err := s.st.EndIncident(ctx, "wave", s.now())
		return err
	}
	s.wave.Store(true)
	why := fmt.Sprintf("%d 个网站中有 %d 个同时“%s”，疑为检查端线路或共用主机故障，未作判断", w.Sites, n, most.Chinese())
	isNew, err := s.st.OpenIncident(ctx, "wave", why, s.now())
	if err != nil {
		return err
	}
	if isNew {
		s.log.Error("a wave of like faults: our line or a shared host", "cause", most, "failed", n, "visited", w.Sites)
	}
	_, err = s.st.Retract(ctx, most, since, why)
	return err
}

const (
	linksAge    = 20 * time.Hour      // a verdict older than this is asked again
	linksWanted = 14 * 24 * time.Hour // if some site linked the target since
	linksAtOnce = 500
)

// links asks what many sites link, once a day for all of them.
func (s *service) links(ctx context.Context, j *schedule.Job) error {
	if err := s.control.well(ctx); err != nil {
		return errOwnLine
	}
	o := s.options(j, nil)
	o.Control, o.Robots = s.control.well, false // it asks, it reads nothing
	before := s.now().Add(-linksAge)
	asked := map[string]bool{}
	for ctx.Err() == nil {
		urls, err := s.st.Stale(ctx, before, s.now().Add(-linksWanted), linksAtOnce+len(asked))
		if err != nil {
			return err
		}
		urls = slices.DeleteFunc(urls, func(u string) bool { return asked[u] }) // that could not be told are still stale
		if len(urls) == 0 {
			break
		}
		for _, u := range urls {
			asked[u] = true
		}
		for range crawler.New(o).AskTargets(ctx, s.allowed(), urls) {
		}
	}
	s.log.Info("asked what sites link elsewhere", "targets", len(asked))
	return ctx.Err()
}

// bulletin drafts the papers of the periods that have ended with the last
// month, and lays a report of each site and account down, each once.
func (s *service) bulletin(ctx context.Context, j *schedule.Job) error {
	month := period.Of(period.Month, j.Due).Back(1)
	for _, l := range []period.Length{period.Month, period.Quarter, period.Year} {
		x := period.Of(l, month.Span().From)
		if !x.Span().To.Equal(month.Span().To) {
			continue
		}
		if err := s.drafts(ctx, x); err != nil {
			return err
		}
	}
	return s.reports(ctx, month.String())
}

// drafts keeps the drafts of a period that are not kept yet: what a person has
// shown to units does not change behind his back.
func (s *service) drafts(ctx context.Context, x period.Period) error {
	d := pressOf(s.p, s.st)
	for _, kind := range s.p.cfg.Bulletin.Kinds {
		_, _, _, err := s.st.Bulletin(ctx, kind+"-"+x.String())
		if err == nil {
			continue
		}
		if !errors.Is(err, store.ErrNoBulletin) {
			return err
		}
		w := &wish{Kind: kind, Weights: s.p.cfg.Bulletin.Weights}
		if w.Paper, err = paperOptions(&s.p.cfg.Bulletin); err != nil {
			return err
		}
		b, err := d.draft(ctx, x, w, s.now())
		if err != nil {
			return err
		}
		s.log.Info("drafted", "bulletin", b.ID)
	}
	return nil
}

// reports lays the report of each target's last inspection down.
func (s *service) reports(ctx context.Context, month string) error {
	dir := filepath.Join(s.p.cfg.Data, "bulletins", month)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("bulletins: %w", err)
	}
	for _, site := range slices.Concat(s.p.cfg.Sites, s.p.cfg.Accounts) {
		h, err := s.st.Latest(ctx, site.ID, store.Whole)
		if err != nil {
			return err
		}
		if h == nil {
			continue
		}
		if h, err = s.st.Inspection(ctx, h.ID); err != nil {
			return err
		}
		in := h.Inspection()
		if in.Rules.Digest == s.p.rules.Digest {
			in.Rules = s.p.rules
		}
		if err := history(ctx, s.st, in); err != nil {
			return err
		}
		begun := time.Now()
		err = once(filepath.Join(dir, site.ID+".html"), func(w io.Writer) error { return bulletins.HTML(w, in) })
		s.watch.Reported("bulletin", "html", time.Since(begun), err)
		if err != nil {
			return err
		}
	}
	return nil
}

// once writes a file whole, unless it is there.
func once(file string, write func(io.Writer) error) error {
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := errors.Join(write(f), f.Chmod(0o640), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	if err := os.Link(f.Name(), file); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return nil
}

// canary looks whether this program itself is well.
func (s *service) canary(ctx context.Context, _ *schedule.Job) error {
	return errors.Join(s.planted(ctx), s.collectors(ctx))
}

// planted inspects a portal of our own whose faults are known: a program that
// finds nothing wrong there finds nothing wrong anywhere.
func (s *service) planted(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "xunjian-canary-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	site := portal.New(s.now().In(inspect.Zone))
	addr, stop, err := site.Serve()
	if err != nil {
		return err
	}
	defer stop()
	c := &demoCmd{Dir: dir, Quiet: true}
	all, err := c.inspect(&env{ctx: ctx, stdout: io.Discard, stderr: io.Discard}, site, addr)
	if err != nil {
		return err
	}
	missed, extra := compare(site.Truth(), all)
	if len(missed)+len(extra) == 0 {
		_, err := s.st.EndIncident(ctx, "canary", s.now())
		return err
	}
	why := fmt.Sprintf("自检网站植入 %d 处问题，漏报 %d 处，多报 %d 处", len(site.Truth().Faults), len(missed), len(extra))
	s.log.Error("the canary: this program does not find what it should", "missed", len(missed), "extra", len(extra))
	_, err = s.st.OpenIncident(ctx, "canary", why, s.now())
	return err
}
