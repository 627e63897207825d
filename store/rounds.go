package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// lightly are the columns that a list of inspections shows. What a site was
// like at the time may be megabytes.
var lightly = []string{"id", "site_id", "now", "started", "finished", "complete", "stopped", "rulebook_id", "rulebook_version", "rulebook_digest", "counts", "grade", "clocks"}

func (s *Store) light(ctx context.Context, w where) ([]*inspect.Inspection, error) {
	rows, err := s.list(ctx, w)
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
// its id, without findings. They are shared: nobody may change them.
func (s *Store) Standings(ctx context.Context) (map[string]*inspect.Inspection, error) {
	return s.standing.read(ctx, s, Whole)
}

// Dials are the last complete looks at the lists of sites, by site, without
// findings. They are shared: nobody may change them.
func (s *Store) Dials(ctx context.Context) (map[string]*inspect.Inspection, error) {
	return s.dials.read(ctx, s, Lists)
}

// A lastKnown remembers the last inspections of all targets: what was complete
// never changes, so each is read from its row once, not by every page that shows
// where a thousand targets stand.
type lastKnown struct {
	mu    sync.Mutex
	known map[string]*inspect.Inspection // by id
}

// lastOf finds the last complete inspection of a scope of each site, from one
// site to the next in the index: there are many more inspections than sites.
const lastOf = `WITH RECURSIVE x (site_id) AS (SELECT MIN(site_id) FROM inspections WHERE scope = ? AND complete = TRUE
	UNION ALL SELECT (SELECT MIN(i.site_id) FROM inspections AS i WHERE i.scope = ? AND i.complete = TRUE AND i.site_id > x.site_id) FROM x WHERE x.site_id IS NOT NULL)
	SELECT (SELECT j.id FROM inspections AS j WHERE j.scope = ? AND j.complete = TRUE AND j.site_id = x.site_id ORDER BY j.started DESC, j.id DESC LIMIT 1) AS id FROM x WHERE x.site_id IS NOT NULL`

func (k *lastKnown) read(ctx context.Context, s *Store, scope Scope) (map[string]*inspect.Inspection, error) {
	var ids []string
	if err := s.db.NewRaw(lastOf, string(scope), string(scope), string(scope)).Scan(ctx, &ids); err != nil {
		return nil, fmt.Errorf("last inspections: %w", hint(err, s.dir))
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	now := make(map[string]*inspect.Inspection, len(ids))
	var fresh []string
	for _, id := range ids {
		if now[id] = k.known[id]; now[id] == nil {
			fresh = append(fresh, id)
		}
	}
	for part := range slices.Chunk(fresh, batchRows) {
		all, err := s.light(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Column(lightly...).Where("id IN (?)", bun.List(part))
		})
		if err != nil {
			return nil, err
		}
		for _, in := range all {
			now[in.ID] = in
		}
	}
	k.known = now
	out := make(map[string]*inspect.Inspection, len(now))
	for _, in := range now {
		if in != nil { // it was pruned meanwhile
			out[in.Site.ID] = in
		}
	}
	return out, nil
}

// SiteRounds are the last complete inspections of the whole of a target, newest
// first, without findings.
func (s *Store) SiteRounds(ctx context.Context, site string, limit int) ([]*inspect.Inspection, error) {
	return s.light(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return complete(site, Whole)(q.Column(lightly...)).Limit(int64(limit))
	})
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
