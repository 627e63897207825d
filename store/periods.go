package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// What the papers of a period ask. Each takes the moment until which things
// count as known, so that the same question has the same answer later.

// known takes complete inspections of whole targets whose Now lies in a span
// and that were finished by then.
func known(span inspect.Span, at time.Time) where {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("scope = '' AND complete = ? AND now >= ? AND now < ? AND finished < ? AND counts NOT LIKE ?", true, bound(span.From), bound(span.To), bound(at), visitsOnly)
	}
}

// visitsOnly are the counts of an inspection that looked at nothing but only
// kept visits.
const visitsOnly = `{"Fetched":0,"Unchanged":0,"Failed":0,"Skipped":0,"Files":0,"Asked":0,"Broken":0,"Unknown":0,"Due":0,%`

// bound is a moment as the tables hold it, the beginning or the end of time too.
func bound(t time.Time) int64 {
	switch {
	case t.IsZero():
		return 0
	case t.Year() > 2200:
		return 1<<63 - 1
	}
	return t.UnixNano()
}

// Register is every site and account of which there is an inspection, as its
// last one knew it.
func (s *Store) Register(ctx context.Context, at time.Time) ([]*inspect.Site, error) {
	var rows []inspectionRow
	latest := s.db.NewSelect().Model((*inspectionRow)(nil)).Column("site_id").ColumnExpr("MAX(started) AS started").Where("started < ?", bound(at)).Group("site_id")
	err := s.db.NewSelect().Model(&rows).Column("i.site_id", "i.site").Join("JOIN (?) AS l ON l.site_id = i.site_id AND l.started = i.started", latest).Order("i.site_id", "i.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("register: %w", hint(err, s.dir))
	}
	rows = slices.CompactFunc(rows, func(a, b inspectionRow) bool { return a.SiteID == b.SiteID })
	out := make([]*inspect.Site, len(rows))
	for i := range rows {
		out[i] = &inspect.Site{}
		if err := json.Unmarshal([]byte(rows[i].Site), out[i]); err != nil {
			return nil, fmt.Errorf("register: site %s: %w", rows[i].SiteID, err)
		}
	}
	return out, nil
}

// Results are, for each target, its last complete inspection in a span.
func (s *Store) Results(ctx context.Context, span inspect.Span, at time.Time) ([]inspect.Conclusion, error) {
	var rows []inspectionRow
	err := s.lasts(&rows, known(span, at)).Column("i.id", "i.site_id", "i.now", "i.rulebook_id", "i.rulebook_version", "i.rulebook_digest", "i.grade", "i.counts", "i.clocks").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("results: %w", hint(err, s.dir))
	}
	out := make([]inspect.Conclusion, 0, len(rows))
	for i := range rows {
		r := &rows[i]
		if i+1 < len(rows) && rows[i+1].SiteID == r.SiteID {
			continue // of the same moment: the one that began last counts
		}
		x := inspect.Conclusion{Inspection: r.ID, Site: r.SiteID, At: fromNanos(r.Now), RulebookID: r.RulebookID, Version: r.RulebookVersion, Digest: r.RulebookDigest}
		if x.Grade, err = gradeOf(r.Grade); err == nil {
			err = json.Unmarshal([]byte(r.Counts), &x.Counts)
		}
		if err == nil {
			err = json.Unmarshal([]byte(r.Clocks), &x.Clocks)
		}
		if err != nil {
			return nil, fmt.Errorf("result %s: %w", r.ID, err)
		}
		out = append(out, x)
	}
	return out, nil
}

// lasts selects, for each target, its last inspections that a condition takes,
// by target and beginning.
func (s *Store) lasts(rows any, w where) *bun.SelectQuery {
	newest := w(s.db.NewSelect().Model((*inspectionRow)(nil)).Column("site_id").ColumnExpr("MAX(now) AS now").Group("site_id"))
	return s.db.NewSelect().Model(rows).Join("JOIN (?) AS l ON l.site_id = i.site_id AND l.now = i.now", newest).
		Where("i.scope = '' AND i.complete = ?", true).Order("i.site_id", "i.started", "i.id")
}

// lastRows leaves one row of each target: of those of the same moment the one
// that began last.
func lastRows(rows []inspectionRow) []inspectionRow {
	out := rows[:0]
	for i := range rows {
		if i+1 == len(rows) || rows[i+1].SiteID != rows[i].SiteID {
			out = append(out, rows[i])
		}
	}
	return out
}

// Tallies are how many findings some inspections left, by check, outcome and
// state.
func (s *Store) Tallies(ctx context.Context, ids []string) (out []inspect.CheckCount, err error) {
	for part := range slices.Chunk(ids, batchRows) {
		var rows []inspect.CheckCount
		err := s.db.NewRaw(`SELECT inspection, check_id AS "check", outcome, state, COUNT(*) AS findings, SUM(places) AS places FROM findings
			WHERE inspection IN (?) GROUP BY inspection, check_id, outcome, state ORDER BY inspection, check_id, outcome, state`, bun.List(part)).Scan(ctx, &rows)
		if err != nil {
			return nil, fmt.Errorf("tallies: %w", hint(err, s.dir))
		}
		out = append(out, rows...)
	}
	return out, nil
}

// Volumes are the rows of columns that are dated in a span.
func (s *Store) Volumes(ctx context.Context, span inspect.Span, at time.Time) (out []inspect.ColumnVolume, err error) {
	err = s.db.NewRaw(`SELECT site, column_name AS "column", COUNT(*) AS items FROM items_seen WHERE date >= ? AND date < ? AND first_seen < ?
		GROUP BY site, column_name ORDER BY site, column_name`, nanos(span.From), nanos(span.To), bound(at)).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("volumes: %w", hint(err, s.dir))
	}
	return out, nil
}

// VisitTotals are the visits to home pages in a span, whether rolled up or not.
// IPv6 has its own check and is not counted.
func (s *Store) VisitTotals(ctx context.Context, span inspect.Span, at time.Time) (out []inspect.Visits, err error) {
	if at.Before(span.To) {
		span.To = at
	}
	err = s.db.NewRaw(`SELECT site, SUM(visited) AS visited, SUM(told) AS told, SUM(failed) AS failed FROM (
		SELECT site, COUNT(*) AS visited, SUM(CASE WHEN verdict IN ('fine', 'info', 'fault') THEN 1 ELSE 0 END) AS told, SUM(CASE WHEN verdict = 'fault' THEN 1 ELSE 0 END) AS failed
		FROM probes WHERE at >= ? AND at < ? AND network = 'tcp' GROUP BY site
		UNION ALL SELECT site, SUM(visited), SUM(told), SUM(failed) FROM probe_days WHERE day >= ? AND day < ? AND network = 'tcp' GROUP BY site) v
		GROUP BY site ORDER BY site`, nanos(span.From), nanos(span.To), dayOf(span.From), dayOf(span.To)).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("visits: %w", hint(err, s.dir))
	}
	return out, nil
}

// postsGrace is how long after a span an account is still asked what it
// published in it: its last days are only seen by a later look.
const postsGrace = 7 * 24 * time.Hour

// PostTotals are the posts of accounts dated in a span, as the last inspection
// within a week of its end tells them.
func (s *Store) PostTotals(ctx context.Context, span inspect.Span, at time.Time) (out []inspect.Posts, err error) {
	later := inspect.Span{From: span.From, To: span.To.Add(postsGrace)}
	var rows []inspectionRow
	err = s.lasts(&rows, func(q *bun.SelectQuery) *bun.SelectQuery {
		return known(later, at)(q).Where("site LIKE ?", `%"kind":"account"%`)
	}).Column("i.id", "i.site_id", "i.site", "i.now").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("posts: %w", hint(err, s.dir))
	}
	rows = lastRows(rows)
	for part := range slices.Chunk(rows, batchRows) {
		more, err := s.posts(ctx, part, span)
		if err != nil {
			return nil, fmt.Errorf("posts: %w", hint(err, s.dir))
		}
		out = append(out, more...)
	}
	return out, nil
}

// posts counts the posts of a span that some inspections of accounts saw.
func (s *Store) posts(ctx context.Context, rows []inspectionRow, span inspect.Span) (out []inspect.Posts, err error) {
	ids := make([]string, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	var events []eventRow
	err = s.db.NewSelect().Model(&events).Column("inspection", "seq", "kind", "links").Where("inspection IN (?) AND kind = ?", bun.List(ids), feedRow).Order("inspection", "seq").Scan(ctx)
	if err != nil {
		return nil, err
	}
	feeds := map[string][]*inspect.Collection{}
	for i := range events {
		e, err := s.event(ctx, &events[i])
		if err != nil {
			return nil, err
		}
		feeds[events[i].Inspection] = append(feeds[events[i].Inspection], e.Feed)
	}
	for i := range rows {
		site := &inspect.Site{}
		if err := json.Unmarshal([]byte(rows[i].Site), site); err != nil {
			return nil, err
		}
		if mine := feeds[rows[i].ID]; slices.ContainsFunc(mine, (*inspect.Collection).Read) && site.Account != nil {
			out = append(out, postsOf(site, mine, fromNanos(rows[i].Now), span))
		}
	}
	return out, nil
}

func postsOf(site *inspect.Site, feeds []*inspect.Collection, now time.Time, span inspect.Span) inspect.Posts {
	p := inspect.Posts{Account: site.ID}
	a := site.Account.ActivityOf(feeds, now)
	for _, x := range a.Posts {
		if span.Holds(x.Published) {
			p.Posts++
		}
	}
	p.Whole = a.Known && !a.Since.After(span.From) && !site.Account.SilentUntil(feeds, a.Since).Before(span.To)
	return p
}

// interpretations is the check that keeps which document has which interpretation.
const interpretations = "interpretation-unlinked"

// Interpreted are the policy documents that sites list with a date in a span,
// and how many of them have an interpretation, as the last inspection knows.
func (s *Store) Interpreted(ctx context.Context, span inspect.Span, at time.Time) (out []inspect.Interpreted, err error) {
	var rows []inspectionRow
	err = s.lasts(&rows, func(q *bun.SelectQuery) *bun.SelectQuery {
		return known(inspect.Span{To: at}, at)(q).Where("site LIKE ?", `%"genre":"policy"%`)
	}).Column("i.id", "i.site_id", "i.site", "i.past").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("interpretations: %w", hint(err, s.dir))
	}
	rows = lastRows(rows)
	for i := range rows {
		x, err := s.interpreted(ctx, &rows[i], span, at)
		if err != nil {
			return nil, fmt.Errorf("interpretations of %s: %w", rows[i].SiteID, hint(err, s.dir))
		}
		out = append(out, x)
	}
	return out, nil
}

func (s *Store) interpreted(ctx context.Context, r *inspectionRow, span inspect.Span, at time.Time) (x inspect.Interpreted, err error) {
	x.Site = r.SiteID
	site, past := &inspect.Site{}, &struct {
		Kept map[string]json.RawMessage `json:"kept"`
	}{}
	if err := json.Unmarshal([]byte(r.Site), site); err != nil {
		return x, err
	}
	if r.Past != "" {
		if err := json.Unmarshal([]byte(r.Past), past); err != nil {
			return x, err
		}
	}
	var edges []struct {
		Policy string `json:"policy"`
		Sure   bool   `json:"sure"`
	}
	if raw := past.Kept[interpretations]; raw != nil {
		if err := json.Unmarshal(raw, &edges); err != nil {
			return x, err
		}
	}
	var names []string
	for _, c := range site.Columns {
		if c.Genre == inspect.Policy {
			names = append(names, c.Name)
		}
	}
	var urls []string
	err = s.db.NewSelect().Model((*itemSeenRow)(nil)).ColumnExpr("DISTINCT url").
		Where("site = ? AND column_name IN (?) AND date >= ? AND date < ? AND first_seen < ?", r.SiteID, bun.List(names), nanos(span.From), nanos(span.To), bound(at)).Scan(ctx, &urls)
	if err != nil {
		return x, err
	}
	x.Documents = len(urls)
	for _, u := range urls {
		for _, e := range edges {
			if e.Sure && strings.EqualFold(e.Policy, u) {
				x.Paired++
				break
			}
		}
	}
	return x, nil
}

// Histories tells every case that was first seen before a moment, in order of
// fingerprint, with its steps.
func (s *Store) Histories(ctx context.Context, at time.Time, tell func(*inspect.Case, []inspect.Step)) error {
	for after := ""; ; {
		var rows []caseRow
		err := s.db.NewSelect().Model(&rows).Column("fingerprint", "body").Where("fingerprint > ? AND first_seen < ?", after, bound(at)).
			Order("fingerprint").Limit(batchRows).Scan(ctx)
		if err != nil {
			return fmt.Errorf("histories: %w", hint(err, s.dir))
		}
		if len(rows) == 0 {
			return nil
		}
		prints := make([]string, len(rows))
		for i := range rows {
			prints[i] = rows[i].Fingerprint
		}
		steps, err := s.stepsOf(ctx, prints)
		if err != nil {
			return err
		}
		for i := range rows {
			c, err := rows[i].into()
			if err != nil {
				return err
			}
			tell(&c, steps[c.Fingerprint])
		}
		after = prints[len(prints)-1]
	}
}

func (s *Store) stepsOf(ctx context.Context, prints []string) (map[string][]inspect.Step, error) {
	var rows []stepRow
	if err := s.db.NewSelect().Model(&rows).Column("case_id", "n", "body").Where("case_id IN (?)", bun.List(prints)).Order("case_id", "n").Scan(ctx); err != nil {
		return nil, fmt.Errorf("histories: %w", hint(err, s.dir))
	}
	out := map[string][]inspect.Step{}
	for i := range rows {
		var x inspect.Step
		if err := json.Unmarshal([]byte(rows[i].Body), &x); err != nil {
			return nil, fmt.Errorf("step %d of %s: %w", rows[i].N, rows[i].CaseID, err)
		}
		out[rows[i].CaseID] = append(out[rows[i].CaseID], x)
	}
	return out, nil
}
