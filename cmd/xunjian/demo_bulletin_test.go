package main

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/xunjian/xunjian/bulletins/period"
	"github.com/xunjian/xunjian/cmd/xunjian/portal"
	"github.com/xunjian/xunjian/inspect"
)

// The demonstration's notice stands on the round that has just ended: each
// target has the verdict of its last inspection, and the visits are counted.
func TestDemoBulletin(t *testing.T) {
	t.Parallel()
	now := time.Now()
	site := portal.New(now.In(inspect.Zone))
	addr, stop, err := site.Serve()
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	c, e := &demoCmd{Dir: filepath.Join(t.TempDir(), "demo"), Quiet: true}, &env{ctx: t.Context(), stdout: io.Discard, stderr: io.Discard}
	all, err := c.inspect(e, site, addr)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.bulletin(e, now, "json"); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(c.Dir, "bulletin", "通报-"+period.Of(period.Month, now).String()+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ Bulletin *period.Bulletin }
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	failed := 0
	for _, in := range all {
		x := got.Bulletin.Of(in.Site.ID)
		if x == nil { // an account that is closed
			continue
		}
		if x.Inspection != in.ID || x.Verdict != in.Grade.Verdict {
			t.Errorf("%s: %q of %s, want %q of %s", in.Site.ID, x.Verdict, x.Inspection, in.Grade.Verdict, in.ID)
		}
		if x.Verdict == inspect.Failed {
			failed++
		}
	}
	f := got.Bulletin.Figures
	if failed == 0 || f.N("sites.failed")+f.N("accounts.failed") != int64(failed) {
		t.Errorf("%d failed, the notice says %d and %d", failed, f.N("sites.failed"), f.N("accounts.failed"))
	}
	if f.N("visits.made") == 0 {
		t.Error("no visit is counted")
	}
}
