package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// Object notes what a unit says against a preview, while that is open.
func (s *Store) Object(ctx context.Context, o inspect.Objection) (out inspect.Objection, err error) {
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		b, err := s.bulletinRow(ctx, tx, o.Bulletin)
		switch {
		case err != nil:
			return err
		case b.State != string(inspect.Previewed) || nanos(o.At) > b.Closes:
			return ErrNotOpen
		}
		n, err := tx.NewSelect().Model((*objectionRow)(nil)).Where("bulletin = ?", o.Bulletin).Count(ctx)
		if err != nil {
			return err
		}
		o.N, o.Judge, o.Settled, o.Upheld, o.Decision = int(n)+1, inspect.Person{}, time.Time{}, false, ""
		row, err := objectionOf(&o)
		if err != nil {
			return err
		}
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			return err
		}
		out = o
		return s.audit(ctx, tx, Entry{At: o.At, Person: o.By, Act: "bulletin.object", Subject: o.Bulletin, Body: o})
	})
	return out, s.refusal("object", err)
}

// SettleObjection decides an objection.
func (s *Store) SettleObjection(ctx context.Context, bulletin string, n int, upheld bool, decision string, by inspect.Person, at time.Time) (out inspect.Objection, err error) {
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if b, err := s.bulletinRow(ctx, tx, bulletin); err != nil || b.State == string(inspect.Locked) {
			return errors.Join(err, lockedErr(b))
		}
		var rows []objectionRow
		if err := tx.NewSelect().Model(&rows).Where("bulletin = ? AND n = ? AND settled = 0", bulletin, n).Scan(ctx); err != nil {
			return err
		}
		if len(rows) == 0 {
			return ErrNoObjection
		}
		if out, err = rows[0].into(); err != nil {
			return err
		}
		out.Judge, out.Settled, out.Upheld, out.Decision = by, at.UTC(), upheld, decision
		row, err := objectionOf(&out)
		if err != nil {
			return err
		}
		if _, err := tx.NewUpdate().Model(&row).WherePK().Exec(ctx); err != nil {
			return err
		}
		return s.audit(ctx, tx, Entry{At: at, Person: by, Act: "bulletin.settle", Subject: bulletin, Body: out})
	})
	return out, s.refusal("settle", err)
}

func lockedErr(b *bulletinRow) error {
	if b == nil {
		return nil
	}
	return ErrLocked
}

func objectionOf(o *inspect.Objection) (objectionRow, error) {
	by, err1 := json.Marshal(o.By)
	judge, err2 := json.Marshal(o.Judge)
	return objectionRow{Bulletin: o.Bulletin, N: int64(o.N), CaseID: clean(o.Case), Unit: clean(o.Unit), Person: clean(string(by)), At: nanos(o.At), Why: clean(o.Why),
		Judge: clean(string(judge)), Settled: nanos(o.Settled), Upheld: o.Upheld, Decision: clean(o.Decision)}, errors.Join(err1, err2)
}

func (r *objectionRow) into() (o inspect.Objection, err error) {
	o = inspect.Objection{Bulletin: r.Bulletin, N: int(r.N), Case: r.CaseID, Unit: r.Unit, At: fromNanos(r.At), Why: r.Why, Settled: fromNanos(r.Settled), Upheld: r.Upheld, Decision: r.Decision}
	return o, errors.Join(json.Unmarshal([]byte(r.Person), &o.By), json.Unmarshal([]byte(r.Judge), &o.Judge))
}

// Bulletins are the newest, with their states.
func (s *Store) Bulletins(ctx context.Context, limit int) ([]inspect.Bulletin, error) {
	var rows []bulletinRow
	if err := s.db.NewSelect().Model(&rows).Order("made DESC", "id").Limit(int64(limit)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("bulletins: %w", hint(err, s.dir))
	}
	out := make([]inspect.Bulletin, len(rows))
	for i := range rows {
		out[i] = rows[i].into()
	}
	return out, nil
}

// Bulletin is the bulletin of an id with the names of its files and what was
// said against it; or [ErrNoBulletin]. What is locked is held against its digest.
func (s *Store) Bulletin(ctx context.Context, id string) (b inspect.Bulletin, files []inspect.BulletinFile, said []inspect.Objection, err error) {
	row, err := s.bulletinRow(ctx, s.db, id)
	if err != nil {
		return b, nil, nil, s.refusal("bulletin", err)
	}
	var fs []bulletinFileRow
	var os []objectionRow
	err = errors.Join(s.db.NewSelect().Model(&fs).Column("name", "digest").Where("bulletin = ?", id).Order("name").Scan(ctx),
		s.db.NewSelect().Model(&os).Where("bulletin = ?", id).Order("n").Scan(ctx))
	if err != nil {
		return b, nil, nil, fmt.Errorf("bulletin %s: %w", id, hint(err, s.dir))
	}
	for _, f := range fs {
		files = append(files, inspect.BulletinFile{Name: f.Name, Digest: f.Digest})
	}
	if row.Locked != 0 && filesDigest(files) != row.Digest {
		return b, nil, nil, fmt.Errorf("files of %s: %w", id, ErrDamaged)
	}
	for i := range os {
		o, err := os[i].into()
		if err != nil {
			return b, nil, nil, fmt.Errorf("objection %d to %s: %w", os[i].N, id, err)
		}
		said = append(said, o)
	}
	return row.into(), files, said, nil
}

// BulletinFile is a file of a bulletin, held against its digest.
func (s *Store) BulletinFile(ctx context.Context, id, name string) ([]byte, error) {
	var rows []bulletinFileRow
	if err := s.db.NewSelect().Model(&rows).Where("bulletin = ? AND name = ?", id, name).Scan(ctx); err != nil {
		return nil, fmt.Errorf("bulletin %s: %w", id, hint(err, s.dir))
	}
	if len(rows) == 0 {
		return nil, ErrNoBulletin
	}
	if digestOf(rows[0].Data) != rows[0].Digest {
		return nil, fmt.Errorf("%s of %s: %w", name, id, ErrDamaged)
	}
	return rows[0].Data, nil
}
