package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/xunjian/xunjian/inspect"
)

func TestRecordAndReadBack(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, dir, database string) {
		ctx := context.Background()
		s := open(t, dir, database)
		r := begin(t, s, "i1")
		record(t, r, sample()...)
		if h, err := s.Unfinished(ctx, "portal"); err != nil || h == nil || h.ID != "i1" || h.Done || h.Site.Columns[0].Window.Days != 14 {
			t.Errorf("Unfinished = %+v, %v", h, err)
		}
		past := &inspect.Past{At: t0, Kept: map[string]json.RawMessage{"elder-page": json.RawMessage(`{"judged":["EL-1"]}`)}}
		done := result("i1")
		done.Past = past
		if err := r.Finish(ctx, done); err != nil {
			t.Fatal(err)
		}
		want := []inspect.Event{sample()[0], sample()[1], sample()[5], sample()[6], sample()[2], sample()[3], sample()[4], sample()[7]}
		want[4].Page.Raw = nil
		if diff := cmp.Diff(want, events(t, s, "i1"), compare); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		h, err := s.Inspection(ctx, "i1")
		if err != nil {
			t.Fatal(err)
		}
		wantIn := result("i1")
		wantIn.Seen, wantIn.Past = nil, past
		if diff := cmp.Diff(wantIn, h.Inspection(), compare, cmpopts.IgnoreFields(inspect.Rulebook{}, "Items")); diff != "" {
			t.Errorf("inspection (-want +got):\n%s", diff)
		}
		if string(h.Options) != `{"rate":2}` || !h.Done {
			t.Errorf("summary = %+v", h)
		}
		known, err := s.KnownItems(ctx, "portal", Whole)
		if diff := cmp.Diff(result("i1").Seen, known, compare); diff != "" || err != nil {
			t.Errorf("known items, %v (-want +got):\n%s", err, diff)
		}
		if h, err := s.Latest(ctx, "portal", Whole); err != nil || h == nil || h.Verdict != inspect.Passed {
			t.Errorf("Latest = %+v, %v", h, err)
		}
		if h, err := s.Unfinished(ctx, "portal"); err != nil || h != nil {
			t.Errorf("Unfinished = %+v, %v, want none", h, err)
		}
		if err := s.Recorder("i1").Event(ctx, fine(9)); !errors.Is(err, ErrDone) {
			t.Errorf("an event after the end: %v", err)
		}
	})
}

func TestNothingThere(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, dir, database string) {
		ctx := context.Background()
		s := open(t, dir, database)
		h, err := s.Inspection(ctx, "none")
		if h != nil || err != nil {
			t.Errorf("Inspection = %v, %v", h, err)
		}
		if h, err := s.Latest(ctx, "none", Whole); h != nil || err != nil {
			t.Errorf("Latest = %v, %v", h, err)
		}
		if k, err := s.KnownItems(ctx, "none", Whole); k != nil || err != nil {
			t.Errorf("KnownItems = %v, %v", k, err)
		}
		if _, _, _, ok := s.Validators(ctx, "none", "http://x/"); ok {
			t.Error("Validators of nothing")
		}
		if err := s.Recorder("none").Event(ctx, fine(1)); err == nil {
			t.Error("an inspection that was not begun takes events")
		}
		begin(t, s, "twice")
		if err := s.Begin(ctx, header("twice")); err == nil {
			t.Error("one id begins twice")
		}
	})
}

func TestValidatorsAndBody(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, dir, database string) {
		ctx := context.Background()
		s := open(t, dir, database)
		r := begin(t, s, "i1")
		record(t, r, page(1, "<p>一"))
		if _, _, _, ok := s.Validators(ctx, "portal", "http://www.example.gov.cn/1.html"); ok {
			t.Error("validators of an inspection that is not finished")
		}
		if err := r.Finish(ctx, result("i1")); err != nil {
			t.Fatal(err)
		}
		etag, _, digest, ok := s.Validators(ctx, "portal", "http://www.example.gov.cn/1.html")
		if !ok || etag != `"1"` {
			t.Fatalf("Validators = %q, %v", etag, ok)
		}
		if body, err := s.Body(ctx, digest); err != nil || string(body) != "<p>一" {
			t.Errorf("Body = %q, %v", body, err)
		}
		if _, _, _, ok := s.Validators(ctx, "other", "http://www.example.gov.cn/1.html"); ok {
			t.Error("validators of another site")
		}
	})
}

// A run that was stopped goes on: what was seen stays, skips are due again.
func TestResume(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, dir, database string) {
		ctx := context.Background()
		s := open(t, dir, database)
		r := begin(t, s, "i1")
		record(t, r, sample()...)
		stopped := result("i1")
		stopped.Complete, stopped.Stopped = false, "context canceled"
		if err := r.Finish(ctx, stopped); err != nil {
			t.Fatal(err)
		}
		if h, err := s.Unfinished(ctx, "portal"); err != nil || h == nil || h.Stopped == "" {
			t.Fatalf("Unfinished = %+v, %v", h, err)
		}
		r = s.Recorder("i1")
		seen := 0
		for e, err := range s.Events(ctx, "i1") { // recording while reading must not feed itself
			if err != nil {
				t.Fatal(err)
			}
			if seen++; e.Page != nil {
				record(t, r, page(100+seen, fmt.Sprint(seen)))
			}
			if seen > 50 {
				t.Fatal("the record feeds itself")
			}
		}
		if err := r.Finish(ctx, result("i1")); err != nil {
			t.Fatal(err)
		}
		h, err := s.Inspection(ctx, "i1")
		if err != nil || !h.Complete || len(h.Findings) != 1 {
			t.Errorf("Inspection = %+v, %v", h, err)
		}
		pages, skips := 0, 0
		for _, e := range events(t, s, "i1") {
			if e.Page != nil {
				pages++
			}
			if e.Skip != nil {
				skips++
			}
		}
		if pages != 6 || skips != 0 {
			t.Errorf("%d pages and %d skips, want 6 and 0", pages, skips)
		}
	})
}

// Many links become few rows, and all come back.
func TestFineLinksAreChunks(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, dir, database string) {
		ctx := context.Background()
		s := open(t, dir, database)
		r := begin(t, s, "i1")
		const n = 4321
		for i := range n {
			record(t, r, fine(i))
		}
		if err := r.Finish(ctx, result("i1")); err != nil {
			t.Fatal(err)
		}
		for i, e := range events(t, s, "i1") {
			if e.Target.URL != fine(i).Target.URL || e.Target.Verdict != inspect.Fine {
				t.Fatalf("event %d = %+v", i, e.Target)
			}
		}
		rows, err := s.db.NewSelect().Model((*eventRow)(nil)).Where("inspection = ?", "i1").Count(ctx)
		if err != nil || rows > 20 {
			t.Errorf("%d rows for %d links, %v", rows, n, err)
		}
	})
}

// Bytes that a site sends and that no database takes as text.
func TestOddText(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, dir, database string) {
		ctx := context.Background()
		s := open(t, dir, database)
		r := begin(t, s, "i1")
		odd := "\xff\x00'; DROP TABLE events; --\\"
		e := page(1, odd)
		e.Page.Detail, e.Page.Charset, e.Page.Header = odd, odd, http.Header{"X": {odd}}
		in := result("i1")
		in.Findings[0].Message, in.Seen["要闻"][0].Title = odd, odd
		record(t, r, e, inspect.Event{Target: &inspect.Target{URL: odd, Verdict: inspect.Fine}})
		if err := r.Finish(ctx, in); err != nil {
			t.Fatal(err)
		}
		got := events(t, s, "i1")
		if len(got) != 2 || string(got[0].Page.Raw) != odd {
			t.Errorf("events = %+v", got)
		}
		if h, err := s.Inspection(ctx, "i1"); err != nil || !strings.Contains(h.Findings[0].Message, "DROP TABLE") {
			t.Errorf("Inspection = %+v, %v", h, err)
		}
	})
}

func TestInspectionsAreNewestFirst(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, dir, database string) {
		s := open(t, dir, database)
		for i := range 3 {
			h := header(fmt.Sprint("i", i))
			h.Started = t0.Add(time.Duration(i) * time.Hour)
			if err := s.Begin(context.Background(), h); err != nil {
				t.Fatal(err)
			}
		}
		all, err := s.Inspections(context.Background(), 2)
		if err != nil || len(all) != 2 || all[0].ID != "i2" || all[1].ID != "i1" {
			t.Errorf("Inspections = %+v, %v", all, err)
		}
	})
}

// Two openings of one store, and migrations that run again, do not hurt.
func TestOpenTwice(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, dir, database string) {
		errs := make(chan error, 4)
		for i := range 4 {
			go func() {
				s, err := Open(context.Background(), dir, database)
				if err == nil {
					err = errors.Join(s.Begin(context.Background(), header(fmt.Sprint("i", i))), s.Close())
				}
				errs <- err
			}()
		}
		for range 4 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		if all, err := open(t, dir, database).Inspections(context.Background(), 10); err != nil || len(all) != 4 {
			t.Errorf("%d inspections, %v, want 4", len(all), err)
		}
	})
}

// What a newer program wrote is not opened by one that does not know it.
func TestNewerDatabase(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, dir, database string) {
		s, err := Open(t.Context(), dir, database)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.db.NewRaw("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, ?)", true).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if s, err := Open(t.Context(), dir, database); !errors.Is(err, ErrNewer) {
			t.Errorf("it is opened: %v, %v", s, err)
		}
	})
}

func TestWrongDatabase(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"mysql://root:secret@127.0.0.1/x", "postgres://u:secret@127.0.0.1:1/x?connect_timeout=2", "postgres://u:secret@127.0.0.1:nan/x", "://"} {
		_, err := Open(context.Background(), t.TempDir(), address)
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("Open(%s) = %v, want an error without the password", address, err)
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "xunjian.db"), []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(context.Background(), dir, ""); err == nil || !strings.Contains(err.Error(), "损坏") {
		t.Errorf("Open of a file that is no database: %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(context.Background(), filepath.Join(file, "data"), ""); err == nil || !strings.Contains(err.Error(), "无法创建") {
		t.Errorf("Open below a file: %v", err)
	}
}

// A directory whose name has marks of URLs is only a directory.
func TestOddDirectory(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "巡检 #1?a=%20&b")
	open(t, dir, "")
	if _, err := os.Stat(filepath.Join(dir, "xunjian.db")); err != nil {
		t.Error(err, url.PathEscape(dir))
	}
}
