package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// A Fleet reads what is known of all sites together, again and again. What
// cannot change any more it reads once, so that a look costs what has happened
// since the last one. It is used by one goroutine.
type Fleet struct {
	s       *Store
	results map[string]Result         // by inspection
	visits  map[string]*inspect.Probe // last that told something, by site
	seen    time.Time                 // up to when visits were read
	days    map[siteDay]Told
	day     time.Time // first day that days may still change
	read    map[string]time.Time

	cases   []CaseCount
	counted time.Time // when cases was made
	moved   int64     // the newest step that was there then
}

type siteDay struct {
	site string
	day  int64 // days since 1970 in the rules' zone
}

// A Result is the last complete inspection of a scope of a site, without what
// grows with the site.
type Result struct {
	ID, Site          string
	Scope             Scope
	Started, Finished time.Time
	Grade             inspect.Grade
	Counts            inspect.Counts
	Clocks            []inspect.Clock
}

// Told is how many visits told something, and how many of them found the site
// closed.
type Told struct{ Visits, Failed int }

// Fleet makes a Fleet.
func (s *Store) Fleet() *Fleet {
	return &Fleet{s: s, results: map[string]Result{}, visits: map[string]*inspect.Probe{}, days: map[siteDay]Told{}, read: map[string]time.Time{}}
}

// Results are the last complete inspections of whole sites and of their lists.
func (f *Fleet) Results(ctx context.Context) ([]Result, error) {
	var ids []string
	err := f.s.db.NewRaw(`SELECT i.id FROM inspections i
		JOIN (SELECT site_id, scope, MAX(started) AS started FROM inspections WHERE scope IN ('', 'columns') AND complete = ? GROUP BY scope, site_id) l
		ON i.site_id = l.site_id AND i.scope = l.scope AND i.started = l.started WHERE i.complete = ? ORDER BY i.id`, true, true).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("latest inspections: %w", hint(err, f.s.dir))
	}
	now := make(map[string]Result, len(ids))
	var unread []string
	for _, id := range ids {
		if h, ok := f.results[id]; ok {
			now[id] = h
		} else {
			unread = append(unread, id)
		}
	}
	for part := range slices.Chunk(unread, batchRows) {
		var rows []inspectionRow
		err := f.s.db.NewSelect().Model(&rows).Column("id", "site_id", "scope", "started", "finished", "grade", "counts", "clocks").
			Where("id IN (?)", bun.List(part)).Scan(ctx)
		if err != nil {
			return nil, fmt.Errorf("latest inspections: %w", hint(err, f.s.dir))
		}
		for i := range rows {
			h, err := rows[i].result()
			if err != nil {
				return nil, err
			}
			now[h.ID] = h
		}
	}
	f.results = now
	maps.DeleteFunc(f.read, func(id string, _ time.Time) bool { _, ok := now[id]; return !ok })
	return slices.Collect(maps.Values(now)), nil
}

func (r *inspectionRow) result() (Result, error) {
	h := Result{ID: r.ID, Site: r.SiteID, Scope: Scope(r.Scope), Started: fromNanos(r.Started), Finished: fromNanos(r.Finished)}
	grade, err := gradeOf(r.Grade)
	h.Grade = grade
	if err := errors.Join(err, json.Unmarshal([]byte(r.Counts), &h.Counts), json.Unmarshal([]byte(r.Clocks), &h.Clocks)); err != nil {
		return h, fmt.Errorf("inspection %s: %w", r.ID, err)
	}
	return h, nil
}

// visitsBack is how far back the first look at visits goes; later ones go back
// as far as a visit may still be taken back ([Store.Retract]).
const (
	visitsBack  = 7 * 24 * time.Hour
	visitsAgain = time.Hour
)

// Visits are, by site, the last visits to home pages that told something. Of a
// site whose last one was taken back nothing is known until the next.
func (f *Fleet) Visits(ctx context.Context, now time.Time) (map[string]*inspect.Probe, error) {
	since := now.Add(-visitsBack)
	if !f.seen.IsZero() {
		since = f.seen.Add(-visitsAgain)
	}
	for site, p := range f.visits {
		if !p.At.Before(since) { // read again: it may have been taken back
			delete(f.visits, site)
		}
	}
	var rows []visitRow
	err := f.s.db.NewRaw(`SELECT p.site, p.probe FROM probes p JOIN (SELECT site, MAX(at) AS at FROM probes
		WHERE at >= ? AND network = 'tcp' AND verdict <> ? GROUP BY site) l ON l.site = p.site AND l.at = p.at WHERE p.network = 'tcp'`,
		nanos(since), string(inspect.CouldNotTell)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("last visits: %w", hint(err, f.s.dir))
	}
	for _, r := range rows {
		p := &inspect.Probe{}
		if err := json.Unmarshal([]byte(r.Probe), p); err != nil {
			return nil, fmt.Errorf("visit to %s: %w", r.Site, err)
		}
		f.visits[r.Site] = p
	}
	f.seen = now
	return maps.Clone(f.visits), nil
}

// dayLength in nanoseconds; the rules' zone has no summer time.
const dayLength = int64(24 * time.Hour)

func dayNumber(t time.Time) int64 {
	_, offset := t.In(inspect.Zone).Zone()
	return (t.UnixNano() + int64(offset)*int64(time.Second)) / dayLength
}

// Told counts, by site, the visits of the last days, today among them, for
// each of some numbers of days. A page that took slow or longer has failed; a
// visit that could not be told counts neither way.
func (f *Fleet) Told(ctx context.Context, now time.Time, slow time.Duration, days ...int) ([]map[string]Told, error) {
	since := inspect.Day(now).AddDate(0, 0, 1-slices.Max(days))
	first := dayNumber(since)
	if f.day.After(since) {
		since = f.day
	}
	maps.DeleteFunc(f.days, func(k siteDay, _ Told) bool { return k.day < first || k.day >= dayNumber(since) })
	var rows []struct {
		Site         string
		Day          int64
		Told, Failed int
	}
	_, offset := now.In(inspect.Zone).Zone()
	err := f.s.db.NewRaw(`SELECT site, (at + ?) / ? AS day, COUNT(*) AS told, SUM(CASE WHEN verdict = ? OR whole >= ? THEN 1 ELSE 0 END) AS failed
		FROM probes WHERE at >= ? AND network = 'tcp' AND verdict <> ? GROUP BY site, 2`, int64(offset)*int64(time.Second), dayLength,
		string(inspect.Fault), slow.Milliseconds(), nanos(since), string(inspect.CouldNotTell)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("visits by day: %w", hint(err, f.s.dir))
	}
	for _, r := range rows {
		f.days[siteDay{r.Site, r.Day}] = Told{r.Told, r.Failed}
	}
	f.day = inspect.Day(now.Add(-visitsAgain))
	out := make([]map[string]Told, len(days))
	for i, n := range days {
		out[i] = map[string]Told{}
		for k, v := range f.days {
			if k.day > dayNumber(now)-int64(n) {
				t := out[i][k.site]
				out[i][k.site] = Told{t.Visits + v.Visits, t.Failed + v.Failed}
			}
		}
	}
	return out, nil
}

// readBack is how far back a source that answered is looked for.
const readBack = 30 * 24 * time.Hour

// Collected is when a source of the account of an inspection last gave an
// answer that says something; zero: not in the last month.
func (f *Fleet) Collected(ctx context.Context, h *Result) (time.Time, error) {
	if at, ok := f.read[h.ID]; ok {
		return at, nil
	}
	var at int64
	err := f.s.db.NewRaw(`SELECT COALESCE(MAX(e.fetched), 0) FROM inspections i JOIN events e ON e.inspection = i.id
		WHERE i.site_id = ? AND i.started >= ? AND e.kind = ? AND e.verdict IN (?, ?)`, h.Site, nanos(h.Started.Add(-readBack)), feedRow, string(inspect.Fine), string(inspect.Information)).Scan(ctx, &at)
	if err != nil {
		return time.Time{}, fmt.Errorf("sources of %s: %w", h.Site, hint(err, f.s.dir))
	}
	f.read[h.ID] = fromNanos(at)
	return f.read[h.ID], nil
}

// A CaseCount is how many cases of a unit and severity are at a stage.
type CaseCount struct {
	Unit            string // id
	Severity        inspect.Part
	Stage           inspect.Stage
	Cases           int
	Overdue         int // ordered, and past the last day
	Expiring, Ended int // waived, with few days left or none
}

// expiring is how many days before its end a waiver is worth a warning; ours.
const expiring = 14

// Cases counts the cases. While no step is taken and the day is the same,
// nothing is counted again.
func (f *Fleet) Cases(ctx context.Context, now time.Time) ([]CaseCount, error) {
	var newest int64
	if err := f.s.db.NewRaw("SELECT COALESCE(MAX(at), 0) FROM steps").Scan(ctx, &newest); err != nil {
		return nil, fmt.Errorf("cases: %w", hint(err, f.s.dir))
	}
	if newest == f.moved && !f.counted.IsZero() && inspect.DaysBetween(f.counted, now) == 0 {
		return f.cases, nil
	}
	rows, err := f.countCases(ctx, inspect.Day(now))
	if err != nil {
		return nil, fmt.Errorf("cases: %w", hint(err, f.s.dir))
	}
	f.cases, f.counted, f.moved = rows, now, newest
	return rows, nil
}

// countCases takes from the tally what it knows, and looks only at the cases
// whose day it is: the cost is that of what is open, not of all there ever was.
func (f *Fleet) countCases(ctx context.Context, today time.Time) ([]CaseCount, error) {
	var rows, days []CaseCount
	err := f.s.db.NewRaw("SELECT unit, severity, stage, CAST(SUM(n) AS BIGINT) AS cases FROM tally GROUP BY unit, severity, stage HAVING SUM(n) > 0 ORDER BY unit, severity, stage").Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	soon := nanos(today.AddDate(0, 0, expiring))
	err = f.s.db.NewRaw(`SELECT unit, severity, stage, COUNT(*) AS overdue, 0 AS expiring, 0 AS ended FROM cases WHERE owed > 0 AND owed < ? GROUP BY unit, severity, stage
		UNION ALL SELECT unit, severity, stage, 0, SUM(CASE WHEN until >= ? THEN 1 ELSE 0 END), SUM(CASE WHEN until < ? THEN 1 ELSE 0 END)
		FROM cases WHERE stage = ? AND until <> 0 AND until < ? GROUP BY unit, severity, stage`,
		nanos(today), nanos(today), nanos(today), string(inspect.StageWaived), soon).Scan(ctx, &days)
	if err != nil {
		return nil, err
	}
	type key struct {
		unit     string
		severity inspect.Part
		stage    inspect.Stage
	}
	by := map[key]CaseCount{}
	for _, d := range days {
		by[key{d.Unit, d.Severity, d.Stage}] = d
	}
	for i := range rows {
		r := &rows[i]
		d := by[key{r.Unit, r.Severity, r.Stage}]
		r.Overdue, r.Expiring, r.Ended = d.Overdue, d.Expiring, d.Ended
	}
	return rows, nil
}

// Waiting are how many messages wait to be sent, by channel.
func (f *Fleet) Waiting(ctx context.Context) (map[string]int, error) {
	var rows []struct {
		Channel string
		N       int
	}
	err := f.s.db.NewRaw("SELECT channel, COUNT(*) AS n FROM messages WHERE state IN ('waiting', 'sending') GROUP BY channel").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("messages: %w", hint(err, f.s.dir))
	}
	out := map[string]int{}
	for _, r := range rows {
		out[r.Channel] = r.N
	}
	return out, nil
}
