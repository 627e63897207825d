package elderpage

import (
	"context"
	"encoding/json"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xunjian/xunjian/checks/advertising"
	"github.com/xunjian/xunjian/checks/checktest"
	"github.com/xunjian/xunjian/checks/elderentry"
	"github.com/xunjian/xunjian/inspect"
)

func Test(t *testing.T) { checktest.Run(t, Check) }

const site = "http://www.example.gov.cn"

// A source answers what it is asked, by its pages.
type source map[string]string

func (s source) page(path string) *inspect.Page {
	return &inspect.Page{Target: inspect.Target{URL: site + path, Status: 200, Verdict: inspect.Fine}, Type: "text/html", Body: []byte(s[path])}
}

func (s source) Events(context.Context, *inspect.Site) iter.Seq2[inspect.Event, error] {
	return func(yield func(inspect.Event, error) bool) { yield(inspect.Event{Page: s.page("/")}, nil) }
}

func (s source) Ask(_ context.Context, _ *inspect.Site, q []inspect.Question) iter.Seq2[inspect.Event, error] {
	return func(yield func(inspect.Event, error) bool) {
		for _, x := range q {
			if !yield(inspect.Event{Answer: s.page(strings.TrimPrefix(x.URL, site))}, nil) {
				return
			}
		}
	}
}

// What the rulebook calls an entry and an ad network holds here too; and what
// was looked at is kept.
func TestOptionsOfOtherChecks(t *testing.T) {
	pages := source{
		"/":       `<a href="/elder/">长者版</a><a href="/easy/">简约版</a><p>今天的要闻</p>`,
		"/elder/": `<p style="font-size:10px">长者版的正文很小很小，看不清楚的人很多</p>`,
		"/easy/":  `<p style="font-size:30px">简约版的正文很大很大，看得清楚的人很多，办事的人也很多</p><script src="http://ads.example.com/a.js"></script>`,
	}
	named := map[string]any{"words": []string{"简约版"}}
	ads := map[string]any{"hosts": []string{"example.com"}}
	for _, c := range []struct {
		name   string
		books  []*inspect.Rulebook
		want   string
		judged []string
	}{
		{"rule pages", nil, "/elder/ EL-4", points},
		{"words of the rulebook", []*inspect.Rulebook{checktest.Rulebook(t, named, elderentry.Check)}, "", []string{}},
		{"and networks", []*inspect.Rulebook{checktest.Rulebook(t, named, elderentry.Check), checktest.Rulebook(t, ads, advertising.Check)}, "/easy/ EL-1", points},
	} {
		t.Run(c.name, func(t *testing.T) {
			rb := checktest.Rulebook(t, nil, Check)
			for _, b := range c.books {
				rb.Checks = append(rb.Checks, b.Checks...)
			}
			in := &inspect.Inspector{Source: pages, Rules: rb}
			now := time.Date(2024, 6, 15, 9, 0, 0, 0, inspect.Zone)
			out, err := in.Inspect(t.Context(), "x", &inspect.Site{ID: "s", Kind: inspect.Website, Home: site + "/"}, now)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range out.Findings {
				if f.Check == "elder-page" && f.Outcome == inspect.Review {
					got = append(got, strings.TrimPrefix(f.URL, site)+" "+f.Locus)
				}
			}
			if s := strings.Join(got, "\n"); s != c.want {
				t.Errorf("got %q, want %q", s, c.want)
			}
			var k kept
			if err := json.Unmarshal(out.Past.Kept["elder-page"], &k); err != nil || !k.At.Equal(now) {
				t.Fatalf("kept %s: %v", out.Past.Kept["elder-page"], err)
			}
			if diff := cmp.Diff(c.judged, k.Judged); len(c.judged) > 0 && diff != "" {
				t.Error(diff)
			}
		})
	}
}
