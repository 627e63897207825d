package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// An alertRow is a row of alerts; body is all of the alert.
type alertRow struct {
	bun.BaseModel `bun:"table:alerts,alias:a"`

	ID      string `bun:",pk"`
	About   string
	Due     int64
	Message string // that it is in; empty: it waits
	Told    int64
	Body    string
}

func alertOf(a *inspect.Alert) (alertRow, error) {
	body, err := json.Marshal(a)
	return alertRow{ID: a.ID, About: clean(a.Key), Due: nanos(a.Due), Body: clean(string(body))}, err
}

func alertsIn(rows []alertRow) ([]inspect.Alert, error) {
	out := make([]inspect.Alert, len(rows))
	for i := range rows {
		if err := json.Unmarshal([]byte(rows[i].Body), &out[i]); err != nil {
			return nil, fmt.Errorf("alert %s: %w", rows[i].ID, err)
		}
		out[i].Told = fromNanos(rows[i].Told)
	}
	return out, nil
}

// Untold are the oldest steps that nobody was told of yet, with their cases.
func (s *Store) Untold(ctx context.Context, limit int) ([]inspect.Step, map[string]inspect.Case, error) {
	var rows []stepRow
	if err := s.db.NewSelect().Model(&rows).Where("NOT told").Order("at", "case_id", "n").Limit(int64(limit)).Scan(ctx); err != nil {
		return nil, nil, fmt.Errorf("untold steps: %w", hint(err, s.dir))
	}
	steps := make([]inspect.Step, len(rows))
	var prints []string
	for i := range rows {
		if err := json.Unmarshal([]byte(rows[i].Body), &steps[i]); err != nil {
			return nil, nil, fmt.Errorf("step %d of %s: %w", rows[i].N, rows[i].CaseID, err)
		}
		prints = append(prints, rows[i].CaseID)
	}
	slices.Sort(prints)
	cases, err := s.casesOf(ctx, s.db, slices.Compact(prints), false)
	return steps, cases, err
}

// AlertsAbout are the alerts about some keys, those that were told first, first.
func (s *Store) AlertsAbout(ctx context.Context, keys []string) ([]inspect.Alert, error) {
	var all []alertRow
	for part := range slices.Chunk(keys, batchRows) {
		var rows []alertRow
		if err := s.db.NewSelect().Model(&rows).Where("about IN (?)", bun.List(part)).Order("told", "id").Scan(ctx); err != nil {
			return nil, fmt.Errorf("alerts: %w", hint(err, s.dir))
		}
		all = append(all, rows...)
	}
	return alertsIn(all)
}

// Plan adds alerts, drops those of the ids that still wait, and marks steps as
// told: all or nothing. What is there already stays as it is.
func (s *Store) Plan(ctx context.Context, add []inspect.Alert, drop []string, steps []inspect.Step) error {
	rows := make([]alertRow, len(add))
	for i := range add {
		var err error
		if rows[i], err = alertOf(&add[i]); err != nil {
			return fmt.Errorf("alert %s: %w", add[i].ID, err)
		}
	}
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		for part := range slices.Chunk(drop, batchRows) {
			if _, err := tx.NewDelete().Model((*alertRow)(nil)).Where("id IN (?) AND message = ''", bun.List(part)).Exec(ctx); err != nil {
				return err
			}
		}
		for part := range slices.Chunk(rows, batchRows) {
			if _, err := tx.NewInsert().Model(&part).On("CONFLICT (id) DO NOTHING").Exec(ctx); err != nil {
				return err
			}
		}
		for i := range steps {
			if _, err := tx.NewUpdate().Model((*stepRow)(nil)).Set("told = TRUE").Where("case_id = ? AND n = ?", steps[i].Case, steps[i].N).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("alerts: %w", hint(err, s.dir))
	}
	return nil
}

// Waiting are the alerts in no message that are due before a time; the zero
// time takes all.
func (s *Store) Waiting(ctx context.Context, due time.Time) ([]inspect.Alert, error) {
	var rows []alertRow
	q := s.db.NewSelect().Model(&rows).Where("message = ''").Order("due", "id")
	if !due.IsZero() {
		q = q.Where("due <= ?", nanos(due))
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("waiting alerts: %w", hint(err, s.dir))
	}
	return alertsIn(rows)
}

// A silenceRow is a row of silences.
type silenceRow struct {
	bun.BaseModel `bun:"table:silences,alias:l"`

	ID      string `bun:",pk"`
	Unit    string
	Site    string
	CheckID string
	About   string
	Why     string
	Person  string
	Begins  int64
	Until   int64
}

// Silence keeps alerts back until it ends, and is entered in the audit log.
func (s *Store) Silence(ctx context.Context, l inspect.Silence, by inspect.Person) error {
	row := &silenceRow{ID: l.ID, Unit: clean(l.Unit), Site: clean(l.Site), CheckID: clean(l.Check), About: clean(l.Key), Why: clean(l.Why), Person: clean(l.By), Begins: nanos(l.From), Until: nanos(l.Until)}
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewInsert().Model(row).Exec(ctx); err != nil {
			return err
		}
		return s.audit(ctx, tx, Entry{At: l.From, Person: by, Act: "silence.begin", Subject: l.ID, Body: l})
	})
	if err != nil {
		return fmt.Errorf("silence: %w", hint(err, s.dir))
	}
	return nil
}

// ErrNoSilence says that there is no silence of an id that is in force.
var ErrNoSilence = errors.New("没有这项生效中的静默")

// EndSilence ends a silence now.
func (s *Store) EndSilence(ctx context.Context, id string, by inspect.Person, now time.Time) error {
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		res, err := tx.NewUpdate().Model((*silenceRow)(nil)).Set("until = ?", nanos(now)).Where("id = ? AND until > ?", id, nanos(now)).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrNoSilence)
		}
		return s.audit(ctx, tx, Entry{At: now, Person: by, Act: "silence.end", Subject: id})
	})
	if err != nil && !errors.Is(err, ErrNoSilence) {
		err = fmt.Errorf("silence: %w", hint(err, s.dir))
	}
	return err
}

// Silences are those that are not over, the first to end first.
func (s *Store) Silences(ctx context.Context, now time.Time) ([]inspect.Silence, error) {
	var rows []silenceRow
	if err := s.db.NewSelect().Model(&rows).Where("until > ?", nanos(now)).Order("until", "id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("silences: %w", hint(err, s.dir))
	}
	out := make([]inspect.Silence, len(rows))
	for i, r := range rows {
		out[i] = inspect.Silence{ID: r.ID, Unit: r.Unit, Site: r.Site, Check: r.CheckID, Key: r.About, Why: r.Why, By: r.Person, From: fromNanos(r.Begins), Until: fromNanos(r.Until)}
	}
	return out, nil
}
