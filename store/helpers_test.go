package store

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store/postgrestest"
)

var t0 = time.Date(2026, 3, 1, 1, 2, 3, 456000, time.UTC)

// both runs a test on SQLite and on PostgreSQL; open opens the same store again.
func both(t *testing.T, test func(t *testing.T, dir, database string)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, t.TempDir(), "")
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, t.TempDir(), postgrestest.Database(t))
	})
}

func open(t testing.TB, dir, database string) *Store {
	t.Helper()
	s, err := Open(context.Background(), dir, database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func header(id string) *Header {
	return &Header{ID: id, Now: t0, Started: t0.Add(time.Minute), RulebookID: "guoban-2019", RulebookDigest: "sha256:1",
		Options: []byte(`{"rate":2}`), Site: &inspect.Site{ID: "portal", Kind: inspect.Website, Home: "http://www.example.gov.cn/",
			Allow:   []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
			Columns: []inspect.Column{{Name: "要闻", URL: "http://www.example.gov.cn/xw/", Genre: inspect.News, Window: inspect.Window{Days: 14}}}}}
}

func begin(t testing.TB, s *Store, id string) inspect.Recorder {
	t.Helper()
	if err := s.Begin(context.Background(), header(id)); err != nil {
		t.Fatal(err)
	}
	return s.Recorder(id)
}

func page(n int, raw string) inspect.Event {
	return inspect.Event{Page: &inspect.Page{Target: inspect.Target{URL: fmt.Sprintf("http://www.example.gov.cn/%d.html", n), Status: 200,
		Verdict: inspect.Fine, Fetched: t0, Took: 12, Digest: digestOf([]byte(raw)),
		Header: http.Header{"Etag": {`"` + fmt.Sprint(n) + `"`}, "Content-Type": {"text/html"}}},
		Depth: 2, Type: "text/html", Charset: "gb18030", CharsetFrom: "meta", Raw: []byte(raw)}}
}

func fine(n int) inspect.Event {
	return inspect.Event{Target: &inspect.Target{URL: fmt.Sprintf("http://www.example.gov.cn/files/%d.pdf", n), Verdict: inspect.Fine}}
}

// sample is one event of each kind, with text that a database may choke on.
func sample() []inspect.Event {
	failed := inspect.Event{Page: &inspect.Page{Target: inspect.Target{URL: "http://www.example.gov.cn/gone", Final: "http://www.example.gov.cn/404",
		Status: 404, Verdict: inspect.Fault, Cause: inspect.Status4xx, Detail: "404 Not Found", Fetched: t0}, Truncated: true, Unchanged: true}}
	broken := inspect.Event{Target: &inspect.Target{URL: "http://gone.example.gov.cn/", Verdict: inspect.Fault, Cause: inspect.DNS, Detail: "a 'quoted' ?0 \\ 中文"}}
	skip := inspect.Event{Skip: &inspect.Target{URL: "http://www.example.gov.cn/deep", Verdict: inspect.CouldNotTell, Cause: inspect.Budget}}
	return []inspect.Event{page(1, "<p>一"), fine(1), failed, broken, page(2, ""), fine(2), fine(3), skip}
}

func record(t testing.TB, r inspect.Recorder, events ...inspect.Event) {
	t.Helper()
	for _, e := range events {
		if err := r.Event(context.Background(), e); err != nil {
			t.Fatal(err)
		}
	}
}

func events(t testing.TB, s *Store, id string) (out []inspect.Event) {
	t.Helper()
	for e, err := range s.Events(context.Background(), id) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}

// result is an inspection with every field that is stored.
func result(id string) *inspect.Inspection {
	h := header(id)
	return &inspect.Inspection{ID: id, Site: h.Site, Rules: &inspect.Rulebook{ID: "guoban-2019", Version: "1", Digest: "sha256:1"},
		Started: h.Started, Finished: t0.Add(time.Hour), Now: t0, Complete: true,
		Counts: inspect.Counts{Fetched: 2, Failed: 1, Asked: 5, Broken: 1, Due: 10, Untold: 1, Kinds: map[inspect.PageKind]int{inspect.ArticlePage: 2}},
		Findings: []inspect.Finding{{Check: "column-stale", Outcome: inspect.Fail, URL: "http://www.example.gov.cn/xw/", Locus: "要闻", Class: "news",
			Message: "已 20 天未更新", Value: 20.25, Unit: "天", Evidence: inspect.Evidence{Status: 200, Fetched: t0, Digest: digestOf([]byte("<p>一"))},
			Places: 2, Examples: []string{"a", "b"}, Template: true, Fingerprint: "0123", Items: []string{"SV-4a", "D-04"}}},
		Clocks: []inspect.Clock{{Name: "要闻", Genre: inspect.News, Newest: t0, Window: inspect.Window{Days: 14}, Limit: t0, Left: -6}},
		Grade: inspect.Grade{Verdict: inspect.Passed, Vetoes: []string{}, Points: 95, Scored: true, BonusOpen: true,
			Lines: []inspect.Line{{Item: "D-04", Points: 5, Failed: 1, AtLeast: 1, Hit: true}}, ForPerson: []string{"D-01"}, Undecided: []string{"x"}},
		Seen: map[string][]inspect.ListItem{"要闻": {{Title: "题", URL: "http://www.example.gov.cn/1.html", Date: t0}}}}
}

var compare = cmp.Options{cmpopts.EquateComparable(netip.Prefix{}), cmpopts.IgnoreUnexported(inspect.Page{}), cmpopts.EquateEmpty()}
