package store

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// An Incident is trouble of our own, or what looks like it: while it is open,
// nobody else is accused for it.
type Incident struct {
	ID     string    `json:"id"`
	Kind   string    `json:"kind"` // line, wave, canary, collector
	Detail string    `json:"detail"`
	Begun  time.Time `json:"begun"`
	Seen   time.Time `json:"seen"` // last
	Ended  time.Time `json:"ended,omitzero"`
}

type incidentRow struct {
	bun.BaseModel `bun:"table:incidents,alias:n"`

	ID     string `bun:",pk"`
	Kind   string
	Detail string
	Begun  int64
	Seen   int64
	Ended  int64
}

// OpenIncident notes trouble of a kind. While one of the kind is open, that
// one is seen again; isNew tells a new one, which is worth an alarm.
func (s *Store) OpenIncident(ctx context.Context, kind, detail string, now time.Time) (isNew bool, err error) {
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		res, err := tx.NewUpdate().Model((*incidentRow)(nil)).Set("seen = ?", nanos(now)).Set("detail = ?", clean(detail)).Where("kind = ? AND ended = 0", kind).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n > 0 {
			return err
		}
		isNew = true
		row := &incidentRow{ID: kind + "-" + now.UTC().Format("20060102T150405.000"), Kind: kind, Detail: clean(detail), Begun: nanos(now), Seen: nanos(now)}
		_, err = tx.NewInsert().Model(row).On("CONFLICT (id) DO NOTHING").Exec(ctx)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("incident: %w", hint(err, s.dir))
	}
	return isNew, nil
}

// EndIncident ends the open incident of a kind, and reports whether there was one.
func (s *Store) EndIncident(ctx context.Context, kind string, now time.Time) (bool, error) {
	res, err := s.db.NewUpdate().Model((*incidentRow)(nil)).Set("ended = ?", nanos(now)).Where("kind = ? AND ended = 0", kind).Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("incident: %w", hint(err, s.dir))
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// Incidents are the newest, open ones first.
func (s *Store) Incidents(ctx context.Context, limit int) ([]Incident, error) {
	var rows []incidentRow
	if err := s.db.NewSelect().Model(&rows).OrderExpr("CASE WHEN ended = 0 THEN 0 ELSE 1 END, begun DESC").Limit(int64(limit)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("incidents: %w", hint(err, s.dir))
	}
	out := make([]Incident, len(rows))
	for i, r := range rows {
		out[i] = Incident{r.ID, r.Kind, r.Detail, fromNanos(r.Begun), fromNanos(r.Seen), fromNanos(r.Ended)}
	}
	return out, nil
}
