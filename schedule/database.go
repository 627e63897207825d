package schedule

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
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"github.com/uptrace/bun/schema"
	_ "modernc.org/sqlite" // the embedded database
)

//go:embed migrations
var migrations embed.FS

// FileName is the database of the queue in the data directory. It is not the
// one that holds inspections: SQLite has one writer at a time, and a crawl
// that writes its pages must not hold up the queue.
const FileName = "jobs.db"

// A base is the open database, in whichever of the two dialects.
type base struct {
	*bun.DB
	river riverdriver.Driver[*sql.Tx]
	now   string // an expression: milliseconds, by the database's clock
	milli string // a format: an expression for the milliseconds of one that is a time
	lock  string // at the end of a SELECT: rows that others do not hold
	pool  *pgxpool.Pool
}

func open(ctx context.Context, dir, database string) (*base, error) {
	if database == "" {
		return openSQLite(ctx, dir)
	}
	return openPostgres(ctx, database)
}

func openSQLite(ctx context.Context, dir string) (*base, error) {
	dir, err := filepath.Abs(dir) // the address below takes no other
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("数据目录 %s 无法创建，请检查路径与权限：%w", dir, err)
	}
	file := filepath.Join(dir, FileName)
	q := url.Values{"_txlock": {"immediate"}, "_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(1)"}}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: file, RawQuery: q.Encode()}).String())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", file, err)
	}
	db.SetMaxOpenConns(1) // River works in parallel, SQLite does not
	b := &base{DB: bun.NewDB(db, sqlitedialect.New()), river: riversqlite.New(db), now: "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
		milli: "CAST((julianday(%s) - 2440587.5) * 86400000 AS INTEGER)"}
	if err := b.migrate(ctx, db, goose.DialectSQLite3, "migrations/sqlite", sqlitedialect.New()); err != nil {
		return nil, errors.Join(fmt.Errorf("任务队列 %s 无法打开：%w", file, err), db.Close())
	}
	return b, nil
}

func openPostgres(ctx context.Context, database string) (*base, error) {
	cfg, err := pgxpool.ParseConfig(database)
	if err != nil { // its text may hold the password
		return nil, errors.New("数据库地址不正确，应如 postgres://用户:密码@主机:5432/库名")
	}
	if cfg.ConnConfig.ConnectTimeout == 0 {
		cfg.ConnConfig.ConnectTimeout = 10 * time.Second
	}
	cfg.MaxConns = max(cfg.MaxConns, 8)
	// A machine that loses its power in a transaction leaves rows locked until
	// the network finds out, which takes hours.
	cfg.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "60000"
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("任务队列的数据库无法使用：%w", err)
	}
	db := stdlib.OpenDBFromPool(pool)
	b := &base{DB: bun.NewDB(db, pgdialect.New()), river: riverdatabasesql.NewWithPgxListener(db, pool),
		now: "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint", milli: "(EXTRACT(EPOCH FROM %s) * 1000)::bigint", lock: " FOR UPDATE SKIP LOCKED", pool: pool}
	if err := b.migrate(ctx, db, goose.DialectPostgres, "migrations/postgres", pgdialect.New()); err != nil {
		return nil, errors.Join(fmt.Errorf("任务队列的数据库 %s 无法使用，请检查地址、账号以及服务是否运行：%w", cfg.ConnConfig.Host, err), db.Close(), closed(pool))
	}
	return b, nil
}

func closed(p *pgxpool.Pool) error { p.Close(); return nil }

// migrate brings our tables and River's up to date. Processes that start
// together may both try; the one that comes second finds the work done.
func (b *base) migrate(ctx context.Context, db *sql.DB, dialect goose.Dialect, folder string, _ schema.Dialect) error {
	files, err := fs.Sub(migrations, folder)
	if err != nil {
		return err
	}
	if err := db.PingContext(ctx); err != nil {
		return err
	}
	p, err := goose.NewProvider(dialect, db, files, goose.WithTableName("schedule_version"))
	if err != nil {
		return err
	}
	m, err := rivermigrate.New(b.river, &rivermigrate.Config{Logger: quiet})
	if err != nil {
		return err
	}
	for try := 0; ; try++ {
		_, err := p.Up(ctx)
		if err == nil {
			err = notNewer(ctx, p)
		}
		if err == nil {
			_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
		}
		if err == nil || errors.Is(err, ErrNewer) || try == 20 || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(min(time.Duration(try+1)*100*time.Millisecond, time.Second)):
		}
	}
}

// ErrNewer says that a newer program made the tables: this one does not know
// what it would break.
var ErrNewer = errors.New("数据由更新版本的程序写成，请升级本程序")

func notNewer(ctx context.Context, p *goose.Provider) error {
	has, knows, err := p.GetVersions(ctx)
	if err == nil && has > knows {
		err = fmt.Errorf("%w（数据版本 %d，本程序 %d）", ErrNewer, has, knows)
	}
	return err
}

// millis is an expression for the milliseconds of a time.
func (b *base) millis(time string) string { return fmt.Sprintf(b.milli, time) }

func (b *base) close() error {
	err := b.DB.Close()
	if b.pool != nil {
		b.pool.Close()
	}
	return err
}
