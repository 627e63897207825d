package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// A Summary is what is remembered of an inspection.
type Summary struct {
	Header
	inspect.Grade // zero until it is done

	RulebookVersion string
	Finished        time.Time
	Done            bool   // Finish was called
	Complete        bool   // nothing was left out
	Stopped         string // why it is not complete
	Counts          inspect.Counts
	Clocks          []inspect.Clock
	Findings        []inspect.Finding // of Inspection only
	Past            *inspect.Past     // what it left for the next; of Inspection only
}

// Inspection makes of the summary what Finish was given, but for the items of
// its rulebook.
func (h *Summary) Inspection() *inspect.Inspection {
	return &inspect.Inspection{ID: h.ID, Site: h.Site, Started: h.Started, Finished: h.Finished, Now: h.Now, Counts: h.Counts,
		Rules:    &inspect.Rulebook{ID: h.RulebookID, Version: h.RulebookVersion, Digest: h.RulebookDigest},
		Findings: h.Findings, Clocks: h.Clocks, Past: h.Past, Grade: h.Grade, Complete: h.Complete, Stopped: h.Stopped}
}

// Inspection is an inspection with its findings; nil if there is none of the id.
func (s *Store) Inspection(ctx context.Context, id string) (*Summary, error) {
	inspections, err := s.list(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("id = ?", id).Limit(1) })
	if err != nil || len(inspections) == 0 {
		return nil, err
	}
	h, err := inspections[0].summary()
	if err != nil {
		return nil, err
	}
	if h.Past, err = inspections[0].past(); err != nil {
		return nil, err
	}
	var rows []findingRow
	if err := s.db.NewSelect().Model(&rows).Where("inspection = ?", id).Order("n").Scan(ctx); err != nil {
		return nil, fmt.Errorf("findings of %s: %w", id, hint(err, s.dir))
	}
	h.Findings = make([]inspect.Finding, len(rows))
	for i := range rows {
		if h.Findings[i], err = rows[i].finding(); err != nil {
			return nil, fmt.Errorf("finding %d of %s: %w", i, id, err)
		}
	}
	return h, nil
}

// Inspections are the last inspections, newest first, without findings.
func (s *Store) Inspections(ctx context.Context, limit int) ([]Summary, error) {
	rows, err := s.list(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Limit(int64(limit)) })
	if err != nil {
		return nil, err
	}
	out := make([]Summary, len(rows))
	for i := range rows {
		h, err := rows[i].summary()
		if err != nil {
			return nil, err
		}
		out[i] = *h
	}
	return out, nil
}

// CountInspections is how many inspections there are of a site.
func (s *Store) CountInspections(ctx context.Context, siteID string) (int64, error) {
	n, err := s.db.NewSelect().Model((*inspectionRow)(nil)).Where("site_id = ?", siteID).Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("inspections of %s: %w", siteID, hint(err, s.dir))
	}
	return n, nil
}

// Latest is the last complete inspection of a scope of a site; nil if there is none.
func (s *Store) Latest(ctx context.Context, siteID string, scope Scope) (*Summary, error) {
	return s.one(ctx, complete(siteID, scope))
}

func complete(siteID string, scope Scope) where {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("site_id = ? AND scope = ? AND complete = ?", siteID, string(scope), true)
	}
}

// Unfinished is the last inspection of the whole of a site, if that was stopped or
// killed; nil otherwise: a complete one makes what stopped before it pointless.
func (s *Store) Unfinished(ctx context.Context, siteID string) (*Summary, error) {
	h, err := s.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("site_id = ? AND scope = ''", siteID) })
	if h == nil || err != nil || h.Complete {
		return nil, err
	}
	return h, nil
}

// KnownItems are, by column name, the newest rows that the last complete
// inspection of a scope of a site saw; nil if there was none.
func (s *Store) KnownItems(ctx context.Context, siteID string, scope Scope) (map[string][]inspect.ListItem, error) {
	rows, err := s.list(ctx, last(siteID, scope))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	var out map[string][]inspect.ListItem
	if err := json.Unmarshal([]byte(rows[0].Seen), &out); err != nil {
		return nil, fmt.Errorf("known items of %s: %w", siteID, err)
	}
	return out, nil
}

func last(siteID string, scope Scope) where {
	return func(q *bun.SelectQuery) *bun.SelectQuery { return complete(siteID, scope)(q).Limit(1) }
}

// Past is what the last complete inspection of a scope of a site left for the
// next, with what was learned of its faults when some of them were looked at
// again; nil if there was none.
func (s *Store) Past(ctx context.Context, siteID string, scope Scope) (*inspect.Past, error) {
	rows, err := s.list(ctx, last(siteID, scope))
	if err != nil || len(rows) == 0 || rows[0].Past == "" {
		return nil, err
	}
	out, err := rows[0].past()
	if err != nil || scope != Whole {
		return out, err
	}
	var again []inspectionRow
	err = s.db.NewSelect().Model(&again).Where("site_id = ? AND scope = ? AND complete = ? AND started > ?", siteID, string(Pages), true, rows[0].Started).
		OrderExpr("started, id").Scan(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("past of %s: %w", siteID, hint(err, s.dir))
	}
	for i := range again {
		p, err := again[i].past()
		if err != nil {
			return nil, err
		}
		if p != nil {
			out.Overlay(p)
		}
	}
	return out, nil
}

func (r *inspectionRow) past() (*inspect.Past, error) {
	if r.Past == "" {
		return nil, nil
	}
	var out *inspect.Past
	if err := json.Unmarshal([]byte(r.Past), &out); err != nil {
		return nil, fmt.Errorf("past of %s: %w", r.ID, err)
	}
	return out, nil
}

// Validators are what makes a request for a page conditional, as far as its
// site sends such things, and the digest by which the same bytes are known
// again: what the last finished inspection got. ok is false if it got nothing.
func (s *Store) Validators(ctx context.Context, siteID, url string) (etag, lastModified, digest string, ok bool) {
	var row eventRow
	err := s.db.NewSelect().Model(&row).Column("header", "digest").
		Where("inspection = (?)", s.db.NewSelect().Model((*inspectionRow)(nil)).Column("id").
			Where("site_id = ? AND complete = ?", siteID, true).OrderExpr("started DESC, id DESC").Limit(1)).
		Where("kind = ? AND url = ? AND kept = ? AND truncated = ? AND verdict = ? AND body = ''", pageRow, url, true, false, string(inspect.Fine)).
		Limit(1).Scan(ctx)
	if err != nil {
		return "", "", "", false // a page that is asked for once more than needed, no harm
	}
	t, err := row.target()
	if err != nil {
		return "", "", "", false
	}
	return t.Header.Get("ETag"), t.Header.Get("Last-Modified"), row.Digest, true
}

// Body is the body of a digest, held against it; [ErrDamaged] if it is not whole.
func (s *Store) Body(ctx context.Context, digest string) ([]byte, error) {
	row, err := s.locate(ctx, digest)
	if err != nil {
		return nil, err
	}
	return s.ev.get(row)
}

type where func(*bun.SelectQuery) *bun.SelectQuery

// one is the newest inspection that a condition takes, or nil.
func (s *Store) one(ctx context.Context, w where) (*Summary, error) {
	rows, err := s.list(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return w(q).Limit(1) })
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0].summary()
}

func (s *Store) list(ctx context.Context, w where) ([]inspectionRow, error) {
	var rows []inspectionRow
	err := w(s.db.NewSelect().Model(&rows)).OrderExpr("started DESC, id DESC").Scan(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("inspections: %w", hint(err, s.dir))
	}
	return rows, nil
}

func (r *inspectionRow) summary() (*Summary, error) {
	h := &Summary{Header: Header{ID: r.ID, Site: &inspect.Site{}, Now: fromNanos(r.Now), Started: fromNanos(r.Started),
		RulebookID: r.RulebookID, RulebookDigest: r.RulebookDigest, Options: json.RawMessage(r.Options), Scope: Scope(r.Scope)},
		RulebookVersion: r.RulebookVersion, Finished: fromNanos(r.Finished), Done: r.Done, Complete: r.Complete, Stopped: r.Stopped}
	grade, err := gradeOf(r.Grade)
	h.Grade = grade
	err = errors.Join(err, json.Unmarshal([]byte(r.Site), h.Site), json.Unmarshal([]byte(r.Counts), &h.Counts), json.Unmarshal([]byte(r.Clocks), &h.Clocks))
	if err != nil {
		return nil, fmt.Errorf("inspection %s: %w", r.ID, err)
	}
	return h, nil
}
