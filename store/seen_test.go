package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/inspect"
)

// What is known of a page over inspections: seen, changed, failed, cut, gone.
func TestPageHistory(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		const url = "http://www.example.gov.cn/0.html"
		day := func(n int) time.Time { return t0.AddDate(0, 0, n) }
		run(t, s, "d1", Whole, day(1), nil, "one")
		run(t, s, "d2", Lists, day(2), nil, "one")
		run(t, s, "d3", Whole, day(3), nil, "two")
		run(t, s, "d4", Whole, day(4), nil, "two")

		// One that failed, one that was cut, and an inspection that is not complete tell nothing.
		for id, edit := range map[string]func(*inspect.Page, *inspect.Inspection){
			"d5": func(p *inspect.Page, _ *inspect.Inspection) { p.Verdict, p.Cause = inspect.Fault, inspect.Status5xx },
			"d6": func(p *inspect.Page, _ *inspect.Inspection) { p.Truncated = true },
			"d7": func(_ *inspect.Page, in *inspect.Inspection) { in.Complete = false },
		} {
			e, in, r := page(0, "three"), result(id), begin(t, s, id)
			e.Page.Fetched = day(7)
			in.Seen = nil
			edit(e.Page, in)
			record(t, r, e, e) // twice, as no crawl does
			if err := r.Finish(ctx, in); err != nil {
				t.Fatal(err)
			}
		}
		want := []PageSeen{{Site: "portal", URL: url, First: day(1), Last: day(4), Changed: day(3), Digest: digestOf([]byte("two"))}}
		for _, site := range []string{"portal", ""} {
			got, err := s.PageHistory(ctx, site, url)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("history of %q (-want +got):\n%s", site, diff)
			}
		}
		e, r := page(0, "four"), begin(t, s, "d8")
		e.Page.Fetched = day(8)
		record(t, r, page(0, "four, but again"), e)
		if err := r.Finish(ctx, result("d8")); err != nil {
			t.Fatal(err)
		}
		if got, err := s.PageHistory(ctx, "portal", url); err != nil || got[0].Digest != digestOf([]byte("four")) || !got[0].Changed.Equal(day(8)) {
			t.Errorf("the last of two: %+v, %v", got, err)
		}
		if got, err := s.PageHistory(ctx, "elsewhere", url); err != nil || len(got) != 0 {
			t.Errorf("another site: %+v, %v", got, err)
		}
	})
}

// Rows of lists keep their first day when their title and date change.
func TestItemHistory(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		for i, item := range []inspect.ListItem{{Title: "旧题", URL: "http://www.example.gov.cn/1.html", Date: t0}, {Title: "新题", URL: "http://www.example.gov.cn/1.html", Date: t0.AddDate(0, 0, 9)}} {
			h := header([]string{"i1", "i2"}[i])
			h.Started = t0.AddDate(0, 0, i)
			if err := s.Begin(t.Context(), h); err != nil {
				t.Fatal(err)
			}
			in := result(h.ID)
			in.Started, in.Seen = h.Started, map[string][]inspect.ListItem{"要闻": {item, item}, "公告": {item}}
			r := s.Recorder(h.ID)
			record(t, r, page(1, "x"))
			if err := r.Finish(t.Context(), in); err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.PageHistory(t.Context(), "portal", "http://www.example.gov.cn/1.html")
		if err != nil || len(got) != 1 {
			t.Fatal(got, err)
		}
		row := RowSeen{Title: "新题", Date: t0.AddDate(0, 0, 9), First: t0, Last: t0.AddDate(0, 0, 1)}
		want := []RowSeen{row, row}
		want[0].Column, want[1].Column = "公告", "要闻"
		if diff := cmp.Diff(want, got[0].Rows); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
	})
}
