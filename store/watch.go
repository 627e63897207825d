package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// An Operation is one statement that the database was asked.
type Operation struct {
	Name  string // select, insert, update, delete; other
	Begun time.Time
	Took  time.Duration
	Err   error // nil also where nothing was found
}

// Operations lists the names of operations.
var Operations = []string{"select", "insert", "update", "delete", "other"}

// A Watcher is told what the store does; many goroutines call it at once.
type Watcher interface {
	Operated(ctx context.Context, o *Operation)
	Moved(s *inspect.Step, c *inspect.Case) // a case was moved on, and is now c
}

// Watch makes the store tell what it does. It is called before the store is used.
func (s *Store) Watch(w Watcher) {
	s.db = s.db.WithQueryHook(hook{w})
	s.watch = w
}

// A move is a step with the case that it made.
type move struct {
	step inspect.Step
	now  inspect.Case
}

// told tells of moves that are committed.
func (s *Store) told(moves []move) {
	for i := range moves {
		if s.watch != nil {
			s.watch.Moved(&moves[i].step, &moves[i].now)
		}
	}
}

type hook struct{ Watcher }

// BeforeQuery implements bun.QueryHook.
func (hook) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }

// AfterQuery implements bun.QueryHook.
func (h hook) AfterQuery(ctx context.Context, e *bun.QueryEvent) {
	o := &Operation{Name: "other", Begun: e.StartTime, Took: time.Since(e.StartTime), Err: e.Err}
	switch n := strings.ToLower(e.Operation()); n {
	case "select", "insert", "update", "delete":
		o.Name = n
	}
	if errors.Is(o.Err, sql.ErrNoRows) {
		o.Err = nil
	}
	h.Operated(ctx, o)
}

// A Space is how much what is stored takes, in bytes.
type Space struct {
	Database, Evidence int64
	Free               int64 // on the volume of the data directory; -1: not known
}

// Space measures. It looks at every file of the data directory: once in a few
// minutes is often enough.
func (s *Store) Space(ctx context.Context) (Space, error) {
	out := Space{Free: free(s.dir)}
	var err error
	if out.Evidence, err = bytesIn(filepath.Join(s.dir, "evidence")); err != nil {
		return out, err
	}
	if s.postgres {
		err = s.db.NewRaw("SELECT pg_database_size(current_database())").Scan(ctx, &out.Database)
		return out, err
	}
	for _, name := range []string{"xunjian.db", "xunjian.db-wal"} {
		if info, err := os.Stat(filepath.Join(s.dir, name)); err == nil {
			out.Database += info.Size()
		}
	}
	return out, nil
}

func bytesIn(dir string) (n int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if info, err := d.Info(); err == nil { // else it was pruned meanwhile
			n += info.Size()
		}
		return nil
	})
	return n, err
}
