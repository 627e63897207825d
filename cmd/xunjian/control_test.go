package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/schedule"
)

// A line that breaks after a control host answered accuses nobody: a visit that
// failed is held against an answer that came after it.
func TestLineBreaksBeforeAVisit(t *testing.T) {
	t.Parallel()
	known := httptest.NewServer(http.NotFoundHandler())
	s, _ := serving(t, strings.ReplaceAll(`
control: ["KNOWN"]
crawl: {allow_networks: [127.0.0.0/8]}
sites:
  - {id: a, home: "http://127.0.0.3:1/"}
`, "KNOWN", known.URL))
	s.work(t)
	visits := func() []inspect.Probe {
		all, err := s.st.Probes(t.Context(), "a", time.Unix(0, 0))
		if err != nil {
			t.Fatal(err)
		}
		var out []inspect.Probe
		for _, p := range all {
			if p.Network == "tcp" {
				out = append(out, p)
			}
		}
		return out
	}
	must(t, s.do(t, schedule.Probe, "a", ""), "completed")
	if got := visits(); len(got) != 1 || got[0].Verdict != inspect.Fault || got[0].Cause != inspect.Refused {
		t.Fatalf("while the line is well: %+v", got)
	}
	known.Close()
	if err := s.control.well(t.Context()); err != nil {
		t.Fatal("the last answer should still serve a crawl: ", err)
	}
	must(t, s.do(t, schedule.Probe, "a", ""), "completed")
	if got := visits(); len(got) != 2 || got[1].Verdict != inspect.CouldNotTell || got[1].Cause != inspect.OwnFault {
		t.Errorf("after it broke: %+v", got)
	}
	if list, err := s.st.Incidents(t.Context(), 10); err != nil || len(list) != 1 || list[0].Kind != "line" {
		t.Errorf("incidents: %+v, %v", list, err)
	}
}

// Sites that are visited less than 20 times a day are named.
func TestSparseVisits(t *testing.T) {
	t.Parallel()
	s, _ := serving(t, `
sites:
  - {id: a, home: a.example.gov.cn}
  - {id: b, home: b.example.gov.cn}
  - {id: c, home: c.example.gov.cn}
  - {id: d, home: d.example.gov.cn}
schedules:
  - {kind: probe, cron: "0 * * * *", sites: [b], quiet: ["20:00-06:00"]}
  - {kind: probe, cron: "0 * * * *", sites: [c]}
  - {kind: probe, off: true, sites: [d]}
maintenance:
  - {from: 2026-12-05 00:00, to: 2026-12-06 00:00, reason: 停电}
`)
	if got := strings.Join(s.sparse(time.Date(2026, 12, 5, 0, 0, 0, 0, inspect.Zone)), " "); got != "b d" {
		t.Errorf("visited too seldom: %s", got)
	}
}
