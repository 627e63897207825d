package main

import (
	"context"
	"errors"
	"time"

	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/schedule"
	"github.com/xunjian/xunjian/store"
)

// retention is the configured one in the store's terms.
func retention(r config.Retention) store.Retention {
	return store.Retention{Probes: r.Probes, Whole: r.Crawl, Lists: r.Columns, Pages: r.Pages, Accounts: r.Accounts, Verdicts: r.Links, Incidents: r.Incidents, Messages: r.Messages}
}

// prune ends the waivers whose last day has passed and deletes what is too old.
// During a backup it waits for the next night.
func (s *service) prune(ctx context.Context, _ *schedule.Job) error {
	if n, err := s.st.Expire(ctx, s.now()); err != nil {
		return err
	} else if n > 0 {
		s.log.Info("waivers ended", "cases", n)
	}
	p, err := s.st.Prune(ctx, retention(s.p.cfg.Retention), time.Now())
	s.log.Info("pruned", "inspections", p.Inspections, "events", p.Events, "bodies", p.Bodies, "body_bytes", p.BodyBytes, "packs", p.Packs, "pack_bytes", p.PackBytes,
		"visits", p.Visits, "days", p.Days, "verdicts", p.Verdicts, "turns", p.Turns, "incidents", p.Incidents, "messages", p.Messages)
	if errors.Is(err, store.ErrHeld) {
		s.log.Warn("not all was pruned: a backup or an import is under way")
		return nil
	}
	return err
}
