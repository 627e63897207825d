package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// ErrHeld says that a backup or an import is under way, so nothing is pruned.
var ErrHeld = errors.New("正在备份或导入，暂不清理")

// bodiesKey is the advisory lock between who names bodies and who deletes them.
const bodiesKey = 0x78756e6a69616e

// naming makes a transaction one that may name bodies. SQLite has one writer
// at a time; in PostgreSQL a transaction that prunes does not see the events
// that another has not committed yet, so the two wait for each other.
func (s *Store) naming(ctx context.Context, tx bun.Tx) error {
	if !s.postgres {
		return nil
	}
	_, err := tx.NewRaw("SELECT pg_advisory_xact_lock_shared(?)", bodiesKey).Exec(ctx)
	return err
}

// pruning makes a transaction one that may delete bodies.
func (s *Store) pruning(ctx context.Context, tx bun.Tx, do func() error) error {
	if s.postgres {
		if _, err := tx.NewRaw("SELECT pg_advisory_xact_lock(?)", bodiesKey).Exec(ctx); err != nil {
			return err
		}
	}
	if err := held(ctx, tx); err != nil {
		return err
	}
	return do()
}

// A holdRow stands while a backup reads or an import writes.
type holdRow struct {
	bun.BaseModel `bun:"table:holds,alias:h"`

	ID   string `bun:",pk"`
	Why  string
	Ends int64
}

// holdTime is how long the hold of a process that was killed stands.
const holdTime = 12 * time.Hour

// hold keeps everything from being pruned until release.
func (s *Store) hold(ctx context.Context, why string) (release func(), err error) {
	row := &holdRow{ID: rand.Text(), Why: why, Ends: time.Now().Add(holdTime).UnixNano()}
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := s.naming(ctx, tx); err != nil {
			return err
		}
		_, err := tx.NewInsert().Model(row).Exec(ctx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("hold: %w", hint(err, s.dir))
	}
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		// One that cannot be taken back ends by itself.
		_, _ = s.db.NewDelete().Model(row).WherePK().Exec(ctx)
	}, nil
}

// held is [ErrHeld] while somebody holds the store.
func held(ctx context.Context, db bun.IDB) error {
	n, err := db.NewSelect().Model((*holdRow)(nil)).Where("ends > ?", time.Now().UnixNano()).Count(ctx)
	if err == nil && n > 0 {
		err = ErrHeld
	}
	return err
}
