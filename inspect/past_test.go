package inspect_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/inspect"
)

// What could not be looked at keeps what was known of it; what was looked at
// and is well, or is gone, does not.
func TestPastKeepsWhatCouldNotBeTold(t *testing.T) {
	t.Parallel()
	const a = home + "a.html"
	linked := func() *inspect.Page { return newPage(home, `<a href="/a.html">一</a>`) }
	page := func(change func(*inspect.Page)) *inspect.Page {
		p := newPage(a, "<p>一")
		change(p)
		return p
	}
	fine := feed(pages(linked(), page(func(*inspect.Page) {})))
	of := func(run func(*inspect.Pass) error) inspect.Bound {
		b := with(inspect.NewCheck("shaky", "---\n", inspect.PerPage, struct{}{}, nil))
		b.Run = func(_ context.Context, p *inspect.Pass) error {
			if p.Page.URL != a {
				return nil
			}
			return run(p)
		}
		return b
	}
	says := func(f inspect.Finding) inspect.Bound {
		return of(func(p *inspect.Pass) error { p.Report(f); return nil })
	}
	faulty := says(inspect.Finding{Locus: "x", Tentative: true})
	calm := of(func(*inspect.Pass) error { return nil })
	site2 := func(id string, o inspect.Outcome) inspect.Bound {
		return with(check(id, inspect.PerSite, func(p *inspect.Pass) { p.Report(inspect.Finding{Outcome: o, Locus: "要闻"}) }))
	}
	deep := func(run func(*inspect.Pass)) inspect.Bound {
		return with(check("deep", inspect.PerSite, run).InBrowser())
	}
	seen := deep(func(p *inspect.Pass) { p.Report(inspect.Finding{URL: a, Locus: "axe"}) })
	blind := deep(func(*inspect.Pass) {})
	silent := with(check("stale", inspect.PerSite, func(*inspect.Pass) {}))
	for _, c := range []struct {
		name   string
		before []inspect.Bound
		feed   feed
		now    []inspect.Bound
		kept   bool
	}{
		{"looked at and well", []inspect.Bound{faulty}, fine, []inspect.Bound{calm}, false},
		{"unknown at the place", []inspect.Bound{faulty}, fine, []inspect.Bound{says(inspect.Finding{Outcome: inspect.Unknown, Locus: "x"})}, true},
		{"unknown on the page", []inspect.Bound{faulty}, fine, []inspect.Bound{says(inspect.Finding{Outcome: inspect.Unknown, Locus: "browser"})}, true},
		{"the check broke", []inspect.Bound{faulty}, fine, []inspect.Bound{of(func(*inspect.Pass) error { return errors.New("broke") })}, true},
		{"the check was left out", []inspect.Bound{faulty}, fine, nil, true},
		{"a wall", []inspect.Bound{faulty}, pages(linked(), page(func(p *inspect.Page) {
			p.Status, p.Verdict, p.Cause = 403, inspect.CouldNotTell, inspect.Blocked
		})), []inspect.Bound{calm}, true},
		{"a page that is gone", []inspect.Bound{faulty}, pages(linked(), page(func(p *inspect.Page) {
			p.Status, p.Verdict, p.Cause = 404, inspect.Fault, inspect.Status4xx
		})), []inspect.Bound{calm}, false},
		{"a page that nothing links", []inspect.Bound{faulty}, pages(linked()), []inspect.Bound{calm}, false},
		{"a page over the budget", []inspect.Bound{faulty}, append(pages(linked()), inspect.Event{Skip: &inspect.Target{URL: a, Cause: inspect.Budget}}), []inspect.Bound{calm}, true},
		{"a home page that was not read", []inspect.Bound{faulty}, nil, []inspect.Bound{calm}, true},
		{"another site check could not tell there", []inspect.Bound{site2("stale", inspect.Fail)}, fine, []inspect.Bound{silent, site2("unreadable", inspect.Unknown)}, true},
		{"no browser this time", []inspect.Bound{seen}, fine, []inspect.Bound{blind}, true},
		{"a browser that gave up", []inspect.Bound{seen}, append(fine[:2:2], inspect.Event{Shown: &inspect.Rendered{URL: a, Problem: "没有完成"}}), []inspect.Bound{blind}, true},
		{"a browser that finds nothing", []inspect.Bound{seen}, append(fine[:2:2], inspect.Event{Shown: &inspect.Rendered{URL: a}}), []inspect.Bound{blind}, false},
		{"a site check had its say", []inspect.Bound{site2("stale", inspect.Fail)}, fine, []inspect.Bound{silent}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := site()
			first := inspectWith(t, s, today, fine, nil, c.before...)
			// What the next one knows comes back from the store as JSON.
			data, err := json.Marshal(first.Past)
			if err != nil {
				t.Fatal(err)
			}
			s.Past = &inspect.Past{}
			if err := json.Unmarshal(data, s.Past); err != nil {
				t.Fatal(err)
			}
			print := first.Findings[0].Fingerprint
			second := inspectWith(t, s, today.Add(24*time.Hour), c.feed, nil, c.now...)
			got, kept := second.Past.Findings[print]
			if kept != c.kept {
				t.Fatalf("kept %v, want %v: %+v", kept, c.kept, second.Past.Findings)
			}
			if kept && (got.Times != 1 || !got.Last.Equal(today) || !got.First.Equal(today)) {
				t.Errorf("kept as %+v", got)
			}
			if !kept {
				return
			}
			s.Past = second.Past
			third := inspectWith(t, s, today.Add(48*time.Hour), fine, nil, c.before...)
			if n := third.Findings[0].Times; n != 2 || third.Findings[0].State != inspect.Confirmed {
				t.Errorf("seen again: %d times, %s", n, third.Findings[0].State)
			}
			s.Past = second.Past
			late := inspectWith(t, s, today.AddDate(2, 0, 0), c.feed, nil, c.now...)
			if _, kept := late.Past.Findings[print]; kept {
				t.Error("remembered for ever")
			}
		})
	}
}

// What is left out because a check finds too much, and what stands on a page
// with more links than are read, is not repaired: nobody looked, or nobody says.
func TestTooMuchIsNotRepaired(t *testing.T) {
	t.Parallel()
	many := func(n int) inspect.Bound {
		return with(check("many", inspect.PerSite, func(p *inspect.Pass) {
			for i := range n {
				p.Report(inspect.Finding{Locus: fmt.Sprint(i)})
			}
		}))
	}
	plain := pages(newPage(home, "<p>一"))
	packed := pages(newPage(home, strings.Repeat(`<a href="/x">一</a>`, 20_001)))
	for _, c := range []struct {
		name        string
		feed        feed
		before, now int
		act         inspect.Act
	}{
		{"repaired", plain, 100, 0, inspect.ActGone},
		{"left out of too many", plain, 100, 30_000, inspect.ActUntold},
		{"too many links", packed, 100, 0, inspect.ActUntold},
	} {
		s := site()
		first := inspectWith(t, s, today, plain, nil, many(c.before))
		s.Past = first.Past
		second := inspectWith(t, s, today.Add(24*time.Hour), c.feed, nil, many(c.now))
		if len(second.Missing) == 0 {
			t.Errorf("%s: nothing is missing", c.name)
		}
		for print, act := range second.Missing {
			if act != c.act {
				t.Fatalf("%s: %s is %s, want %s", c.name, print, act, c.act)
			}
		}
	}
}

// A fault of the last inspection whose page nothing links any more is told
// apart from one that is repaired; pages that our own limits left out are counted.
func TestMissingAndLimited(t *testing.T) {
	t.Parallel()
	s := site()
	s.Past = &inspect.Past{At: today.AddDate(0, 0, -7), Findings: map[string]inspect.Earlier{}}
	for print, url := range map[string]string{"repaired": home, "unlinked": home + "gone.html", "skipped": home + "deep.html"} {
		s.Past.Findings[print] = inspect.Earlier{First: s.Past.At, Last: s.Past.At, Times: 1, Check: "quiet", URL: url}
	}
	quiet := bound("quiet", inspect.PerPage, func(context.Context, *inspect.Pass) error { return nil })
	skip := func(url string, c inspect.Cause) inspect.Event {
		return inspect.Event{Skip: &inspect.Target{URL: url, Verdict: inspect.CouldNotTell, Cause: c}}
	}
	src := feed{{Page: newPage(home, "<p>一</p>")}, skip(home+"deep.html", ""), skip(home+"robots.html", inspect.RobotsRefused), skip(home+"trap.html", inspect.Trap)}
	in, err := (&inspect.Inspector{Source: src, Rules: rules(quiet)}).Inspect(context.Background(), "id", s, today)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]inspect.Act{"repaired": inspect.ActGone, "unlinked": inspect.ActVanished, "skipped": inspect.ActUntold}, in.Missing); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if in.Counts.Skipped != 3 || in.Counts.Limited != 1 {
		t.Errorf("%+v", in.Counts)
	}
}
