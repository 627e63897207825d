package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"github.com/uptrace/bun/schema"
	_ "modernc.org/sqlite" // the embedded database
)

//go:embed migrations
var migrations embed.FS

// A Store is an open data directory with its database. It may be used by
// several goroutines, and by several processes at once.
type Store struct {
	dir string
	db  *bun.DB
	ev  *evidence

	watch Watcher // nil: nobody watches

	postgres  bool
	mu        sync.Mutex
	recorders map[*Recorder]bool // that are not finished

	standing, dials lastKnown
}

// Open opens a data directory, makes it if there is none, and brings its
// database up to date. database is "" for SQLite in the directory, or the
// address of a PostgreSQL database.
func Open(ctx context.Context, dir, database string) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("数据目录 %s 无法创建，请检查路径与权限：%w", dir, err)
	}
	ev, err := newEvidence(filepath.Join(dir, "evidence"))
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, ev: ev, recorders: map[*Recorder]bool{}}
	s.postgres = database != ""
	if !s.postgres {
		err = s.openSQLite(ctx)
	} else {
		err = s.openPostgres(ctx, database)
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// openSQLite opens the embedded database. Every pooled connection needs the
// pragmas, so they stand in the address.
func (s *Store) openSQLite(ctx context.Context) error {
	file := filepath.Join(s.dir, "xunjian.db")
	q := url.Values{"_txlock": {"immediate"}, "_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(1)"}}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: file, RawQuery: q.Encode()}).String())
	if err != nil {
		return fmt.Errorf("open %s: %w", file, err)
	}
	db.SetMaxOpenConns(4)
	db.SetMaxIdleConns(4)
	if err := s.migrate(ctx, db, goose.DialectSQLite3, "migrations/sqlite", sqlitedialect.New()); err != nil {
		return errors.Join(fmt.Errorf("数据库 %s 无法打开：%w", file, hint(err, s.dir)), db.Close())
	}
	return nil
}

// openPostgres opens a shared database. Its password stands in no message.
func (s *Store) openPostgres(ctx context.Context, database string) error {
	u, err := url.Parse(database)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return errors.New("数据库地址应以 postgres:// 开头，如 postgres://用户:密码@主机:5432/库名；使用 SQLite 时留空")
	}
	cfg, err := pgx.ParseConfig(database)
	if err != nil {
		return fmt.Errorf("数据库地址 %s 不正确，应如 postgres://用户:密码@主机:5432/库名", redacted(u))
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = 10 * time.Second
	}
	db := stdlib.OpenDB(*cfg)
	db.SetMaxOpenConns(16)
	if err := s.migrate(ctx, db, goose.DialectPostgres, "migrations/postgres", pgdialect.New()); err != nil {
		return errors.Join(fmt.Errorf("数据库 %s 无法使用，请检查地址、账号以及服务是否运行：%w", redacted(u), err), db.Close())
	}
	return nil
}

func redacted(u *url.URL) string {
	c := *u
	c.RawQuery = "" // it may hold a password too
	return c.Redacted()
}

// migrate brings the tables up to date. Processes that start together may
// both try; the one that comes second finds the work done.
func (s *Store) migrate(ctx context.Context, db *sql.DB, dialect goose.Dialect, folder string, d schema.Dialect) error {
	files, err := fs.Sub(migrations, folder)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	p, err := goose.NewProvider(dialect, db, files)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if err := db.PingContext(ctx); err != nil {
		return err
	}
	for try := 0; ; try++ {
		if _, err = p.Up(ctx); err == nil {
			break
		}
		if try == 20 || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(min(time.Duration(try+1)*100*time.Millisecond, time.Second)):
		}
	}
	has, knows, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if has > knows { // a newer program made the tables: this one does not know what it would break
		return fmt.Errorf("%w（数据版本 %d，本程序 %d）", ErrNewer, has, knows)
	}
	s.db = bun.NewDB(db, d)
	return nil
}

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.db.PingContext(ctx) }

// Close writes what recorders still hold and closes the database.
func (s *Store) Close() error {
	s.mu.Lock()
	open := make([]*Recorder, 0, len(s.recorders))
	for r := range s.recorders {
		open = append(open, r)
	}
	s.mu.Unlock()
	var errs []error
	for _, r := range open {
		errs = append(errs, r.stop())
	}
	return errors.Join(append(errs, s.ev.close(), s.db.Close())...)
}

// clean is text that both databases take: valid UTF-8 without NUL.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// nanos is a time as the tables hold it; the zero time is 0.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func fromNanos(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}
