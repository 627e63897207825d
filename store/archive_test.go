package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store/postgrestest"
)

// fill puts something into every table.
func fill(t testing.TB, s *Store) {
	t.Helper()
	ctx := context.Background()
	r := begin(t, s, "i1")
	record(t, r, sample()...)
	wired := page(9, strings.Repeat("gzip ", 100))
	record(t, r, wired, inspect.Event{Probe: &inspect.Probe{URL: "http://www.example.gov.cn/", Network: "tcp", At: t0}})
	if err := r.Finish(ctx, result("i1")); err != nil {
		t.Fatal(err)
	}
	run(t, s, "i2", Lists, t0.AddDate(0, 0, 1), nil, "<p>一", "<p>二")
	other := header("o1")
	other.Site.ID = "other"
	if err := s.Begin(ctx, other); err != nil {
		t.Fatal(err)
	}
	or := s.Recorder("o1")
	record(t, or, page(1, "<p>other"))
	if err := or.Finish(ctx, &inspect.Inspection{ID: "o1", Site: other.Site, Stopped: "stopped"}); err != nil {
		t.Fatal(err)
	}
	looked(t, s, "k1", "third", "jiaoyu", t0, []inspect.Finding{fault("a")})
	if _, err := s.Decide(ctx, inspect.Step{Act: inspect.ActClaim, By: school, At: t0}, inspect.DefaultTerms, Decision{Case: "a"}); err != nil {
		t.Fatal(err)
	}
	locked(t, s)
	if err := s.Plan(ctx, []inspect.Alert{alert("x", "a"), alert("y", "a")}, nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.Compose(ctx, composed("m1", alert("x", "a")), []string{"x"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Silence(ctx, inspect.Silence{ID: "s1", Unit: "jiaoyu", From: t0, Until: t0.Add(time.Hour)}, chief); err != nil {
		t.Fatal(err)
	}
	_, err := s.OpenIncident(ctx, "line", "no answer", t0)
	errs := []error{err, s.AddUser(ctx, &inspect.User{Person: school, Hash: "h"}, noted("user.add", "zhao")), s.AddToken(ctx, &inspect.Token{ID: "cms", Hash: "h"}, noted("token.add", "cms")),
		s.Share(ctx, &inspect.Target{URL: "http://x.example/", Verdict: inspect.Fine, Fetched: t0}, false),
		s.Deposit(ctx, "wx-1", &inspect.Collection{Kind: inspect.SourceKind("import"), At: t0}, &Proof{Name: "截图.png", Content: []byte{0, 1, 2, 0xff}}),
		s.AddProbe(ctx, "portal", &inspect.Probe{URL: "http://www.example.gov.cn/", Network: "tcp", At: t0.AddDate(-1, 0, 0), Verdict: inspect.Fine, Whole: 3})}
	_, err = s.Prune(ctx, Retention{Whole: -1, Lists: -1, Verdicts: -1}, t0)
	errs = append(errs, err, s.AddProbe(ctx, "portal", &inspect.Probe{URL: "http://www.example.gov.cn/", Network: "tcp", At: t0, Verdict: inspect.Fault, Cause: inspect.DNS}))
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// locked is a bulletin that was objected to and issued.
func locked(t testing.TB, s *Store) {
	t.Helper()
	ctx := context.Background()
	b, err := s.Draft(ctx, inspect.Bulletin{Kind: "notice", Period: "2026-10", Made: t0}, file("一"))
	if err != nil {
		t.Fatal(err)
	}
	err = s.Preview(ctx, b.ID, t0.Add(time.Hour), chief, t0)
	o, err2 := s.Object(ctx, inspect.Objection{Bulletin: b.ID, Unit: "教育局", By: school, At: t0, Why: "已经整改"})
	_, err3 := s.SettleObjection(ctx, b.ID, o.N, true, "属实", chief, t0.Add(time.Hour))
	if err := errors.Join(err, err2, err3, s.Lock(ctx, b.ID, "1号", file("终"), chief, t0.Add(time.Hour))); err != nil {
		t.Fatal(err)
	}
}

func backup(t testing.TB, s *Store) []byte {
	t.Helper()
	var buf bytes.Buffer
	got, err := s.Backup(context.Background(), &buf)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Damaged) > 0 {
		t.Errorf("damaged: %v", got.Damaged)
	}
	return buf.Bytes()
}

// entries are what an archive holds, but for the time at which it was made and
// the order in which bodies lie.
func entries(t testing.TB, archive []byte) map[string]string {
	t.Helper()
	out := map[string]string{}
	_, err := readArchive(bytes.NewReader(archive), func(name string, data []byte) error {
		switch {
		case name == headName:
		case strings.HasPrefix(name, "bodies/"):
			return eachBody(data, func(digest, form string, data []byte) error {
				out["body "+digest] = form + " " + hexSum(data)
				return nil
			})
		default:
			out[name] = string(data)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Every table of the database is archived, or it is said why not.
func TestEveryTableIsArchived(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		var all []string
		q := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
		if s.postgres {
			q = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
		}
		if err := s.db.NewRaw(q).Scan(t.Context(), &all); err != nil {
			t.Fatal(err)
		}
		for _, name := range all {
			if !slices.Contains(slices.Concat(names(), notArchived, []string{"inspections", "events", "findings", "bodies"}), name) {
				t.Errorf("table %s would be lost by a backup: add it to tables (tables.go)", name)
			}
		}
		if len(all) < 14 {
			t.Errorf("only %v", all)
		}
	})
}

// SQLite, PostgreSQL, SQLite: the same in each, and every table has something.
func TestRestoreAcrossDatabases(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	first := open(t, t.TempDir(), "")
	fill(t, first)
	archive := backup(t, first)
	want := entries(t, archive)
	for _, name := range names() {
		if want["tables/"+name+"-000001.jsonl"] == "" {
			t.Errorf("%s is empty: fill it", name)
		}
	}
	for i, database := range []string{postgrestest.Database(t), "", postgrestest.Database(t)} {
		dir := filepath.Join(t.TempDir(), "deep", "data")
		got, err := Restore(ctx, bytes.NewReader(archive), dir, database)
		if err != nil {
			t.Fatal(err)
		}
		if got.Inspections != 4 || got.Had != 0 || got.Bodies != got.Archived.Bodies || got.Bodies != 5 {
			t.Errorf("restored: %+v", got)
		}
		s := open(t, dir, database)
		archive = backup(t, s)
		if diff := cmp.Diff(want, entries(t, archive)); diff != "" {
			t.Fatalf("%d: differs (-want +got):\n%s", i, diff)
		}
		if diff := cmp.Diff(events(t, first, "i1"), events(t, s, "i1"), compare); diff != "" {
			t.Errorf("%d: events (-want +got):\n%s", i, diff)
		}
		if p, err := s.ProofOf(ctx, digestOf([]byte{0, 1, 2, 0xff})); err != nil || p == nil || p.Name != "截图.png" {
			t.Errorf("proof: %+v, %v", p, err)
		}
		if left, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(left) != 1 {
			t.Errorf("left beside the data: %v, %v", left, err)
		}
	}
}

// Whatever is done to an archive, it is refused and nothing is left behind.
func TestBadArchives(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := open(t, t.TempDir(), "")
	fill(t, s)
	good := backup(t, s)
	plain := unzip(t, good)
	cases := map[string][]byte{"empty": {}, "no archive": []byte("PK\x03\x04 something else"), "zstd of something else": s.ev.encoder.EncodeAll([]byte("hello"), nil)}
	for _, n := range []int{1, 2, 3, 10} {
		cases[fmt.Sprintf("cut at %d/11", n)] = good[:len(good)*n/11]
	}
	for i := range 20 {
		bad := bytes.Clone(good)
		bad[len(bad)*(i+1)/22] ^= 0x10
		// One bit in some 460 says nothing: what is unpacked is the same, and no harm done.
		if z, err := zstd.NewReader(bytes.NewReader(bad)); err == nil {
			got, err := io.ReadAll(z)
			if z.Close(); err == nil && bytes.Equal(got, plain) {
				continue
			}
		}
		cases[fmt.Sprintf("a bit at %d/22", i+1)] = bad
	}
	cases["a byte less"] = good[:len(good)-1]
	rezip := func(edit func([]byte) []byte) []byte {
		enc, err := zstd.NewWriter(nil)
		if err != nil {
			t.Fatal(err)
		}
		return enc.EncodeAll(edit(bytes.Clone(plain)), nil)
	}
	replace := func(old, new string) []byte {
		if len(old) != len(new) || !bytes.Contains(plain, []byte(old)) {
			t.Fatalf("%q for %q", new, old)
		}
		return rezip(func(b []byte) []byte { return bytes.Replace(b, []byte(old), []byte(new), 1) })
	}
	cases["another points of a grade"] = replace(`"Verdict":"pass"`, `"Verdict":"fail"`)
	cases["another format"] = replace("xunjian.archive/1", "xunjian.archive/2")
	forged := func(name, content string) []byte {
		var buf bytes.Buffer
		a, err := newArchiver(&buf, Head{Format: archiveFormat, Backup: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(a.add(name, []byte(content)), a.end()); err != nil {
			t.Fatal(err)
		}
		return buf.Bytes()
	}
	cases["a path"] = forged("../../000001.pack", "")
	cases["another table"] = forged("tables/sessions-000001.jsonl", "{}")
	cases["another field"] = forged("tables/probes-000001.jsonl", `{"Site":"a","Later":1}`)
	cases["rows of no inspection"] = forged("inspections/000001/events-000001.jsonl", `{}`)
	cases["a body of another digest"] = replace(digestOf([]byte("<p>二"))[:20], "sha256:0000000000000")
	cases["no manifest"] = rezip(func(b []byte) []byte { return append(b[:bytes.Index(b, []byte(manifestName))], make([]byte, 1024)...) })
	if bytes.Equal(good, cases["a byte less"]) {
		t.Fatal("no case")
	}
	for name, archive := range cases {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			if _, err := Restore(ctx, bytes.NewReader(archive), filepath.Join(parent, "data"), ""); err == nil || !errors.Is(err, ErrArchive) && name != "another format" {
				t.Errorf("not refused: %v", err)
			}
			if left, err := os.ReadDir(parent); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
			before := entries(t, backup(t, s))
			if _, err := s.Import(ctx, bytes.NewReader(archive)); err == nil {
				t.Error("imported")
			}
			if diff := cmp.Diff(before, entries(t, backup(t, s))); diff != "" {
				t.Errorf("a refused import changed (-before +after):\n%s", diff)
			}
		})
	}
}

func unzip(t testing.TB, archive []byte) []byte {
	t.Helper()
	z, err := zstd.NewReader(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	out, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A target that is not empty is refused, and stays as it is.
func TestRestoreRefusesWhatIsNotEmpty(t *testing.T) {
	both(t, func(t *testing.T, dir, database string) {
		s := open(t, dir, database)
		fill(t, s)
		archive := backup(t, s)
		before := entries(t, archive)
		if _, err := Restore(t.Context(), bytes.NewReader(archive), dir, database); err == nil || !strings.Contains(err.Error(), "不是空的") {
			t.Errorf("the directory: %v", err)
		}
		if database != "" {
			other := filepath.Join(t.TempDir(), "x")
			if _, err := Restore(t.Context(), bytes.NewReader(archive), other, database); err == nil || !strings.Contains(err.Error(), "不是空的") {
				t.Errorf("the database: %v", err)
			}
			if _, err := os.Stat(other); !os.IsNotExist(err) {
				t.Errorf("a directory was left: %v", err)
			}
		}
		if diff := cmp.Diff(before, entries(t, backup(t, s))); diff != "" {
			t.Errorf("changed (-before +after):\n%s", diff)
		}
	})
}

// A backup that is made while recorders write is of one moment: what is
// restored of each inspection is whole, in order, up to there.
func TestBackupWhileRecording(t *testing.T) {
	both(t, func(t *testing.T, dir, database string) {
		s := open(t, dir, database)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var wg sync.WaitGroup
		begun := make(chan struct{}, 2)
		for w := range 2 {
			id := fmt.Sprint("w", w)
			r := begin(t, s, id)
			wg.Go(func() {
				for n := 0; ctx.Err() == nil && n < 20000; n++ {
					record(t, r, page(n, body(n)), fine(n))
					if n == 2000 {
						begun <- struct{}{}
					}
				}
				if err := r.Finish(context.Background(), result(id)); err != nil {
					t.Error(err)
				}
			})
		}
		<-begun
		<-begun
		archive := backup(t, s)
		stop()
		wg.Wait()
		data := filepath.Join(t.TempDir(), "data")
		if _, err := Restore(t.Context(), bytes.NewReader(archive), data, ""); err != nil {
			t.Fatal(err)
		}
		again := open(t, data, "")
		for w := range 2 {
			id := fmt.Sprint("w", w)
			n := 0
			for _, e := range events(t, again, id) {
				if e.Page == nil {
					continue
				}
				if string(e.Page.Raw) != body(n) {
					t.Fatalf("%s: page %d is not what was recorded", id, n)
				}
				n++
			}
			if n == 0 {
				t.Errorf("%s: nothing was restored", id)
			}
			r := again.Recorder(id) // and it can go on
			record(t, r, page(n, body(n)))
			if err := r.Finish(t.Context(), result(id)); err != nil {
				t.Error(err)
			}
		}
	})
}

// Inspections of one site go to another installation, once.
func TestExportImport(t *testing.T) {
	both(t, func(t *testing.T, dir, database string) {
		ctx := t.Context()
		from := open(t, t.TempDir(), "")
		fill(t, from)
		var buf bytes.Buffer
		if got, err := from.Export(ctx, &buf, "portal"); err != nil || got.Inspections != 2 || got.Site != "portal" {
			t.Fatalf("exported: %+v, %v", got, err)
		}
		if bytes.Contains(unzip(t, buf.Bytes()), []byte("wx-1")) || strings.Contains(fmt.Sprint(entries(t, buf.Bytes())), digestOf([]byte("<p>other"))) {
			t.Error("it holds what is not of the site")
		}
		to := open(t, dir, database)
		run(t, to, "i2", Lists, t0.AddDate(0, 0, -7), nil, "<p>一", "older") // the same id, something else
		got, err := to.Import(ctx, bytes.NewReader(buf.Bytes()))
		if err != nil || got.Inspections != 1 || got.Had != 1 || got.Bodies != 3 { // <p>一 was there
			t.Fatalf("imported: %+v, %v", got, err)
		}
		if diff := cmp.Diff(events(t, from, "i1"), events(t, to, "i1"), compare); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		if e := events(t, to, "i2"); len(e) != 2 || string(e[1].Page.Raw) != "older" {
			t.Errorf("an inspection that was there changed: %v", e)
		}
		if h, err := to.PageHistory(ctx, "portal", "http://www.example.gov.cn/1.html"); err != nil || len(h) != 1 || !h[0].First.Equal(t0.AddDate(0, 0, -7)) || !h[0].Last.Equal(t0.AddDate(0, 0, 1)) {
			t.Errorf("history: %+v, %v", h, err)
		}
		again, err := to.Import(ctx, bytes.NewReader(buf.Bytes()))
		if err != nil || again.Inspections != 0 || again.Had != 2 || again.Bodies != 0 {
			t.Errorf("imported again: %+v, %v", again, err)
		}
		whole(t, to)
		if _, err := to.Prune(ctx, Retention{}, time.Now()); err != nil {
			t.Errorf("still held: %v", err)
		}
	})
}

// A body that is damaged already is told; the rest is saved.
func TestBackupOfDamagedBody(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, "")
	run(t, s, "i1", Whole, t0, nil, "first body", "second body")
	all, err := filepath.Glob(filepath.Join(dir, "evidence", "*.pack"))
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	raw, err := os.ReadFile(all[0])
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)-1] ^= 1
	if err := os.WriteFile(all[0], raw, 0o600); err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	got, err := s.Backup(t.Context(), &buf)
	if err != nil || len(got.Damaged) != 1 || got.Bodies != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	if _, err := Restore(t.Context(), bytes.NewReader(buf.Bytes()), filepath.Join(t.TempDir(), "d"), ""); err != nil {
		t.Error(err)
	}
}
