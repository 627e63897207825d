package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/uptrace/bun"
)

// An Imported says what was taken from an archive.
type Imported struct {
	Archived    Archived // what it holds
	Inspections int      // taken
	Had         int      // of the same id, left as they were
	Bodies      int64    // taken; the others were there
}

// Import takes the inspections of an archive into a store that is in use. The
// archive is read to its end before anything changes; then each inspection is
// taken in a transaction. One whose id is known stays as it is, so the same
// archive may be imported again.
func (s *Store) Import(ctx context.Context, file io.ReadSeeker) (*Imported, error) {
	m, err := s.ev.verifyFile(file)
	if err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	release, err := s.hold(ctx, "import") // bodies come before who names them
	if err != nil {
		return nil, err
	}
	defer release()
	l := &loader{Store: s, guest: true, out: &Imported{Archived: m.Archived}, do: func(ctx context.Context, fn func(context.Context, bun.Tx) error) error {
		return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			if err := s.naming(ctx, tx); err != nil {
				return err
			}
			return fn(ctx, tx)
		})
	}}
	if err := l.load(ctx, file); err != nil {
		return nil, fmt.Errorf("import: %w", hint(err, s.dir))
	}
	return l.out, nil
}

// Restore makes a data directory, and with an address the tables in a database,
// of a backup. What is not empty is refused. All is made in a temporary place
// first, so that a failure leaves nothing behind.
func Restore(ctx context.Context, file io.ReadSeeker, dir, database string) (out *Imported, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("restore: %w", err)
	}
	if names, err := os.ReadDir(dir); err == nil && len(names) > 0 {
		return nil, fmt.Errorf("数据目录 %s 不是空的：恢复不会覆盖已有的数据，请另给一个目录", dir)
	} else if err != nil && !os.IsNotExist(err) {
		return nil, fmt.Errorf("restore: %w", hint(err, dir))
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o750); err != nil {
		return nil, fmt.Errorf("restore: %w", hint(err, dir))
	}
	temp, err := os.MkdirTemp(filepath.Dir(dir), ".xunjian-restore-")
	if err != nil {
		return nil, fmt.Errorf("restore: %w", hint(err, dir))
	}
	defer os.RemoveAll(temp)
	if err := os.Chmod(temp, 0o750); err != nil {
		return nil, fmt.Errorf("restore: %w", err)
	}
	ev, err := newEvidence(filepath.Join(temp, "evidence"))
	if err != nil {
		return nil, err
	}
	m, err := ev.verifyFile(file) // before a database is touched
	if err != nil {
		return nil, fmt.Errorf("restore: %w", err)
	}
	s, err := Open(ctx, temp, database)
	if err != nil {
		return nil, err
	}
	l := &loader{Store: s, out: &Imported{Archived: m.Archived}}
	if database == "" {
		l.do = func(ctx context.Context, fn func(context.Context, bun.Tx) error) error {
			return s.db.RunInTx(ctx, nil, fn)
		}
		if err = errors.Join(l.load(ctx, file), s.Close()); err == nil {
			err = place(temp, dir)
		}
	} else {
		err = errors.Join(l.inOne(ctx, file, dir), s.Close())
	}
	if err != nil {
		return nil, fmt.Errorf("restore: %w", hint(err, dir))
	}
	return l.out, nil
}

// inOne fills an empty database in one transaction. The evidence is put in its
// place before the commit, and taken back if that fails.
func (l *loader) inOne(ctx context.Context, file io.ReadSeeker, dir string) error {
	placed := false
	err := l.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		for _, name := range append([]string{"inspections", "bodies"}, names()...) {
			var n int
			if err := tx.NewRaw("SELECT COUNT(*) FROM ?", bun.Ident(name)).Scan(ctx, &n); err != nil {
				return err
			}
			if n > 0 {
				return fmt.Errorf("数据库不是空的（%s 有 %d 行）：恢复不会覆盖已有的数据，请另给一个数据库", name, n)
			}
		}
		l.do = func(ctx context.Context, fn func(context.Context, bun.Tx) error) error { return fn(ctx, tx) }
		if err := l.load(ctx, file); err != nil {
			return err
		}
		placed = true
		return place(l.dir, dir)
	})
	if err != nil && placed {
		return errors.Join(err, os.RemoveAll(dir))
	}
	return err
}

func names() (out []string) {
	for _, t := range tables {
		out = append(out, t.name)
	}
	return out
}

// place renames a finished directory to where it belongs.
func place(temp, dir string) error {
	if err := os.Remove(dir); err != nil && !os.IsNotExist(err) { // an empty one
		return err
	}
	if err := os.Rename(temp, dir); err != nil {
		return err
	}
	d, err := os.Open(filepath.Dir(dir))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (e *evidence) verifyFile(file io.ReadSeeker) (*manifest, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return e.verify(file)
}

// A loader takes what an archive holds.
type loader struct {
	*Store
	guest bool // what is loaded comes from elsewhere
	out   *Imported
	do    func(context.Context, func(context.Context, bun.Tx) error) error // in a transaction

	pack    *pack
	current []part // of the inspection that is being read
}

// A part is an entry of an inspection.
type part struct {
	name string
	data []byte
}

var partForm = regexp.MustCompile(`^(?:inspections/[0-9]{6,}/(inspection\.json|(?:events|findings)-[0-9]{6,}\.jsonl)|tables/([a-z_]+)-[0-9]{6,}\.jsonl|(bodies)/[0-9]{6,}\.pack|xunjian\.json)$`)

// load reads the archive again and takes its rows.
func (l *loader) load(ctx context.Context, file io.ReadSeeker) error {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	defer l.closePack()
	_, err := readArchive(file, func(name string, data []byte) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		m := partForm.FindStringSubmatch(name)
		switch { // verify knew every name
		case m[1] != "":
			return l.part(ctx, m[1], data)
		case m[2] != "":
			return errors.Join(l.inspection(ctx), l.table(ctx, m[2], data))
		case m[3] != "":
			return l.bodies(ctx, data)
		}
		return nil
	})
	return errors.Join(err, l.closePack(), okThen(err, func() error { return errors.Join(l.inspection(ctx), l.do(ctx, l.retally)) }))
}

func okThen(err error, do func() error) error {
	if err != nil {
		return nil // it is told already
	}
	return do()
}

// bodies packs those that the store does not have.
func (l *loader) bodies(ctx context.Context, data []byte) error {
	var all []string
	if err := eachBody(data, func(digest, _ string, _ []byte) error { all = append(all, digest); return nil }); err != nil {
		return err
	}
	return l.do(ctx, func(ctx context.Context, tx bun.Tx) error {
		var known []string
		if err := tx.NewSelect().Model((*bodyRow)(nil)).Column("digest").Where("digest IN (?)", bun.List(all)).Scan(ctx, &known); err != nil {
			return err
		}
		had := map[string]bool{}
		for _, d := range known {
			had[d] = true
		}
		rows, err := l.keep(data, had)
		if err != nil || len(rows) == 0 {
			return err
		}
		l.out.Bodies += int64(len(rows))
		_, err = tx.NewInsert().Model(&rows).Exec(ctx)
		return err
	})
}

func (l *loader) keep(data []byte, had map[string]bool) (rows []bodyRow, err error) {
	err = eachBody(data, func(digest, form string, packed []byte) error {
		if had[digest] {
			return nil
		}
		had[digest] = true
		if l.pack == nil {
			var err error
			if l.pack, err = l.ev.newPack("import-" + strings.ToLower(rand.Text())); err != nil {
				return err
			}
		}
		rows = append(rows, *l.pack.addPacked(digest, form, packed))
		if len(l.pack.buf) < packBuffer {
			return nil
		}
		return l.pack.write()
	})
	if err == nil && l.pack != nil {
		err = l.pack.flush()
	}
	return rows, err
}

func (l *loader) closePack() error {
	if l.pack == nil {
		return nil
	}
	err := l.pack.f.Close()
	l.pack = nil
	return err
}

// part gathers the entries of an inspection; its first one ends the one before.
func (l *loader) part(ctx context.Context, name string, data []byte) error {
	if name == "inspection.json" {
		if err := l.inspection(ctx); err != nil {
			return err
		}
	} else if len(l.current) == 0 {
		return fmt.Errorf("%w：%s 不属于任何检查", ErrArchive, name)
	}
	l.current = append(l.current, part{name, data})
	return nil
}

// inspection takes the one that was gathered, if there is one.
func (l *loader) inspection(ctx context.Context) error {
	parts := l.current
	l.current = nil
	if len(parts) == 0 {
		return nil
	}
	row := &inspectionRow{}
	dec := json.NewDecoder(bytes.NewReader(parts[0].data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(row); err != nil {
		return fmt.Errorf("%w：检查有误，或由更新的版本写成：%w", ErrArchive, err)
	}
	return l.do(ctx, func(ctx context.Context, tx bun.Tx) error {
		res, err := tx.NewInsert().Model(row).On("CONFLICT (id) DO NOTHING").Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			l.out.Had++
			return err
		}
		l.out.Inspections++
		for _, p := range parts[1:] {
			if strings.HasPrefix(p.name, "events") {
				err = load[eventRow](ctx, tx, p.data, "")
			} else {
				err = load[findingRow](ctx, tx, p.data, "")
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (l *loader) table(ctx context.Context, name string, data []byte) error {
	t := tableOf(name)
	if t.own && l.guest {
		return nil
	}
	return l.do(ctx, func(ctx context.Context, tx bun.Tx) error { return t.load(ctx, tx, data) })
}
