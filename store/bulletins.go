package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// The refusals of a bulletin's life.
var (
	ErrNoBulletin  = errors.New("没有这份通报")
	ErrLocked      = errors.New("已经定稿，不能再改；更正须另出一期")
	ErrNotOpen     = errors.New("不在异议期内")
	ErrWindow      = errors.New("异议期还没有结束")
	ErrNotPreview  = errors.New("还没有预告给各单位")
	ErrUnsettled   = errors.New("还有异议没有裁定")
	ErrNoObjection = errors.New("没有这条异议，或已经裁定")
	ErrNumberTaken = errors.New("这个文号已经用过")
)

// BulletinRefusals are all of them.
var BulletinRefusals = []error{ErrNoBulletin, ErrLocked, ErrNotOpen, ErrWindow, ErrNotPreview, ErrUnsettled, ErrNoObjection, ErrNumberTaken}

type bulletinRow struct {
	bun.BaseModel `bun:"table:bulletins,alias:b"`

	ID       string `bun:",pk"`
	Kind     string
	Period   string
	Unit     string
	Issue    int64
	State    string
	Number   string
	Made     int64
	Closes   int64
	Locked   int64
	Digest   string
	Corrects string
	Options  string
}

type bulletinFileRow struct {
	bun.BaseModel `bun:"table:bulletin_files,alias:bf"`

	Bulletin string `bun:",pk"`
	Name     string `bun:",pk"`
	Digest   string
	Data     []byte
}

type objectionRow struct {
	bun.BaseModel `bun:"table:objections,alias:o"`

	Bulletin string `bun:",pk"`
	N        int64  `bun:",pk"`
	CaseID   string
	Unit     string
	Person   string
	At       int64
	Why      string
	Judge    string
	Settled  int64
	Upheld   bool
	Decision string
}

func (r *bulletinRow) into() inspect.Bulletin {
	return inspect.Bulletin{ID: r.ID, Kind: r.Kind, Period: r.Period, Unit: r.Unit, Issue: int(r.Issue), State: inspect.BulletinState(r.State), Number: r.Number, Made: fromNanos(r.Made),
		Closes: fromNanos(r.Closes), Locked: fromNanos(r.Locked), Digest: r.Digest, Corrects: r.Corrects, Options: json.RawMessage(r.Options)}
}

// Draft keeps a draft of a kind, period and unit, in place of one that is not
// locked; after one that is locked it is a correction, the next issue.
func (s *Store) Draft(ctx context.Context, b inspect.Bulletin, files []inspect.BulletinFile) (out inspect.Bulletin, err error) {
	err = s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		var rows []bulletinRow
		err := tx.NewSelect().Model(&rows).Where("kind = ? AND period = ? AND unit = ?", b.Kind, b.Period, b.Unit).Order("issue DESC").Limit(1).Scan(ctx)
		if err != nil {
			return err
		}
		row := bulletinRow{Kind: b.Kind, Period: b.Period, Unit: clean(b.Unit), Issue: 1, State: string(inspect.Drafted), Made: nanos(b.Made), Options: clean(string(b.Options))}
		switch {
		case len(rows) == 0:
		case rows[0].State == string(inspect.Locked):
			row.Issue, row.Corrects = rows[0].Issue+1, rows[0].ID
		default:
			row.Issue, row.Corrects, row.State, row.Closes = rows[0].Issue, rows[0].Corrects, rows[0].State, rows[0].Closes
		}
		row.ID = bulletinID(&row)
		_, err = tx.NewInsert().Model(&row).On("CONFLICT (id) DO UPDATE").Set("made = EXCLUDED.made, options = EXCLUDED.options").Exec(ctx)
		if err != nil {
			return err
		}
		out = row.into()
		return putFiles(ctx, tx, row.ID, files)
	})
	if err != nil {
		return out, fmt.Errorf("draft: %w", hint(err, s.dir))
	}
	return out, nil
}

// bulletinID names a bulletin: notice-2026-10, its correction notice-2026-10-2,
// that of one unit notice-2026-10-u1a2b3c4d.
func bulletinID(r *bulletinRow) string {
	id := r.Kind + "-" + r.Period
	if r.Unit != "" {
		sum := sha256.Sum256([]byte(r.Unit))
		id += "-u" + hex.EncodeToString(sum[:4])
	}
	if r.Issue > 1 {
		id += fmt.Sprintf("-%d", r.Issue)
	}
	return id
}

// putFiles keeps the files of a bulletin, and notes their digests in them.
func putFiles(ctx context.Context, tx bun.Tx, id string, files []inspect.BulletinFile) error {
	if _, err := tx.NewDelete().Model((*bulletinFileRow)(nil)).Where("bulletin = ?", id).Exec(ctx); err != nil {
		return err
	}
	for i := range files {
		f := &files[i]
		f.Name, f.Digest = clean(f.Name), digestOf(f.Data)
		row := bulletinFileRow{Bulletin: id, Name: f.Name, Digest: f.Digest, Data: f.Data}
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// filesDigest is over names and digests: whoever has the files can compute it.
func filesDigest(files []inspect.BulletinFile) string {
	var lines []string
	for _, f := range files {
		lines = append(lines, f.Digest+"  "+f.Name+"\n")
	}
	slices.Sort(lines)
	return digestOf([]byte(strings.Join(lines, "")))
}

// Preview shows a draft to units: they may object until it closes.
func (s *Store) Preview(ctx context.Context, id string, closes time.Time, by inspect.Person, at time.Time) error {
	return s.change(ctx, "preview", id, by, at, func(ctx context.Context, tx bun.Tx, row *bulletinRow) error {
		row.State, row.Closes = string(inspect.Previewed), nanos(closes)
		return nil
	})
}

// Lock issues a bulletin with its number and its final files. Its window must
// have closed and every objection have been settled.
func (s *Store) Lock(ctx context.Context, id, number string, files []inspect.BulletinFile, by inspect.Person, at time.Time) error {
	return s.change(ctx, "lock", id, by, at, func(ctx context.Context, tx bun.Tx, row *bulletinRow) error {
		switch {
		case row.State != string(inspect.Previewed):
			return ErrNotPreview
		case nanos(at) < row.Closes:
			return ErrWindow
		}
		open, err := tx.NewSelect().Model((*objectionRow)(nil)).Where("bulletin = ? AND settled = 0", id).Count(ctx)
		if err != nil {
			return err
		}
		if open > 0 {
			return ErrUnsettled
		}
		taken, err := tx.NewSelect().Model((*bulletinRow)(nil)).Where("number = ? AND number <> ''", number).Count(ctx)
		if err != nil {
			return err
		}
		if taken > 0 {
			return ErrNumberTaken
		}
		if err := putFiles(ctx, tx, id, files); err != nil {
			return err
		}
		row.State, row.Number, row.Locked, row.Digest = string(inspect.Locked), clean(number), nanos(at), filesDigest(files)
		return nil
	})
}

// change moves a bulletin that is not locked on, and enters it in the audit log.
func (s *Store) change(ctx context.Context, act, id string, by inspect.Person, at time.Time, do func(context.Context, bun.Tx, *bulletinRow) error) error {
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		row, err := s.bulletinRow(ctx, tx, id)
		if err != nil {
			return err
		}
		if row.State == string(inspect.Locked) {
			return ErrLocked
		}
		if err := do(ctx, tx, row); err != nil {
			return err
		}
		if _, err := tx.NewUpdate().Model(row).WherePK().Exec(ctx); err != nil {
			return err
		}
		return s.audit(ctx, tx, Entry{At: at, Person: by, Act: "bulletin." + act, Subject: id, Body: row.into()})
	})
	return s.refusal(act, err)
}

// refusals are told as they are; everything else is our own trouble.
func (s *Store) refusal(act string, err error) error {
	for _, e := range BulletinRefusals {
		if errors.Is(err, e) {
			return err
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", act, hint(err, s.dir))
	}
	return nil
}

func (s *Store) bulletinRow(ctx context.Context, db bun.IDB, id string) (*bulletinRow, error) {
	var rows []bulletinRow
	q := db.NewSelect().Model(&rows).Where("id = ?", id)
	if _, inTx := db.(bun.Tx); inTx && s.postgres {
		q = q.For("UPDATE")
	}
	if err := q.Scan(ctx); err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, ErrNoBulletin
	}
	return &rows[0], nil
}
