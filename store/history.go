package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// History are the last complete inspections of a site that began before one of
// it, n at most, oldest first, with the faults of some checks. Those that read
// no page are left out: they say nothing of any.
func (s *Store) History(ctx context.Context, in *inspect.Inspection, checks []string, n int) ([]inspect.Round, error) {
	if len(checks) == 0 || n <= 0 {
		return nil, nil
	}
	rows, err := s.list(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Column("id", "now", "rulebook_digest", "counts").Where("site_id = ? AND scope = '' AND complete = ? AND started < ? AND id <> ?", in.Site.ID, true, nanos(in.Started), in.ID).
			Where("counts NOT LIKE ?", `{"Fetched":0,%`).Limit(int64(n))
	})
	if err != nil {
		return nil, err
	}
	var out []inspect.Round
	for i := range rows {
		r := inspect.Round{ID: rows[i].ID, Now: fromNanos(rows[i].Now), Rules: rows[i].RulebookDigest}
		if err := json.Unmarshal([]byte(rows[i].Counts), &r.Counts); err != nil {
			return nil, fmt.Errorf("counts of %s: %w", r.ID, err)
		}
		if r.Faults, err = s.traces(ctx, r.ID, checks); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	slices.Reverse(out)
	return out, nil
}

// traces are the faults of some checks that an inspection left standing.
func (s *Store) traces(ctx context.Context, id string, checks []string) (out []inspect.Trace, err error) {
	var rows []findingRow
	err = s.db.NewSelect().Model(&rows).Column("check_id", "class", "fingerprint", "value").
		Where("inspection = ? AND outcome = ? AND state <> ? AND check_id IN (?)", id, string(inspect.Fail), string(inspect.SeenOnce), bun.List(checks)).
		Order("n").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("findings of %s: %w", id, hint(err, s.dir))
	}
	for i := range rows {
		out = append(out, inspect.Trace{Check: rows[i].CheckID, Class: rows[i].Class, Fingerprint: rows[i].Fingerprint, Value: rows[i].Value})
	}
	return out, nil
}
