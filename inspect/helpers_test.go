package inspect_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"iter"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/inspect"
)

// TestMain: whatever the tests did, the Listing that pages share is empty.
func TestMain(m *testing.M) {
	code := m.Run()
	if !inspect.ListingUntouched() {
		fmt.Fprintln(os.Stderr, "the Listing of ordinary pages was written to")
		code = 1
	}
	os.Exit(code)
}

var update = flag.Bool("update", false, "rewrite the golden files")

// today is the day of all inspections in these tests.
var today = time.Date(2024, 6, 1, 9, 0, 0, 0, inspect.Zone)

const home = "http://www.yaodu.gov.test/"

// newPage is a page of HTML that was read without trouble.
func newPage(url, html string) *inspect.Page {
	return &inspect.Page{
		Target: inspect.Target{URL: url, Status: http.StatusOK, Verdict: inspect.Fine, Fetched: today.UTC(), Digest: "sha256:" + url},
		Type:   "text/html", Body: []byte(html), Raw: []byte(html), Now: today, Depth: 1,
	}
}

// A feed is a source of given events, which a context stops.
type feed []inspect.Event

func (f feed) Events(ctx context.Context, _ *inspect.Site) iter.Seq2[inspect.Event, error] {
	return func(yield func(inspect.Event, error) bool) {
		for _, e := range f {
			if ctx.Err() != nil || !yield(e, nil) {
				return
			}
		}
	}
}

func pages(ps ...*inspect.Page) (f feed) {
	for _, p := range ps {
		f = append(f, inspect.Event{Page: p})
	}
	return f
}

// bound is a check made of a function.
func bound(id string, s inspect.Scope, run inspect.Run) inspect.Bound {
	c := inspect.NewCheck(id, "---\n", s, struct{}{}, func(ctx context.Context, p *inspect.Pass, _ struct{}) error { return run(ctx, p) })
	return inspect.Bound{Check: c, Run: run}
}

func rules(checks ...inspect.Bound) *inspect.Rulebook {
	return &inspect.Rulebook{ID: "test", Version: "1", Digest: "sha256:0", Checks: checks, Full: 100, PassAt: 60, BonusAbove: 80}
}

func site() *inspect.Site { return &inspect.Site{ID: "yaodu", Kind: inspect.Website, Home: home} }

// inspectAll runs the loop over a feed and fails the test on any error.
func inspectAll(t testing.TB, f inspect.Source, rb *inspect.Rulebook) *inspect.Inspection {
	t.Helper()
	in, err := (&inspect.Inspector{Source: f, Rules: rb, Clock: func() time.Time { return today }}).Inspect(context.Background(), "id", site(), today)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func written(t testing.TB, in *inspect.Inspection) string {
	t.Helper()
	var b bytes.Buffer
	if err := in.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// golden holds got against a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}
