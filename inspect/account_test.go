package inspect_test

import (
	"context"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

var noon = time.Date(2024, 6, 15, 12, 0, 0, 0, inspect.Zone)

func daysAgo(n int) time.Time { return noon.AddDate(0, 0, -n) }

func collected(kind inspect.SourceKind, sees []inspect.PostKind, from, to int, posts ...int) *inspect.Collection {
	c := &inspect.Collection{Source: string(kind), Kind: kind, At: noon, Verdict: inspect.Fine, Sees: sees, Complete: from > 0, To: daysAgo(to)}
	if from > 0 {
		c.From = daysAgo(from)
	}
	for _, n := range posts {
		c.Posts = append(c.Posts, inspect.Post{Title: strings.Repeat("一", n+9), Published: daysAgo(n)})
	}
	return c
}

// Silence of a WeChat account takes both kinds of posts; other platforms have one.
func TestSilentUntil(t *testing.T) {
	published, sent := []inspect.PostKind{inspect.Published}, []inspect.PostKind{inspect.MassSent}
	dead := collected(inspect.FromFeed, nil, 30, 0)
	dead.Verdict = inspect.CouldNotTell
	tests := []struct {
		name     string
		platform inspect.Platform
		feeds    []*inspect.Collection
		want     int // days ago; -1: nothing is proved
	}{
		{"both kinds", inspect.WeChat, []*inspect.Collection{collected("wechat", published, 30, 0), collected("wechat", sent, 17, 1)}, 1},
		{"one kind", inspect.WeChat, []*inspect.Collection{collected("wechat", published, 30, 0)}, -1},
		{"an import of all", inspect.WeChat, []*inspect.Collection{collected("import", nil, 30, 2)}, 2},
		{"begins too late", inspect.Weibo, []*inspect.Collection{collected("weibo", nil, 10, 0)}, -1},
		{"not complete", inspect.Weibo, []*inspect.Collection{collected("feed", nil, 0, 0)}, -1},
		{"dead", inspect.Weibo, []*inspect.Collection{dead}, -1},
		{"none", inspect.Weibo, nil, -1},
		{"the one that reaches further", inspect.Weibo, []*inspect.Collection{collected("import", nil, 40, 5), collected("weibo", nil, 20, 0)}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := &inspect.MediaAccount{Platform: tt.platform}
			want := time.Time{}
			if tt.want >= 0 {
				want = daysAgo(tt.want)
			}
			if got := m.SilentUntil(tt.feeds, daysAgo(14)); !got.Equal(want) {
				t.Errorf("silent until %v, want %v", got, want)
			}
		})
	}
}

func TestActivity(t *testing.T) {
	m := &inspect.MediaAccount{Platform: inspect.Weibo}
	a := m.ActivityOf([]*inspect.Collection{collected("weibo", nil, 40, 0, 3, 15, 40), collected("import", nil, 0, 0, 3, 90), collected("stamp", nil, 0, 0, -3)}, noon)
	if len(a.Posts) != 4 || !a.Posts[0].Published.Equal(daysAgo(3)) {
		t.Errorf("posts %+v", a.Posts) // the same post of two sources once, and none of the future
	}
	if !a.Known || a.Gap != 25 || !a.GapEnd.Equal(daysAgo(15)) {
		t.Errorf("gap %d until %v, known %v: the 50 days before are not completely known", a.Gap, a.GapEnd, a.Known)
	}
	if len(a.Months) != 3 || a.Months[0] != (inspect.MonthPosts{Month: "2024-06", Posts: 1}) || a.Months[1] != (inspect.MonthPosts{Month: "2024-05", Posts: 2}) {
		t.Errorf("months %+v", a.Months)
	}
	if a := m.ActivityOf([]*inspect.Collection{collected("feed", nil, 0, 0, 3, 40)}, noon); a.Known {
		t.Error("a gap between posts of which some may be missing is told")
	}
}

type feeds []*inspect.Collection

func (f feeds) Events(context.Context, *inspect.Site) iter.Seq2[inspect.Event, error] {
	return func(yield func(inspect.Event, error) bool) {
		for _, c := range f {
			if !yield(inspect.Event{Feed: c}, nil) {
				return
			}
		}
	}
}

type memory struct{ events []inspect.Event }

func (m *memory) Event(_ context.Context, e inspect.Event) error {
	m.events = append(m.events, e)
	return nil
}
func (m *memory) Finish(context.Context, *inspect.Inspection) error { return nil }

// Site checks leave accounts alone and account checks sites; what a check
// conceals is masked in what is remembered, and told again from there.
func TestAccountLoop(t *testing.T) {
	runs := map[string]int{}
	check := func(id string, s inspect.Scope, run func(p *inspect.Pass)) inspect.Bound {
		c := inspect.NewCheck(id, "---\n", s, struct{}{}, func(_ context.Context, p *inspect.Pass, _ struct{}) error {
			runs[id]++
			run(p)
			return nil
		})
		r, err := c.Bind(func(any) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		return inspect.Bound{Check: c, Run: r}
	}
	rb := &inspect.Rulebook{Checks: []inspect.Bound{check("of-sites", inspect.PerSite, func(*inspect.Pass) {}), check("of-accounts", inspect.PerAccount, func(p *inspect.Pass) {
		for _, c := range p.Feeds {
			for _, post := range c.Posts {
				if strings.Contains(post.Text, "secret") {
					p.Report(inspect.Finding{Outcome: inspect.Review, Locus: "s***", Message: "s***"})
					p.Conceal(inspect.Secret{Raw: "secret", Mask: "s***"})
				}
			}
		}
	})}}
	site := &inspect.Site{ID: "a", Kind: inspect.Account, Account: &inspect.MediaAccount{Platform: inspect.Weibo, Sources: []inspect.MediaSource{{Name: "weibo", Kind: inspect.FromWeibo}}}}
	c := collected("weibo", nil, 20, 0, 3)
	c.Posts[0].Text = "the secret of the house"
	dead := &inspect.Collection{Source: "feed", Kind: inspect.FromFeed, At: noon, Verdict: inspect.CouldNotTell, Cause: inspect.Timeout}
	var kept memory
	in, err := (&inspect.Inspector{Source: feeds{dead, c}, Rules: rb, Record: &kept}).Inspect(t.Context(), "1", site, noon)
	if err != nil || runs["of-sites"] != 0 || runs["of-accounts"] != 1 || len(in.Findings) != 1 || in.Feeds[0].Source != "weibo" || len(in.Notes) != 1 {
		t.Fatalf("%v %v %+v", err, runs, in)
	}
	if len(kept.events) != 2 || kept.events[1].Feed.Posts[0].Text != "the s*** of the house" {
		t.Errorf("remembered %+v", kept.events)
	}
	for i := range kept.events {
		kept.events[i].Replayed = true
	}
	again, err := (&inspect.Inspector{Source: feeds{kept.events[0].Feed, kept.events[1].Feed}, Rules: rb}).Inspect(t.Context(), "1", site, noon)
	if err != nil || len(again.Findings) != 1 || again.Findings[0].Message != in.Findings[0].Message || again.Findings[0].Fingerprint != in.Findings[0].Fingerprint {
		t.Errorf("replayed: %v %+v", err, again.Findings)
	}
	if _, err := (&inspect.Inspector{Source: feeds{}, Rules: rb}).Inspect(t.Context(), "2", &inspect.Site{ID: "s", Home: "http://s.example/"}, noon); err != nil || runs["of-sites"] != 1 || runs["of-accounts"] != 2 {
		t.Errorf("a site runs %v", runs)
	}
}
