package checktest

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// readDays are how many days after the first inspection the next one comes.
var readDays = []int{0, 1, 2, 5, 20, 40, 100, 200, 400, 800, 4000, -1, -40, -400, -4000}

// Again inspects every case of a check's folder on one day and again on
// others, once with what the first inspection made of its pages and once
// without, and holds the two against each other. It returns how many pages
// were taken from their readings.
func Again(t *testing.T, c *inspect.Check, folder string) (reused int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "testdata", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		tc := load(t, name)
		if tc.site.Account != nil {
			continue
		}
		kept := &keeper{}
		again(t, c, tc, tc.now, kept, nil)
		for _, days := range readDays {
			now := tc.now.AddDate(0, 0, days)
			fresh := again(t, c, tc, now, nil, nil)
			used := map[string]*inspect.Reading{}
			for _, x := range kept.readings {
				if x.HoldsOn(now) {
					y := *x
					used[x.URL] = &y
				}
			}
			reused += len(used)
			if got := again(t, c, tc, now, nil, used); got != fresh {
				t.Errorf("%s, %d days later: with readings of %d pages\n%s\nwithout:\n%s", name, days, len(used), got, fresh)
			}
		}
	}
	return reused
}

// A keeper keeps the readings of pages.
type keeper struct{ readings []*inspect.Reading }

func (k *keeper) Event(_ context.Context, e inspect.Event) error {
	if e.Page != nil && e.Page.Reading != nil {
		k.readings = append(k.readings, e.Page.Reading)
	}
	return nil
}

func (k *keeper) Finish(context.Context, *inspect.Inspection) error { return nil }

// A rereader gives pages that have a reading without their bodies.
type rereader struct {
	events source
	used   map[string]*inspect.Reading
}

func (r rereader) Events(ctx context.Context, s *inspect.Site) iter.Seq2[inspect.Event, error] {
	return func(yield func(inspect.Event, error) bool) {
		for e, err := range r.events.Events(ctx, s) {
			if e.Page != nil {
				if x := r.used[e.Page.URL]; x != nil && x.Digest == e.Page.Digest {
					e.Page.Reading, e.Page.Body, e.Page.Raw = x, nil, nil
				}
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

func again(t *testing.T, c *inspect.Check, tc *testCase, now time.Time, record *keeper, used map[string]*inspect.Reading) string {
	t.Helper()
	in := &inspect.Inspector{Source: rereader{source(tc.events), used}, Rules: Rulebook(t, tc.with, c), Deadline: time.Minute,
		Clock: func() time.Time { return now }}
	if record != nil {
		in.Record, in.Key = record, "key"
	}
	out, err := in.Inspect(t.Context(), "case", tc.site, now)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for i := range out.Findings {
		f := &out.Findings[i]
		b.WriteString(line(tc.site, f))
		fmt.Fprintln(&b, f.Fingerprint, f.Evidence, f.Template, f.Tentative, f.Examples)
	}
	rest, err := json.Marshal([]any{out.Clocks, out.Counts.Due, out.Counts.Untold, out.Counts.Kinds, out.Counts.Asked, out.Seen, out.Past, out.Coverage()})
	if err != nil {
		t.Fatal(err)
	}
	b.Write(rest)
	return b.String()
}
