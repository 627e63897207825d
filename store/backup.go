package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
)

// Backup writes all that is remembered, as of one moment, while others go on
// writing. It restores into either database.
func (s *Store) Backup(ctx context.Context, w io.Writer) (*Archived, error) {
	return s.archive(ctx, w, Head{Format: archiveFormat, Made: time.Now().UTC(), Backup: true})
}

// Export writes the inspections of a site, or of all for "", with what is
// known of their pages; another installation imports them.
func (s *Store) Export(ctx context.Context, w io.Writer, site string) (*Archived, error) {
	return s.archive(ctx, w, Head{Format: archiveFormat, Made: time.Now().UTC(), Site: site})
}

func (s *Store) archive(ctx context.Context, w io.Writer, h Head) (*Archived, error) {
	release, err := s.hold(ctx, "backup") // before the snapshot: what it names stays
	if err != nil {
		return nil, err
	}
	defer release()
	a, err := newArchiver(w, h)
	if err != nil {
		return nil, fmt.Errorf("archive: %w", err)
	}
	err = s.snapshot(ctx, func(ctx context.Context, tx bun.Tx) error {
		d := &dumper{Store: s, a: a, tx: tx}
		for _, part := range []func(context.Context) error{d.bodies, d.inspections, d.tables} {
			if err := part(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = a.end()
	}
	if err != nil {
		return nil, fmt.Errorf("archive: %w", hint(err, s.dir))
	}
	return &a.m.Archived, nil
}

// snapshot reads the database as it is at one moment and holds up no writer.
func (s *Store) snapshot(ctx context.Context, do func(context.Context, bun.Tx) error) error {
	if s.postgres {
		return s.db.RunInTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, do)
	}
	// The store's own connections begin every transaction as a writer.
	q := url.Values{"mode": {"ro"}, "_txlock": {"deferred"}, "_pragma": {"busy_timeout(10000)", "query_only(1)"}}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: filepath.Join(s.dir, "xunjian.db"), RawQuery: q.Encode()}).String())
	if err != nil {
		return err
	}
	defer db.Close()
	return bun.NewDB(db, sqlitedialect.New()).RunInTx(ctx, nil, do)
}

// A dumper writes rows of a snapshot to an archive.
type dumper struct {
	*Store
	a  *archiver
	tx bun.Tx
}

// bodies writes the bodies that the snapshot knows, or those of one site's
// events. One that is damaged already is left out and told.
func (d *dumper) bodies(ctx context.Context) error {
	q := d.tx.NewSelect().Model((*bodyRow)(nil)).Order("pack", "at")
	if site := d.a.m.Site; site != "" {
		q = q.Where("digest IN (SELECT CASE WHEN body <> '' THEN body ELSE digest END FROM events WHERE kept AND inspection IN (SELECT id FROM inspections WHERE site_id = ?))", site)
	}
	p, n := &pack{kept: map[string]bool{}}, 0
	flush := func() error {
		if len(p.buf) == 0 {
			return nil
		}
		n++
		err := d.a.add(fmt.Sprintf("bodies/%06d.pack", n), p.buf)
		p.buf = p.buf[:0]
		return err
	}
	err := each(ctx, d.db, q, func(r *bodyRow) error {
		data, err := d.ev.raw(r)
		if err == nil {
			_, err = d.ev.whole(r, data)
		}
		if err != nil {
			d.a.m.Damaged = append(d.a.m.Damaged, r.Digest)
			return nil
		}
		p.addPacked(r.Digest, r.Form, data)
		d.a.m.Bodies++
		d.a.m.Bytes += int64(len(data))
		if len(p.buf) < entryBytes {
			return nil
		}
		return flush()
	})
	return errors.Join(err, flush())
}

// each scans rows one by one; meanwhile their transaction can do nothing else.
func each[T any](ctx context.Context, db *bun.DB, q *bun.SelectQuery, do func(*T) error) error {
	rows, err := q.Rows(ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var row T
		if err := db.ScanRow(ctx, rows, &row); err != nil {
			return err
		}
		if err := do(&row); err != nil {
			return err
		}
	}
	return rows.Err()
}

// inspections writes each with its rows behind it, so that it can be taken in
// one transaction.
func (d *dumper) inspections(ctx context.Context) error {
	q := d.tx.NewSelect().Model((*inspectionRow)(nil)).Column("id").OrderExpr("started, id")
	if d.a.m.Site != "" {
		q = q.Where("site_id = ?", d.a.m.Site)
	}
	var ids []string
	if err := q.Scan(ctx, &ids); err != nil {
		return err
	}
	for i, id := range ids {
		row := &inspectionRow{ID: id}
		if err := d.tx.NewSelect().Model(row).WherePK().Scan(ctx); err != nil {
			return err
		}
		dir := fmt.Sprintf("inspections/%06d/", i+1)
		raw, err := toLine(row)
		if err != nil {
			return err
		}
		of := func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("inspection = ?", id) }
		err = errors.Join(d.a.add(dir+"inspection.json", raw), dump[eventRow](ctx, d, dir+"events", "seq", of), dump[findingRow](ctx, d, dir+"findings", "n", of))
		if err != nil {
			return err
		}
	}
	d.a.m.Inspections = len(ids)
	return nil
}

// tables writes the tables beside inspections.
func (d *dumper) tables(ctx context.Context) error {
	for _, t := range tables {
		if !d.a.m.Backup && !t.ofSite {
			continue
		}
		err := t.dump(ctx, d, func(q *bun.SelectQuery) *bun.SelectQuery {
			if d.a.m.Site != "" {
				q = q.Where("site = ?", d.a.m.Site)
			}
			return q
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// dump writes rows in order as entries of a name.
func dump[T any](ctx context.Context, d *dumper, name, order string, w where) error {
	l := &lines{a: d.a, name: name}
	q := w(d.tx.NewSelect().Model((*T)(nil)).OrderExpr(order))
	err := each(ctx, d.db, q, func(row *T) error { return l.add(row) })
	return errors.Join(err, l.flush())
}
