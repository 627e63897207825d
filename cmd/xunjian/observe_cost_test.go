package main

import (
	"os"
	"testing"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// A snapshot of a province costs the same whatever was found: with a million
// cases that nobody counted yet it takes no second, and next to nothing while
// nothing happens.
func TestSnapshotCost(t *testing.T) {
	if os.Getenv("XUNJIAN_OBSERVE") == "" {
		t.Skip("make observe runs it")
	}
	h := speedHouse(t, "")
	f := newFleet(h.p.cfg, h.p.rules, h.st)
	for _, name := range []string{"first", "nothing happened", "one case moved"} {
		if name == "one case moved" {
			h.planted(t, "s0", nil, inspect.Finding{Check: "link-broken", URL: "http://s0.example.gov.cn/x.html", Locus: "x", Message: "链接打不开", Fingerprint: eduCase})
		}
		begun := time.Now()
		if _, err := f.read(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
		took := time.Since(begun)
		t.Logf("%d cases, %d sites, %s: %s", speedCases, speedSites, name, took.Round(time.Millisecond))
		if took > 2*time.Second {
			t.Errorf("%s: %s", name, took)
		}
	}
}
