package inspect_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"weak"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/inspect"
)

func fails(_ context.Context, p *inspect.Pass) error {
	p.Report(inspect.Finding{Locus: "x", Message: "坏了"})
	return nil
}

// Promise 1: what goes wrong in a check is one Unknown, and the others go on.
func TestCheckTroubleIsOneUnknown(t *testing.T) {
	t.Parallel()
	stop := make(chan struct{})
	t.Cleanup(func() { close(stop) })
	for _, tc := range []struct {
		name string
		run  inspect.Run
		want string
	}{
		{"panic", func(context.Context, *inspect.Pass) error { panic("index out of range") }, "检查程序出错：index out of range"},
		{"panic after a report", func(_ context.Context, p *inspect.Pass) error {
			p.Report(inspect.Finding{Locus: "half"})
			panic("late")
		}, "检查程序出错：late"},
		{"error", func(context.Context, *inspect.Pass) error { return errors.New("no such table") }, "no such table"},
		{"error after a report", func(_ context.Context, p *inspect.Pass) error {
			p.Report(inspect.Finding{Locus: "half"})
			return errors.New("no such table")
		}, "no such table"},
		{"deadline", func(context.Context, *inspect.Pass) error { <-stop; return nil }, "未完成"},
	} {
		for _, scope := range []inspect.Scope{inspect.PerPage, inspect.PerSite} {
			t.Run(fmt.Sprintf("%s/%d", tc.name, scope), func(t *testing.T) {
				t.Parallel()
				i := &inspect.Inspector{Source: pages(newPage(home, "<p>一"), newPage(home+"b.html", "<p>二"), newPage(home+"c.html", "<p>三")),
					Rules: rules(bound("a-bad", scope, tc.run), bound("b-good", inspect.PerPage, fails), bound("c-site", inspect.PerSite, fails)), Deadline: 20 * time.Millisecond}
				in, err := i.Inspect(t.Context(), "id", site(), today)
				if err != nil {
					t.Fatal(err)
				}
				var bad []inspect.Finding
				others := map[string]int{}
				for _, f := range in.Findings {
					if f.Check == "a-bad" {
						bad = append(bad, f)
					} else if f.Outcome == inspect.Fail {
						others[f.Check]++
					}
				}
				if len(bad) != 1 || bad[0].Outcome != inspect.Unknown || !strings.Contains(bad[0].Message, tc.want) {
					t.Errorf("findings of the check in trouble = %+v, want one unknown with %q", bad, tc.want)
				}
				if diff := cmp.Diff(map[string]int{"b-good": 3, "c-site": 1}, others); diff != "" {
					t.Errorf("findings of the others (-want +got):\n%s", diff)
				}
				if c := in.Coverage(); c >= 1 || in.Grade.Points != 100 {
					t.Errorf("coverage %v, points %v; want less than 1, and 100", c, in.Grade.Points)
				}
			})
		}
	}
}

// A page that our own program cannot read is could-not-tell for every check.
func TestPageThatBreaksTheReader(t *testing.T) {
	t.Parallel()
	broken := newPage(home+"a.html", `<a href="?q=中">一</a>`)
	broken.EncodeQuery = func(string) string { panic("encoder") }
	deep := newPage(home+"deep.html", strings.Repeat("<div>", 20000)+"深")
	in := inspectAll(t, pages(newPage(home, "<p>一"), broken, deep), rules(bound("b-good", inspect.PerPage, fails)))
	if len(in.Findings) != 1 || in.Findings[0].URL != home {
		t.Errorf("findings = %+v, want that of the home page alone", in.Findings)
	}
	if in.Counts.Failed != 2 || in.Counts.Due != 3 || in.Counts.Untold != 2 {
		t.Errorf("counts = %+v, want 2 failed, 2 of 3 untold", in.Counts)
	}
}

func TestUnreadablePagesCostNothing(t *testing.T) {
	t.Parallel()
	blocked := newPage(home+"blocked.html", "<p>请开启脚本")
	blocked.Verdict, blocked.Cause = inspect.CouldNotTell, inspect.Blocked
	cut := newPage(home+"cut.html", "<p>半")
	cut.Truncated = true
	late := &inspect.Page{Target: inspect.Target{URL: home + "late.html", Verdict: inspect.CouldNotTell, Cause: inspect.Timeout}}
	gone := newPage(home+"gone.html", "<p>404")
	gone.Status, gone.Verdict, gone.Cause = 404, inspect.Fault, inspect.Status4xx
	f := append(pages(newPage(home, "<p>一"), blocked, cut, late, gone),
		inspect.Event{Skip: &inspect.Target{URL: home + "budget.html", Cause: inspect.Budget}},
		inspect.Event{Skip: &inspect.Target{URL: home + "robots.html", Cause: inspect.RobotsRefused}},
		inspect.Event{Skip: &inspect.Target{URL: home + "trap.html", Cause: inspect.Trap, Detail: "日历"}})
	in := inspectAll(t, f, rules(bound("b-good", inspect.PerPage, fails)))
	if len(in.Findings) != 1 || in.Grade.Points != 100 {
		t.Errorf("findings = %+v, points %v; want one and 100", in.Findings, in.Grade.Points)
	}
	c := in.Counts
	// Due: the home page, three that could not be read and one that our budget left out.
	if c.Fetched != 5 || c.Failed != 4 || c.Skipped != 3 || c.Due != 5 || c.Untold != 4 || in.Coverage() != 0.2 {
		t.Errorf("counts = %+v, coverage %v", c, in.Coverage())
	}
}

// A template's fault is one finding with as many places as pages, each once,
// in whatever order the pages come and however often a page shows it.
func TestTemplateFaultsJoin(t *testing.T) {
	t.Parallel()
	twice := bound("foot", inspect.PerPage, func(_ context.Context, p *inspect.Pass) error {
		for range 2 {
			p.Report(inspect.Finding{Locus: "a", Message: "在" + p.Page.URL, Template: true})
		}
		p.Report(inspect.Finding{Locus: "own", Message: "一处"})
		p.Report(inspect.Finding{Locus: "own", Message: "再报一次"})
		return nil
	})
	var f feed
	for i := range 47 {
		f = append(f, pages(newPage(fmt.Sprintf("%sp%02d.html", home, i), "<p>文"))...)
	}
	slices.Reverse(f)
	in := inspectAll(t, f, rules(twice))
	var shared []inspect.Finding
	for _, x := range in.Findings {
		switch {
		case x.Locus == "a":
			shared = append(shared, x)
		case x.Places != 1 || x.Examples != nil || x.Message != "一处":
			t.Errorf("a page's own fault = %+v, want one place without examples, as first told", x)
		}
	}
	if len(shared) != 1 {
		t.Fatalf("%d findings of the template, want 1", len(shared))
	}
	x := shared[0]
	if x.Places != 47 || x.URL != home+"p00.html" || x.Message != "在"+x.URL || len(x.Examples) != 20 || !slices.IsSorted(x.Examples) || x.Examples[0] != x.URL {
		t.Errorf("template finding = %+v", x)
	}
	if len(in.Findings) != 48 {
		t.Errorf("%d findings, want 48", len(in.Findings))
	}
}

// mixed are events of every kind, anew for each run, since pages keep what was computed.
func mixed() feed {
	var f feed
	for i := range 40 {
		u := fmt.Sprintf("%sd%d/p%02d.html", home, i%4, i)
		f = append(f, pages(newPage(u, fmt.Sprintf(`<title>第%d页</title><style>p{background:url(/x%d.png)}</style><h1>标题%d</h1>
<p style="background:url(/a.png)">一</p><b style="background:url(/a.png)">二</b><ul><li><a href="p%02d.html">旧文章标题</a> 2024-05-%02d</ul><a href="/gone.html">看%d</a><div class="foot"><a href="/foot">脚</a></div>`, i, i%3, i, i+1, i%28+1, i)))...)
		if i%5 == 0 {
			f = append(f, inspect.Event{Target: &inspect.Target{URL: fmt.Sprintf("%sx%d.png", home, i), Status: 404, Verdict: inspect.Fault, Cause: inspect.Status4xx}})
		}
		for k := range 3 { // more traps than an inspection notes
			f = append(f, inspect.Event{Skip: &inspect.Target{URL: fmt.Sprintf("%scal/%d-%d", home, i, k), Cause: inspect.Trap, Detail: "日历"}})
		}
	}
	f = append(f, pages(newPage(home, `<a href="/gone.html">首页的链接</a><img src="/a.png">`))...)
	for _, u := range []string{"gone.html", "a.png", "foot"} {
		f = append(f, inspect.Event{Target: &inspect.Target{URL: home + u, Status: 404, Verdict: inspect.Fault, Cause: inspect.Status4xx}})
	}
	return f
}

func mixedRules() *inspect.Rulebook {
	return rules(
		bound("foot", inspect.PerPage, func(_ context.Context, p *inspect.Pass) error {
			p.Report(inspect.Finding{Locus: ".foot", Message: p.Page.Title(), Template: true, Value: float64(len(p.Page.Links()))})
			return nil
		}),
		bound("links", inspect.PerSite, func(_ context.Context, p *inspect.Pass) error {
			for l := range p.Links {
				p.Report(inspect.Finding{URL: l.First, Locus: l.URL, Message: l.Text + string(l.Kind), Value: float64(l.Pages)})
			}
			for f := range p.Pages {
				p.Clock(inspect.Clock{Name: f.Title, URL: f.URL, Left: len(f.Links)})
			}
			return nil
		}))
}

// Promise 3: events in any order give the same bytes.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	want := written(t, inspectAll(t, mixed(), mixedRules()))
	if n := strings.Count(want, `"check":`); n < 5 {
		t.Fatalf("only %d findings to compare", n)
	}
	for seed := range uint64(12) {
		f := mixed()
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(f), func(i, j int) { f[i], f[j] = f[j], f[i] })
		if diff := cmp.Diff(want, written(t, inspectAll(t, f, mixedRules()))); diff != "" {
			t.Fatalf("seed %d (-want +got):\n%s", seed, diff)
		}
	}
}

// A recorder that forgets after some events.
type forgetful struct {
	left     int
	finished *inspect.Inspection
}

func (f *forgetful) Event(context.Context, inspect.Event) error {
	if f.left--; f.left < 0 {
		return errors.New("disk full")
	}
	return nil
}

func (f *forgetful) Finish(_ context.Context, in *inspect.Inspection) error {
	f.finished = in
	return nil
}

func TestRecorderErrorEndsTheInspection(t *testing.T) {
	t.Parallel()
	rec := &forgetful{left: 2}
	i := &inspect.Inspector{Source: mixed(), Rules: rules(bound("b-good", inspect.PerPage, fails)), Record: rec}
	in, err := i.Inspect(t.Context(), "id", site(), today)
	if err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("error = %v, want the recorder's", err)
	}
	if in == nil || in.Complete || in.Stopped == "" || in.Grade.Verdict == inspect.Passed || len(in.Findings) == 0 {
		t.Errorf("inspection = %+v, want what was seen, incomplete", in)
	}
	if rec.finished != in {
		t.Error("the recorder was not told the end")
	}
}

func TestReplayedEventsAreNotRecorded(t *testing.T) {
	t.Parallel()
	f := pages(newPage(home, "<p>一"), newPage(home+"b.html", "<p>二"))
	f[0].Replayed = true
	rec := &forgetful{left: 1}
	if _, err := (&inspect.Inspector{Source: f, Rules: rules(), Record: rec}).Inspect(t.Context(), "id", site(), today); err != nil {
		t.Errorf("error = %v; only the new page had to be remembered", err)
	}
}

func TestStopIsNeverAPass(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	i := &inspect.Inspector{Source: mixed(), Rules: rules(), Progress: func(p inspect.Progress) {
		if p.Pages == 3 {
			cancel()
		}
	}}
	in, err := i.Inspect(ctx, "id", site(), today)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v", err)
	}
	if in.Complete || in.Grade.Verdict != inspect.Undecided || in.Counts.Fetched != 3 {
		t.Errorf("complete %v, verdict %s after %d pages; want an undecided stop after 3", in.Complete, in.Grade.Verdict, in.Counts.Fetched)
	}
}

type endless struct{}

func (endless) Events(context.Context, *inspect.Site) iter.Seq2[inspect.Event, error] {
	return func(yield func(inspect.Event, error) bool) {
		if yield(inspect.Event{Page: newPage(home, "<p>一")}, nil) {
			yield(inspect.Event{}, errors.New("no network"))
		}
	}
}

func TestSourceErrorKeepsWhatWasSeen(t *testing.T) {
	t.Parallel()
	in, err := (&inspect.Inspector{Source: endless{}, Rules: rules(bound("b-good", inspect.PerPage, fails))}).Inspect(t.Context(), "id", site(), today)
	if err == nil || in.Complete || in.Stopped != "no network" || len(in.Findings) != 1 {
		t.Errorf("error %v, inspection %+v", err, in)
	}
}

// A source that makes 2,000 pages and watches them go.
type crowd struct {
	n    int
	refs []weak.Pointer[inspect.Page]
	live int // pages alive at the end of the source
}

func (c *crowd) Events(context.Context, *inspect.Site) iter.Seq2[inspect.Event, error] {
	return func(yield func(inspect.Event, error) bool) {
		filler := strings.Repeat("<p>各乡镇要压实责任，细化措施，确保任务按时完成。</p>", 200)
		for i := range c.n {
			p := newPage(fmt.Sprintf("%sn/%d.html", home, i), fmt.Sprintf("<title>第%d页</title><h1>关于第%d件事情的通知</h1>%s<a href='%d.html'>下一篇</a>", i, i, filler, i+1))
			c.refs = append(c.refs, weak.Make(p))
			if !yield(inspect.Event{Page: p}, nil) {
				return
			}
		}
		runtime.GC()
		for _, r := range c.refs {
			if r.Value() != nil {
				c.live++
			}
		}
	}
}

// Bodies and trees live only while a page is in flight.
func TestPagesAreNotKept(t *testing.T) {
	c := &crowd{n: 2000}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	in := inspectAll(t, c, rules(bound("b-good", inspect.PerPage, fails)))
	runtime.GC()
	runtime.ReadMemStats(&after)
	if c.live > 5 {
		t.Errorf("%d of %d pages are still held when the source ends", c.live, c.n)
	}
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 12<<20 { // 2,000 bodies are 28 MB
		t.Errorf("the heap grew by %d bytes", grown)
	}
	if len(in.Findings) != c.n {
		t.Errorf("%d findings, want %d", len(in.Findings), c.n)
	}
}
