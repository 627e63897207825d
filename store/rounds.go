package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// lightly are the columns that a list of inspections shows. What a site was
// like at the time may be megabytes.
var lightly = []string{"id", "site_id", "now", "started", "finished", "complete", "stopped", "rulebook_id", "rulebook_version", "rulebook_digest", "counts", "grade", "clocks"}

func (s *Store) light(ctx context.Context, w where) ([]*inspect.Inspection, error) {
	rows, err := s.list(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return w(q.Column(lightly...)) })
	if err != nil {
		return nil, err
	}
	out := make([]*inspect.Inspection, len(rows))
	for i := range rows {
		r := &rows[i]
		in := &inspect.Inspection{ID: r.ID, Site: &inspect.Site{ID: r.SiteID}, Now: fromNanos(r.Now), Started: fromNanos(r.Started), Finished: fromNanos(r.Finished),
			Complete: r.Complete, Stopped: r.Stopped, Rules: &inspect.Rulebook{ID: r.RulebookID, Version: r.RulebookVersion, Digest: r.RulebookDigest}}
		grade, err := gradeOf(r.Grade)
		in.Grade = grade
		if err := errors.Join(err, json.Unmarshal([]byte(r.Counts), &in.Counts), json.Unmarshal([]byte(r.Clocks), &in.Clocks)); err != nil {
			return nil, fmt.Errorf("inspection %s: %w", r.ID, err)
		}
		out[i] = in
	}
	return out, nil
}

// Standings are the last complete inspections of the whole of each target, by
// its id, without findings.
func (s *Store) Standings(ctx context.Context) (map[string]*inspect.Inspection, error) {
	const last = `id IN (SELECT (SELECT j.id FROM inspections AS j WHERE j.site_id = x.site_id AND j.scope = '' AND j.complete ORDER BY j.started DESC, j.id DESC LIMIT 1)
		FROM (SELECT DISTINCT site_id FROM inspections) AS x)`
	all, err := s.light(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where(last) })
	if err != nil {
		return nil, err
	}
	out := make(map[string]*inspect.Inspection, len(all))
	for _, in := range all {
		out[in.Site.ID] = in
	}
	return out, nil
}

// Dials are the last complete looks at the lists of some sites, or of all, by
// site: their times and clocks only.
func (s *Store) Dials(ctx context.Context, sites ...string) (map[string]*inspect.Inspection, error) {
	of := "SELECT DISTINCT site_id FROM inspections"
	var args []any
	if len(sites) > 0 {
		of, args = of+" WHERE site_id IN (?)", []any{bun.List(sites)}
	}
	rows, err := s.list(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Column("id", "site_id", "now", "started", "clocks").Where(`id IN (SELECT (SELECT j.id FROM inspections AS j WHERE j.site_id = x.site_id AND j.scope = 'columns' AND j.complete ORDER BY j.started DESC, j.id DESC LIMIT 1)
			FROM (`+of+`) AS x)`, args...)
	})
	if err != nil {
		return nil, err
	}
	out := make(map[string]*inspect.Inspection, len(rows))
	for i := range rows {
		r := &rows[i]
		in := &inspect.Inspection{ID: r.ID, Site: &inspect.Site{ID: r.SiteID}, Now: fromNanos(r.Now), Started: fromNanos(r.Started), Complete: true}
		if err := json.Unmarshal([]byte(r.Clocks), &in.Clocks); err != nil {
			return nil, fmt.Errorf("inspection %s: %w", r.ID, err)
		}
		out[r.SiteID] = in
	}
	return out, nil
}

// SiteRounds are the last complete inspections of the whole of a target, newest
// first, without findings.
func (s *Store) SiteRounds(ctx context.Context, site string, limit int) ([]*inspect.Inspection, error) {
	return s.light(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return complete(site, Whole)(q).Limit(int64(limit)) })
}

// Found is what an inspection found of a fault; nil if it did not, or is not
// kept any more.
func (s *Store) Found(ctx context.Context, id, fingerprint string) (*inspect.Finding, error) {
	var rows []findingRow
	err := s.db.NewSelect().Model(&rows).Where("inspection = ? AND fingerprint = ?", id, clean(fingerprint)).Order("n").Limit(1).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("finding of %s: %w", id, hint(err, s.dir))
	}
	if len(rows) == 0 {
		return nil, nil
	}
	f, err := rows[0].finding()
	if err != nil {
		return nil, fmt.Errorf("finding of %s: %w", id, err)
	}
	return &f, nil
}

// Fetched is a page as an inspection got it, with Raw if that was kept; nil if
// it did not ask for it, or is not kept any more.
func (s *Store) Fetched(ctx context.Context, id, url string) (*inspect.Page, error) {
	e, err := s.eventAt(ctx, id, pageRow, url)
	if err != nil || e == nil {
		return nil, err
	}
	return e.Page, nil
}

// Shown is what a browser showed of a page in an inspection; nil if none did.
func (s *Store) Shown(ctx context.Context, id, url string) (*inspect.Rendered, error) {
	e, err := s.eventAt(ctx, id, shownRow, url)
	if err != nil || e == nil {
		return nil, err
	}
	return e.Shown, nil
}

func (s *Store) eventAt(ctx context.Context, id, kind, url string) (*inspect.Event, error) {
	var rows []eventRow
	// The kind stands in the statement, since the index holds for one of them.
	err := s.db.NewSelect().Model(&rows).Where("inspection = ? AND url = ?", id, clean(url)).Where("kind = '" + kind + "'").Order("seq DESC").Limit(1).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("events of %s: %w", id, hint(err, s.dir))
	}
	if len(rows) == 0 {
		return nil, nil
	}
	e, err := s.event(ctx, &rows[0])
	if err != nil {
		return nil, fmt.Errorf("event of %s, %s: %w", id, url, err)
	}
	return &e, nil
}

// Titles are what the lists of a site call some pages, by address, as seen last.
func (s *Store) Titles(ctx context.Context, site string, urls []string) (map[string]string, error) {
	out := make(map[string]string, len(urls))
	for part := range slices.Chunk(urls, batchRows) {
		var rows []itemSeenRow
		err := s.db.NewSelect().Model(&rows).Column("url", "title").Where("site = ? AND url IN (?)", site, bun.List(part)).Order("last_seen").Scan(ctx)
		if err != nil {
			return nil, fmt.Errorf("titles of %s: %w", site, hint(err, s.dir))
		}
		for _, r := range rows {
			out[r.URL] = r.Title
		}
	}
	return out, nil
}
