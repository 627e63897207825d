package main

import (
	"testing"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// How many failures more reach the line: just that many do, one less does not.
func TestFailuresLeft(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, inspect.Zone)
	site := &inspect.Site{ID: "a", Home: "http://a/"}
	c := &visitsCmd{Days: 7, Share: 0.05, Seconds: 15}
	visit := func(i int, v inspect.Verdict, whole inspect.Millis) inspect.Probe {
		return inspect.Probe{URL: site.Home, Network: "tcp", At: now.Add(-time.Duration(i) * 10 * time.Minute), Verdict: v, Whole: whole}
	}
	for _, n := range []int{1, 19, 20, 100, 671} {
		for _, failed := range []int{0, 1, n / 30} {
			var all []inspect.Probe
			for i := range n {
				v := visit(i, inspect.Fine, 200)
				if i < failed {
					v = visit(i, inspect.Fault, 0)
				}
				all = append(all, v)
			}
			r := c.row(site, all, now)
			if r.Told != n || r.Failed != failed {
				t.Fatalf("%d visits, %d failed: told %d, failed %d", n, failed, r.Told, r.Failed)
			}
			reached := func(more int) bool { return float64(failed+more)/float64(n+more) >= 0.05 }
			if !reached(r.Left) || r.Left > 0 && reached(r.Left-1) {
				t.Errorf("%d visits, %d failed: %d left", n, failed, r.Left)
			}
		}
	}
	// A page that takes fifteen seconds has failed; a wall counts neither way.
	r := c.row(site, []inspect.Probe{visit(0, inspect.Fine, 15000), visit(1, inspect.CouldNotTell, 0), visit(2, inspect.Fine, 14999)}, now)
	if r.Told != 2 || r.Failed != 1 || r.Left != 0 {
		t.Errorf("%+v", r)
	}
}
