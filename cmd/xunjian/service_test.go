package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/schedule"
	"github.com/xunjian/xunjian/store"
)

// serving is a service in this process, with a clock that a test may move.
func serving(t *testing.T, yaml string) (*service, *atomic.Int64) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "c.yaml")
	if err := os.WriteFile(file, []byte(yaml), 0o644); err != nil {
		t.Fatal(err)
	}
	w := &workFlags{Config: file, Data: filepath.Join(dir, "data")}
	p, err := w.plan()
	if err != nil {
		t.Fatal(err)
	}
	s, err := newService(t.Context(), p, &workFlags{}, true, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	ahead := &atomic.Int64{}
	s.now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	return s, ahead
}

// work starts the service's engine, whose timetable is empty: what runs is
// what the test asks for.
func (s *service) work(t *testing.T) {
	t.Helper()
	var err error
	s.engine, err = schedule.New(t.Context(), schedule.Config{Dir: s.p.cfg.Data, Handlers: s.handlers(), Lease: 5 * time.Second, Clock: s.now, Watch: s.watch})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.engine.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := s.engine.Stop(ctx); err != nil {
			t.Error(err)
		}
		s.engine.Close()
	})
}

// do runs one job to its end and returns its state.
func (s *service) do(t *testing.T, k schedule.Kind, target, note string) schedule.Status {
	t.Helper()
	j, _, err := s.engine.Ask(t.Context(), k, target, note)
	if err != nil {
		t.Fatal(err)
	}
	await(t, string(k), func() bool {
		all, err := s.engine.List(t.Context(), nil, []schedule.Kind{k}, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range all {
			if x.ID == j.ID {
				j = x
			}
		}
		return slices.Contains([]string{"completed", "cancelled", "discarded", "scheduled", "retryable"}, j.State)
	})
	return j
}

func must(t *testing.T, j schedule.Status, state string) {
	t.Helper()
	if j.State != state {
		t.Fatalf("%s %s is %s, want %s: %s", j.Kind, j.Target, j.State, state, j.Error)
	}
}

// withEmpty is a district whose first site has a column that is blank.
func withEmpty(d *district) string {
	return strings.Replace(string(d.config("test")), "genre: news}]", "genre: news}, {name: 通知公告, url: /empty/, genre: notice}]", 1)
}

// What one look does not prove is confirmed by a second look on another day,
// not on the same; the next whole inspection knows of it.
func TestConfirm(t *testing.T) {
	t.Parallel()
	d := newDistrict(1, 3, 0)
	defer d.Close()
	s, ahead := serving(t, withEmpty(d))
	s.work(t)
	must(t, s.do(t, schedule.Crawl, "s00", ""), "completed")
	blank := func(scope store.Scope) (f inspect.Finding) {
		h, err := s.st.Latest(t.Context(), "s00", scope)
		if err != nil || h == nil {
			t.Fatalf("no inspection of scope %q: %v", scope, err)
		}
		if h, err = s.st.Inspection(t.Context(), h.ID); err != nil {
			t.Fatal(err)
		}
		for _, x := range h.Findings {
			if x.Check == "column-blank" && x.Outcome == inspect.Fail {
				return x
			}
			if scope == store.Pages {
				t.Errorf("a second look tells of something else: %+v", x)
			}
		}
		return f
	}
	if f := blank(store.Whole); f.State != inspect.SeenOnce {
		t.Fatalf("after one look: %+v", f)
	}
	must(t, s.do(t, schedule.Confirm, "s00", ""), "completed")
	if h, err := s.st.Latest(t.Context(), "s00", store.Pages); err != nil || h != nil {
		t.Fatalf("a second look on the same day: %+v, %v", h, err)
	}
	ahead.Store(int64(25 * time.Hour))
	must(t, s.do(t, schedule.Confirm, "s00", ""), "completed")
	if f := blank(store.Pages); f.State != inspect.Confirmed || f.Times != 2 {
		t.Errorf("after the second look: %+v", f)
	}
	ahead.Store(int64(50 * time.Hour))
	must(t, s.do(t, schedule.Crawl, "s00", ""), "completed")
	if f := blank(store.Whole); f.State != inspect.Confirmed || f.Times != 3 {
		t.Errorf("in the next whole inspection: %+v", f)
	}
}

// The lists are looked at without the rest of the site, with a past of their
// own; a fault by its fingerprint and a page by its address are looked at
// again; what is not there is not tried twice.
func TestParts(t *testing.T) {
	t.Parallel()
	d := newDistrict(1, 30, 0)
	defer d.Close()
	s, _ := serving(t, withEmpty(d))
	s.work(t)
	must(t, s.do(t, schedule.Columns, "s00", ""), "completed")
	h, err := s.st.Latest(t.Context(), "s00", store.Lists)
	if err != nil || h == nil || h.Counts.Fetched != 3 {
		t.Fatalf("lists: %+v, %v", h, err)
	}
	if h, err := s.st.Latest(t.Context(), "s00", store.Whole); err != nil || h != nil {
		t.Errorf("a look at lists counts as one at the whole: %+v, %v", h, err)
	}
	must(t, s.do(t, schedule.Crawl, "s00", ""), "completed")
	all, err := s.latest(t.Context(), "s00")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(f inspect.Finding) bool { return f.Check == "link-broken" })
	if i < 0 {
		t.Fatal("no broken link was found")
	}
	must(t, s.do(t, schedule.Recheck, "s00", all[i].Fingerprint), "completed")
	h, err = s.st.Latest(t.Context(), "s00", store.Pages)
	if err != nil || h == nil {
		t.Fatal("no second look", err)
	}
	if h, err = s.st.Inspection(t.Context(), h.ID); err != nil || len(h.Findings) != 1 || h.Findings[0].Fingerprint != all[i].Fingerprint {
		t.Errorf("the second look found %+v, %v", h.Findings, err)
	}
	for _, note := range []string{"0000", "http://elsewhere.example/"} {
		must(t, s.do(t, schedule.Recheck, "s00", note), "cancelled")
	}
	must(t, s.do(t, schedule.Crawl, "nowhere", ""), "cancelled")
}

// While our own line is dead nothing is judged: jobs wait, an incident is open.
func TestOwnLine(t *testing.T) {
	t.Parallel()
	d := newDistrict(1, 3, 0)
	defer d.Close()
	s, _ := serving(t, strings.Replace(string(d.config("test")), "http://"+d.addr+"/robots.txt", "http://127.0.0.9:1/", 1))
	s.work(t)
	must(t, s.do(t, schedule.Crawl, "s00", ""), "scheduled")
	if h, err := s.st.Inspections(t.Context(), 1); err != nil || len(h) > 0 {
		t.Errorf("an inspection was begun: %+v, %v", h, err)
	}
	list, err := s.st.Incidents(t.Context(), 10)
	if err != nil || len(list) != 1 || list[0].Kind != "line" {
		t.Errorf("incidents: %+v, %v", list, err)
	}
	d.mu.Lock()
	d.dead = true // and the site fails by what it says itself
	d.mu.Unlock()
	must(t, s.do(t, schedule.Probe, "s00", ""), "completed")
	p, err := s.st.Probes(t.Context(), "s00", time.Unix(0, 0))
	p = slices.DeleteFunc(p, func(v inspect.Probe) bool { return v.Network != "tcp" })
	if err != nil || len(p) != 1 || p[0].Status != 500 {
		t.Errorf("probes: %+v, %v", p, err)
	}
}

// What an earlier life of the service left open ends when all is well.
func TestIncidentsOfAnEarlierLife(t *testing.T) {
	t.Parallel()
	d := newDistrict(1, 3, 0)
	defer d.Close()
	s, _ := serving(t, string(d.config("test")))
	for _, kind := range []string{"line", "wave"} {
		if _, err := s.st.OpenIncident(t.Context(), kind, "before", s.now()); err != nil {
			t.Fatal(err)
		}
	}
	s.work(t)
	must(t, s.do(t, schedule.Probe, "s00", ""), "completed")
	must(t, s.do(t, schedule.Columns, "s00", ""), "completed")
	list, err := s.st.Incidents(t.Context(), 10)
	if err != nil || len(list) != 2 || list[0].Ended.IsZero() || list[1].Ended.IsZero() {
		t.Errorf("incidents: %+v, %v", list, err)
	}
}

// Targets on other hosts are asked once for all sites, and again the next day.
func TestLinksAreShared(t *testing.T) {
	t.Parallel()
	d := newDistrict(3, 12, 0)
	defer d.Close()
	s, ahead := serving(t, string(d.config("test")))
	s.work(t)
	for i := range 3 {
		if err := s.st.Share(t.Context(), &inspect.Target{URL: fmt.Sprintf("http://%s/gone-%d", d.host(0), i), Verdict: inspect.Fine, Fetched: time.Now()}, false); err != nil {
			t.Fatal(err)
		}
	}
	must(t, s.do(t, schedule.Links, "", ""), "completed")
	if v, err := s.st.Verdict(t.Context(), "http://"+d.host(0)+"/gone-0", time.Unix(0, 0)); err != nil || v.Verdict != inspect.Fine {
		t.Errorf("asked again on the same day: %+v, %v", v, err)
	}
	ahead.Store(int64(24 * time.Hour))
	must(t, s.do(t, schedule.Links, "", ""), "completed")
	for i := range 3 {
		v, err := s.st.Verdict(t.Context(), fmt.Sprintf("http://%s/gone-%d", d.host(0), i), time.Unix(0, 0))
		if err != nil || v.Verdict != inspect.Fault || v.Status != 404 {
			t.Errorf("on the next day: %+v, %v", v, err)
		}
	}
}

// The month's draft and reports are laid down once: what people may have seen
// does not change.
func TestScorecardsOnce(t *testing.T) {
	t.Parallel()
	d := newDistrict(2, 3, 0)
	defer d.Close()
	s, ahead := serving(t, string(d.config("test")))
	s.work(t)
	must(t, s.do(t, schedule.Crawl, "s00", ""), "completed")
	ahead.Store(int64(31 * 24 * time.Hour))
	month := s.now().In(inspect.Zone)
	month = month.AddDate(0, 0, -month.Day())
	file := filepath.Join(s.p.cfg.Data, "bulletins", month.Format("2006-01"), "s00.html")
	must(t, s.do(t, schedule.Bulletin, "", ""), "completed")
	first, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(first), d.host(0)) {
		t.Fatalf("%s: %d bytes, %v", file, len(first), err)
	}
	must(t, s.do(t, schedule.Crawl, "s00", ""), "completed")
	must(t, s.do(t, schedule.Bulletin, "", ""), "completed")
	if again, err := os.ReadFile(file); err != nil || string(again) != string(first) {
		t.Errorf("it was written again: %v", err)
	}
	if _, files, _, err := s.st.Bulletin(t.Context(), "notice-"+month.Format("2006-01")); err != nil || len(files) < 5 {
		t.Errorf("the draft: %v, %v", files, err)
	}
	if all, err := s.st.Bulletins(t.Context(), 9); err != nil || len(all) != 1 && month.Month()%3 > 0 || all[0].State != inspect.Drafted {
		t.Errorf("drafts: %v, %v", all, err)
	}
	if list, err := os.ReadDir(filepath.Dir(file)); err != nil || len(list) != 1 {
		t.Errorf("files: %v, %v", list, err)
	}
}

// The file's lines stand over the defaults; a line for some sites leaves the
// others as they are; maintenance is of the sites that announced it.
func TestEntries(t *testing.T) {
	t.Parallel()
	s, _ := serving(t, `
sites:
  - {id: a, home: a.example.gov.cn}
  - {id: b, home: b.example.gov.cn}
schedules:
  - {kind: probe, cron: "0 * * * *", sites: [b]}
  - {kind: crawl, cron: "0 1 * * *", quiet: ["08:00-18:00"]}
  - {kind: columns, off: true, sites: [a]}
  - {kind: deep, off: true}
  - {kind: confirm, cron: "0 1 * * *", zone: Asia/Urumqi}
maintenance:
  - {sites: [b], from: 2026-12-05 22:00, to: 2026-12-06 02:00, reason: 停电}
`)
	got := map[string]schedule.Entry{}
	for _, e := range s.entries() {
		got[string(e.Kind)+" "+e.Targets[0]] = e // of two, the later holds
	}
	for k, spec := range map[string]string{"probe a": "*/15 * * * *", "probe b": "0 * * * *", "crawl a": "0 1 * * *", "columns a": "", "columns b": "0 6 * * *", "deep a": "", "links ": "30 1 * * *"} {
		if got[k].Spec != spec {
			t.Errorf("%s: %q, want %q", k, got[k].Spec, spec)
		}
	}
	if len(got["crawl a"].Quiet) != 1 || len(got["crawl a"].Closed) != 0 || len(got["crawl b"].Closed) != 1 {
		t.Errorf("quiet and maintenance: %+v, %+v", got["crawl a"], got["crawl b"])
	}
	if z := got["confirm a"].Zone.String(); z != "Asia/Urumqi" || got["crawl a"].Zone != inspect.Zone {
		t.Errorf("zones: %s, %s", z, got["crawl a"].Zone)
	}
}

// Only what was told today serves: a fault that must be seen on two days is
// never confirmed by one look that counts twice.
func TestVerdictsOfToday(t *testing.T) {
	t.Parallel()
	s, _ := serving(t, "sites:\n  - {id: a, home: a.example.gov.cn}\n")
	morning := inspect.Day(time.Now()).Add(9 * time.Hour)
	s.now = func() time.Time { return morning }
	for u, at := range map[string]time.Time{"http://today.example/": morning.Add(-time.Hour), "http://yesterday.example/": morning.Add(-10 * time.Hour)} {
		if err := s.st.Share(t.Context(), &inspect.Target{URL: u, Verdict: inspect.Fault, Cause: inspect.Status5xx, Fetched: at}, false); err != nil {
			t.Fatal(err)
		}
	}
	k := &told{s}
	if v := k.Verdict(t.Context(), "http://today.example/"); v == nil || v.Cause != inspect.Status5xx {
		t.Errorf("today's: %+v", v)
	}
	if v := k.Verdict(t.Context(), "http://yesterday.example/"); v != nil {
		t.Errorf("yesterday's, ten hours old: %+v", v)
	}
}
