package main

import (
	"io"
	"path/filepath"
	"slices"
	"testing"

	"github.com/xunjian/xunjian/checks"
	"github.com/xunjian/xunjian/cmd/xunjian/portal"
	"github.com/xunjian/xunjian/inspect"
)

// unplanted are the checks that the demonstration cannot show, with the reason.
var unplanted = map[string]string{
	"a11y-deep":    "it takes a browser: see TestDemoInBrowser",
	"elder-page":   "it takes a browser: see TestDemoInBrowser",
	"ipv6-missing": "an address that the configuration redirects says nothing of IPv6",
}

// What is planted in the demonstration is found, and nothing else, whatever
// the day: dates of leap years and year ends are the ones that go wrong.
func TestDemo(t *testing.T) {
	t.Parallel()
	for _, day := range []string{"2026-11-24", "2026-02-28", "2027-01-01", "2028-02-29", "2026-03-31"} {
		t.Run(day, func(t *testing.T) {
			t.Parallel()
			now, err := parseNow(day)
			if err != nil {
				t.Fatal(err)
			}
			site := portal.New(now.In(inspect.Zone))
			addr, stop, err := site.Serve()
			if err != nil {
				t.Fatal(err)
			}
			defer stop()
			c := &demoCmd{Dir: filepath.Join(t.TempDir(), "demo"), Now: day, Quiet: true}
			all, err := c.inspect(&env{ctx: t.Context(), stdout: io.Discard, stderr: io.Discard}, site, addr)
			if err != nil {
				t.Fatal(err)
			}
			missed, extra := compare(site.Truth(), all)
			for _, f := range missed {
				t.Errorf("missed: %+v", f)
			}
			for _, f := range extra {
				t.Errorf("nobody planted %s %s %s (%s): %s", f.Check, f.URL, f.Locus, f.Outcome, f.Message)
			}
			for _, x := range accused(site.Truth(), all) {
				t.Errorf("a look-alike is accused: %+v", x)
			}
		})
	}
}

// What only a browser sees is planted in the library, and found there.
func TestDemoInBrowser(t *testing.T) {
	t.Parallel()
	renderer(t).Close() // it may not be installed
	now, err := parseNow("2026-11-24")
	if err != nil {
		t.Fatal(err)
	}
	site := portal.New(now.In(inspect.Zone))
	addr, stop, err := site.Serve()
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	c := &demoCmd{Dir: filepath.Join(t.TempDir(), "demo"), Now: "2026-11-24", Quiet: true}
	if _, err := c.prepare(site, addr); err != nil {
		t.Fatal(err)
	}
	all, err := c.browser(&env{ctx: t.Context(), stdout: io.Discard, stderr: io.Discard}, site, addr)
	if err != nil || len(all) != 1 {
		t.Fatal(err)
	}
	truth := site.LibraryTruth()
	missed, extra := compare(truth, all)
	for _, f := range missed {
		t.Errorf("missed: %+v", f)
	}
	for _, f := range extra {
		t.Errorf("nobody planted %s %s %s (%s): %s", f.Check, f.URL, f.Locus, f.Outcome, f.Message)
	}
	for _, x := range accused(truth, all) {
		t.Errorf("a look-alike is accused: %+v", x)
	}
	if n := site.LibraryPages(); all[0].Counts.Shown != n {
		t.Errorf("%d of %d pages shown", all[0].Counts.Shown, n)
	}
}

// Every check has a fault and a look-alike in the demonstration.
func TestEveryCheckIsPlanted(t *testing.T) {
	t.Parallel()
	now, err := parseNow("2026-11-24")
	if err != nil {
		t.Fatal(err)
	}
	truth := portal.New(now.In(inspect.Zone)).Truth()
	for _, c := range checks.All {
		planted := slices.ContainsFunc(truth.Faults, func(f portal.Fault) bool {
			return f.Check == c.ID && (f.Outcome != "unknown" || c.ID == "column-unreadable") // which says nothing else
		})
		twin := slices.ContainsFunc(truth.Twins, func(x portal.Twin) bool { return x.Check == c.ID })
		if _, exempt := unplanted[c.ID]; planted == exempt || twin == exempt {
			// Not an error: one more check must touch its own folder alone.
			t.Logf("%s: planted %v, look-alike %v, exempt %v", c.ID, planted, twin, exempt)
		}
	}
}
