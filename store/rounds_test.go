package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/inspect"
)

func TestRounds(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		for i, id := range []string{"r1", "r2"} {
			h := header(id)
			h.Started = t0.AddDate(0, 0, i)
			if err := s.Begin(ctx, h); err != nil {
				t.Fatal(err)
			}
			r := s.Recorder(id)
			record(t, r, append(sample(), inspect.Event{Shown: &inspect.Rendered{URL: "http://www.example.gov.cn/1.html", Picture: []byte("jpeg")}})...)
			in := result(id)
			in.Started = h.Started
			if err := r.Finish(ctx, in); err != nil {
				t.Fatal(err)
			}
		}
		begin(t, s, "r3") // is not done
		all, err := s.SiteRounds(ctx, "portal", 5)
		if err != nil || len(all) != 2 || all[0].ID != "r2" || all[0].Grade.Points != 95 || all[0].Clocks[0].Left != -6 {
			t.Errorf("%+v, %v", all, err)
		}
		last, err := s.Standings(ctx)
		if err != nil || len(last) != 1 {
			t.Fatalf("%v, %v", last, err)
		}
		if diff := cmp.Diff(all[0], last["portal"], compare); diff != "" {
			t.Errorf("(-SiteRounds +Standings):\n%s", diff)
		}
		f, err := s.Found(ctx, "r1", "0123")
		if err != nil || f == nil || f.Locus != "要闻" {
			t.Errorf("%+v, %v", f, err)
		}
		p, err := s.Fetched(ctx, "r1", "http://www.example.gov.cn/1.html")
		if err != nil || p == nil || string(p.Raw) != "<p>一" || p.Header.Get("Etag") != `"1"` {
			t.Errorf("%+v, %v", p, err)
		}
		shown, err := s.Shown(ctx, "r1", "http://www.example.gov.cn/1.html")
		if err != nil || shown == nil || string(shown.Picture) != "jpeg" {
			t.Errorf("%+v, %v", shown, err)
		}
		f, err1 := s.Found(ctx, "r1", "none")
		p, err2 := s.Fetched(ctx, "r1", "http://none.example/\x00")
		shown, err3 := s.Shown(ctx, "none", "")
		if f != nil || p != nil || shown != nil || err1 != nil || err2 != nil || err3 != nil {
			t.Error(f, p, shown, err1, err2, err3)
		}
	})
}
