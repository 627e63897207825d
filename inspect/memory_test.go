package inspect_test

import (
	"context"
	"encoding/json"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// site checks bound with all that a Check can carry.
func with(c *inspect.Check) inspect.Bound {
	run, err := c.Bind(func(any) error { return nil })
	if err != nil {
		panic(err)
	}
	return inspect.Bound{Check: c, Run: run}
}

func check(id string, s inspect.Scope, run func(*inspect.Pass)) *inspect.Check {
	return inspect.NewCheck(id, "---\n", s, struct{}{}, func(_ context.Context, p *inspect.Pass, _ struct{}) error { run(p); return nil })
}

func inspectWith(t *testing.T, s *inspect.Site, now time.Time, src inspect.Source, rec inspect.Recorder, bs ...inspect.Bound) *inspect.Inspection {
	t.Helper()
	in, err := (&inspect.Inspector{Source: src, Rules: rules(bs...), Record: rec}).Inspect(t.Context(), "id", s, now)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// A tentative failure is suspected, and costs nothing, until it was seen again
// on another day; one that was gone in between begins anew.
func TestSuspectedThenConfirmed(t *testing.T) {
	t.Parallel()
	shaky := with(check("shaky", inspect.PerSite, func(p *inspect.Pass) { p.Report(inspect.Finding{Locus: "x", Tentative: true}) }))
	calm := with(check("shaky", inspect.PerSite, func(*inspect.Pass) {}))
	s := site()
	at := today
	next := func(after time.Duration, b inspect.Bound) (inspect.State, int, inspect.Decision) {
		at = at.Add(after)
		rb := rules(b)
		rb.Items = []inspect.Item{{ID: "V", Part: inspect.Veto, Checks: []string{"shaky"}, Mark: inspect.Verified}}
		in, err := (&inspect.Inspector{Source: pages(newPage(home, "<p>一")), Rules: rb}).Inspect(t.Context(), "id", s, at)
		if err != nil {
			t.Fatal(err)
		}
		// What the next one knows comes back from the store as JSON.
		data, err := json.Marshal(in.Past)
		if err != nil {
			t.Fatal(err)
		}
		s.Past = &inspect.Past{}
		if err := json.Unmarshal(data, s.Past); err != nil {
			t.Fatal(err)
		}
		if len(in.Findings) == 0 {
			return "", 0, in.Grade.Verdict
		}
		return in.Findings[0].State, in.Findings[0].Times, in.Grade.Verdict
	}
	for i, step := range []struct {
		after   time.Duration
		check   inspect.Bound
		state   inspect.State
		times   int
		verdict inspect.Decision
	}{
		{0, shaky, inspect.SeenOnce, 1, inspect.Undecided},
		{time.Hour, shaky, inspect.SeenOnce, 2, inspect.Undecided}, // twice, but on one day
		{24 * time.Hour, shaky, inspect.Confirmed, 3, inspect.Failed},
		{24 * time.Hour, calm, "", 0, inspect.Passed},
		{24 * time.Hour, shaky, inspect.SeenOnce, 1, inspect.Undecided},
	} {
		state, times, verdict := next(step.after, step.check)
		if state != step.state || times != step.times || verdict != step.verdict {
			t.Errorf("step %d: %q, %d times, %s; want %q, %d times, %s", i, state, times, verdict, step.state, step.times, step.verdict)
		}
	}
}

// An asking source answers what it is asked, and counts.
type asking struct {
	inspect.Source
	asked *[]string
}

func (a asking) Ask(_ context.Context, _ *inspect.Site, qs []inspect.Question) iter.Seq2[inspect.Event, error] {
	return func(yield func(inspect.Event, error) bool) {
		for _, q := range qs {
			*a.asked = append(*a.asked, q.URL)
			p := newPage(q.URL, "<p>答")
			if !yield(inspect.Event{Answer: p}, nil) {
				return
			}
		}
	}
}

type tape struct{ events []inspect.Event }

func (r *tape) Event(_ context.Context, e inspect.Event) error {
	r.events = append(r.events, e)
	return nil
}
func (*tape) Finish(context.Context, *inspect.Inspection) error { return nil }

// A check keeps facts of pages, asks the site, and leaves word for next time;
// what the record answers is not asked again.
func TestGatherAskKeep(t *testing.T) {
	t.Parallel()
	c := check("wise", inspect.PerSite, func(p *inspect.Pass) {
		n := 0
		for g := range p.Gathered {
			n += g.Kept.(int)
		}
		var before int
		p.Recall(&before)
		p.Keep(n)
		answer := "无"
		if a := p.Answer(home + "s?q=1"); a != nil {
			answer = a.Text()
		}
		p.Report(inspect.Finding{Locus: "x", Value: float64(n), Message: answer, Class: string(rune('0' + before))})
	}).Gathering(func(p *inspect.Pass) any {
		if strings.Contains(p.Page.Text(), "不") {
			return nil
		}
		return len(p.Page.Text())
	}).Asking(func(p *inspect.Pass) []inspect.Question {
		return []inspect.Question{{URL: home + "s?q=1"}, {URL: home + "s?q=1"}}
	})
	var asked []string
	rec := &tape{}
	src := asking{pages(newPage(home, "<p>a"), newPage(home+"b.html", "<p>bb"), newPage(home+"c.html", "<p>不")), &asked}
	s := site()
	in := inspectWith(t, s, today, src, rec, with(c))
	if f := in.Findings[0]; f.Value != 3 || f.Message != "答" || f.Class != "0" || len(asked) != 1 {
		t.Errorf("%+v, asked %v", f, asked)
	}
	s.Past = in.Past
	again := inspectWith(t, s, today, asking{replayed(rec.events), &asked}, nil, with(c))
	if f := again.Findings[0]; f.Message != "答" || f.Class != "3" || len(asked) != 1 {
		t.Errorf("from the record: %+v, asked %v", f, asked)
	}
}

type replayed []inspect.Event

func (r replayed) Events(context.Context, *inspect.Site) iter.Seq2[inspect.Event, error] {
	return func(yield func(inspect.Event, error) bool) {
		for _, e := range r {
			e.Replayed = true
			if !yield(e, nil) {
				return
			}
		}
	}
}

// What nobody may keep stands in no finding, and what was told of a page while
// its secrets could be read is told again from the record.
func TestConceal(t *testing.T) {
	t.Parallel()
	const raw, mask = "11010519491231002X", "1101**********002X"
	finder := with(check("leak", inspect.PerPage, func(p *inspect.Pass) {
		if strings.Contains(p.Page.Text(), raw) {
			p.Conceal(inspect.Secret{Raw: raw, Mask: mask})
			p.Report(inspect.Finding{Locus: "x", Message: "泄露"})
		}
	}).AlsoFiles())
	loud := with(check("loud", inspect.PerPage, func(p *inspect.Pass) { p.Report(inspect.Finding{Locus: p.Page.Text(), Message: p.Page.Text()}) }))
	rec := &tape{}
	in := inspectWith(t, site(), today, pages(newPage(home, "<p>"+raw)), rec, finder, loud)
	if len(in.Findings) != 2 {
		t.Fatalf("%+v", in.Findings)
	}
	for _, f := range in.Findings {
		if strings.Contains(f.Message+f.Locus, raw) {
			t.Errorf("a finding holds the secret: %+v", f)
		}
	}
	p := rec.events[0].Page
	if got, ok := p.Concealed(string(p.Body)); !ok || strings.Contains(got, raw) || !strings.Contains(got, mask) {
		t.Errorf("evidence %q, %v", got, ok)
	}
	if _, ok := p.Concealed("编码得认不出的内容"); ok {
		t.Error("a text in which a secret does not stand as it was told is called clean")
	}
	kept := newPage(home, "<p>"+mask)
	kept.Sealed = p.Sealed
	again := inspectWith(t, site(), today, replayed{{Page: kept}}, nil, finder)
	if len(again.Findings) != 1 || again.Findings[0].Message != "泄露" {
		t.Errorf("from the record: %+v", again.Findings)
	}
}

// Attachments are looked at by checks that say so, and by no other.
func TestFilesAreNoPages(t *testing.T) {
	t.Parallel()
	file := &inspect.Page{Target: inspect.Target{URL: home + "a.docx", Status: 200, Verdict: inspect.Fine},
		Document: &inspect.Document{Format: "docx", Parts: []inspect.DocumentPart{{Text: "字"}}}}
	say := func(p *inspect.Pass) { p.Report(inspect.Finding{Locus: p.Page.URL}) }
	in := inspectWith(t, site(), today, pages(newPage(home, `<a href="/a.docx">附件`), file), nil,
		with(check("a-pages", inspect.PerPage, say)), with(check("b-both", inspect.PerPage, say).AlsoFiles()), with(check("c-files", inspect.PerFile, say)))
	got := map[string]int{}
	for _, f := range in.Findings {
		got[f.Check]++
		if f.URL == file.URL && f.On != home {
			t.Errorf("%s: linked on %q, want the home page", f.Check, f.On)
		}
	}
	if got["a-pages"] != 1 || got["b-both"] != 2 || got["c-files"] != 1 || in.Counts.Files != 1 || in.Counts.Fetched != 1 {
		t.Errorf("findings %v, counts %+v", got, in.Counts)
	}
}
