package store

import (
	"io/fs"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"
)

// A database of the first release, with an inspection in it, is brought up to
// date and loses nothing that it held. Each migration goes back, too.
func TestMigrateWithData(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, dir, database string) {
		s := open(t, dir, database)
		r := begin(t, s, "i1")
		record(t, r, sample()...)
		if err := r.Finish(t.Context(), result("i1")); err != nil {
			t.Fatal(err)
		}
		want := events(t, s, "i1")
		dialect, folder := goose.DialectSQLite3, "migrations/sqlite"
		if database != "" {
			dialect, folder = goose.DialectPostgres, "migrations/postgres"
		}
		files, err := fs.Sub(migrations, folder)
		if err != nil {
			t.Fatal(err)
		}
		p, err := goose.NewProvider(dialect, s.db.DB, files)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.DownTo(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		again := open(t, dir, database)
		if has, knows, err := p.GetVersions(t.Context()); err != nil || has != knows {
			t.Errorf("version %d of %d, %v", has, knows, err)
		}
		if diff := cmp.Diff(want, events(t, again, "i1"), compare); diff != "" {
			t.Errorf("events (-before +after):\n%s", diff)
		}
		if all, err := again.Inspections(t.Context(), 10); err != nil || len(all) != 1 || !all[0].Complete {
			t.Errorf("inspections: %+v, %v", all, err)
		}
		record(t, begin(t, again, "i2"), page(3, "<p>三"))
	})
}
