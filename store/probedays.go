package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// A ProbeDay is a day of visits to a site over one network; the day is the
// rules' zone's. Visits that could not be told count as visited only.
type ProbeDay struct {
	Site    string         `json:"site"`
	Day     string         `json:"day"` // 2026-11-24
	Network string         `json:"network"`
	Visited int            `json:"visited"`
	Told    int            `json:"told"`
	Failed  int            `json:"failed"`
	Causes  map[string]int `json:"causes"`    // failed, by cause
	Median  inspect.Millis `json:"median_ms"` // of the whole time of those that succeeded
	P95     inspect.Millis `json:"p95_ms"`
}

type probeDayRow struct {
	bun.BaseModel `bun:"table:probe_days,alias:pd"`

	Site    string `bun:",pk"`
	Day     string `bun:",pk"`
	Network string `bun:",pk"`
	Visited int64
	Told    int64
	Failed  int64
	Causes  string
	Median  int64
	P95     int64 `bun:"p95"`
}

// ProbeDays are the days of a site whose visits were rolled up, since a day,
// oldest first.
func (s *Store) ProbeDays(ctx context.Context, site string, since time.Time) ([]ProbeDay, error) {
	var rows []probeDayRow
	err := s.db.NewSelect().Model(&rows).Where("site = ? AND day >= ?", site, dayOf(since)).Order("day", "network").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("probe days of %s: %w", site, hint(err, s.dir))
	}
	out := make([]ProbeDay, len(rows))
	for i, r := range rows {
		out[i] = ProbeDay{Site: r.Site, Day: r.Day, Network: r.Network, Visited: int(r.Visited), Told: int(r.Told), Failed: int(r.Failed),
			Median: inspect.Millis(r.Median), P95: inspect.Millis(r.P95)}
		if err := json.Unmarshal([]byte(r.Causes), &out[i].Causes); err != nil {
			return nil, fmt.Errorf("probe days of %s: %w", site, err)
		}
	}
	return out, nil
}

func dayOf(t time.Time) string { return t.In(inspect.Zone).Format(time.DateOnly) }

// midnight is the beginning of a moment's day in the rules' zone.
func midnight(t time.Time) time.Time {
	y, m, d := t.In(inspect.Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, inspect.Zone)
}

// visits rolls up whole days that are too old, a site and day a transaction.
func (p *pruner) visits(ctx context.Context, keep Retention) error {
	if keep.Probes < 0 {
		return nil
	}
	before := nanos(midnight(p.now).AddDate(0, 0, -keep.Probes))
	for {
		var rows []struct {
			Site string
			At   int64
		}
		err := p.db.NewRaw("SELECT site, MIN(at) AS at FROM probes WHERE at < ? GROUP BY site ORDER BY site", before).Scan(ctx, &rows)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			if err := errors.Join(ctx.Err(), held(ctx, p.db)); err != nil {
				return err
			}
			if err := p.day(ctx, r.Site, midnight(fromNanos(r.At))); err != nil {
				return err
			}
		}
	}
}

// day rolls up one day of a site. Who deletes the visits counts them: of two
// that prune at once only one has them.
func (p *pruner) day(ctx context.Context, site string, from time.Time) error {
	visits, days := 0, 0
	err := p.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		var rows []visitRow
		err := tx.NewRaw("DELETE FROM probes WHERE site = ? AND at >= ? AND at < ? RETURNING network, verdict, cause, whole",
			site, nanos(from), nanos(from.AddDate(0, 0, 1))).Scan(ctx, &rows)
		if err != nil {
			return err
		}
		by := map[string][]visitRow{}
		for _, r := range rows {
			by[r.Network] = append(by[r.Network], r)
		}
		for network, visits := range by {
			if err := addDay(ctx, tx, rollUp(site, dayOf(from), network, visits)); err != nil {
				return err
			}
		}
		visits, days = len(rows), len(by)
		return nil
	})
	if err == nil {
		p.out.Visits += visits
		p.out.Days += days
	}
	return err
}

func rollUp(site, day, network string, visits []visitRow) *probeDayRow {
	d := &probeDayRow{Site: site, Day: day, Network: network, Visited: int64(len(visits))}
	causes := map[string]int{}
	var whole []int64
	for _, v := range visits {
		switch inspect.Verdict(v.Verdict) {
		case inspect.Fine, inspect.Information:
			d.Told++
			whole = append(whole, v.Whole)
		case inspect.Fault:
			d.Told++
			d.Failed++
			causes[v.Cause]++
		}
	}
	d.Median, d.P95 = quantile(whole, 0.5), quantile(whole, 0.95)
	d.Causes = causesJSON(causes)
	return d
}

func causesJSON(causes map[string]int) string {
	b, err := json.Marshal(causes)
	if err != nil {
		return "{}" // words and numbers always encode
	}
	return string(b)
}

// quantile is the nearest rank: a time that was measured.
func quantile(v []int64, q float64) int64 {
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	return v[max(0, int(math.Ceil(q*float64(len(v))))-1)]
}

// addDay writes a day. Visits that came late, as from an import, add to it;
// the times are then those of the larger part.
func addDay(ctx context.Context, tx bun.IDB, d *probeDayRow) error {
	var rows []probeDayRow
	if err := tx.NewSelect().Model(&rows).Where("site = ? AND day = ? AND network = ?", d.Site, d.Day, d.Network).Scan(ctx); err != nil {
		return err
	}
	if len(rows) == 0 {
		_, err := tx.NewInsert().Model(d).Exec(ctx)
		return err
	}
	had := rows[0]
	var a, b map[string]int
	if err := errors.Join(json.Unmarshal([]byte(had.Causes), &a), json.Unmarshal([]byte(d.Causes), &b)); err != nil {
		return err
	}
	for c, n := range b {
		a[c] += n
	}
	if had.Visited >= d.Visited {
		d.Median, d.P95 = had.Median, had.P95
	}
	d.Visited, d.Told, d.Failed, d.Causes = d.Visited+had.Visited, d.Told+had.Told, d.Failed+had.Failed, causesJSON(a)
	_, err := tx.NewUpdate().Model(d).WherePK().Exec(ctx)
	return err
}
