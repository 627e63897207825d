package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

type keptRow struct {
	bun.BaseModel `bun:"table:answers,alias:an"`

	Person  string `bun:",pk"`
	Key     string `bun:",pk"`
	Request string
	At      int64
	Status  int
	Header  string // as JSON
	Body    string
}

// How long an answer is kept, and after how long one that never came is given up.
const (
	answerKept  = 24 * time.Hour
	answerGiven = 2 * time.Minute
)

// ClaimAnswer takes a person's key for a request. It is nil when the key is his
// now; else the answer that the key stands for, without a status while it is
// being made.
func (s *Store) ClaimAnswer(ctx context.Context, person, key, request string, now time.Time) (a *inspect.Answer, err error) {
	row := &keptRow{Person: clean(person), Key: clean(key), Request: request, At: nanos(now), Header: "{}"}
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		old := tx.NewDelete().Model((*keptRow)(nil)).Where("at < ? OR status = 0 AND at < ?", nanos(now.Add(-answerKept)), nanos(now.Add(-answerGiven)))
		if _, err := old.Exec(ctx); err != nil {
			return err
		}
		res, err := tx.NewInsert().Model(row).On("CONFLICT (person, key) DO NOTHING").Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n > 0 {
			return err
		}
		if err := tx.NewSelect().Model(row).WherePK().Scan(ctx); err != nil {
			return err
		}
		a = &inspect.Answer{Request: row.Request, Status: row.Status, Body: row.Body}
		return json.Unmarshal([]byte(row.Header), &a.Header)
	})
	if err != nil {
		return nil, fmt.Errorf("answer: %w", hint(err, s.dir))
	}
	return a, nil
}

// KeepAnswer keeps the answer that a claimed key stands for; nil gives the key
// back.
func (s *Store) KeepAnswer(ctx context.Context, person, key string, a *inspect.Answer) error {
	row := &keptRow{Person: clean(person), Key: clean(key)}
	var err error
	if a == nil {
		_, err = s.db.NewDelete().Model(row).WherePK().Exec(ctx)
	} else {
		var header []byte
		if header, err = json.Marshal(a.Header); err == nil {
			row.Status, row.Header, row.Body = a.Status, string(header), clean(a.Body)
			_, err = s.db.NewUpdate().Model(row).Column("status", "header", "body").WherePK().Exec(ctx)
		}
	}
	if err != nil {
		return fmt.Errorf("answer: %w", hint(err, s.dir))
	}
	return nil
}
