package main

import (
	"testing"

	"github.com/xunjian/xunjian/bulletins/period"
	"github.com/xunjian/xunjian/inspect"
)

// What happened adds up: a quarter's numbers are those of its months together;
// what stood is that of its end.
func TestPeriodsAgree(t *testing.T) {
	t.Parallel()
	known := historyStart.AddDate(0, 0, historyDays+30)
	for seed := range 3 {
		h := newHistory(t, uint64(1000+seed))
		d := &press{st: h.st, rules: h.rules, register: h.sites}
		of := func(s string) *period.Bulletin {
			p, err := period.Parse(s)
			if err != nil {
				t.Fatal(err)
			}
			b, err := d.compile(t.Context(), p, &wish{}, known)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		quarter, months := of("2026Q3"), []*period.Bulletin{of("2026-07"), of("2026-08"), of("2026-09")}
		year := of("2026")
		rest := []*period.Bulletin{of("2026Q1"), of("2026Q2"), quarter, of("2026Q4")}
		for _, id := range []string{"faults.new", "faults.new.veto", "faults.fixed", "faults.relapsed", "faults.dropped", "orders.due", "orders.in_time", "volume.items", "volume.posts", "visits.made", "visits.told", "visits.opened", "letters.late", "policy.documents"} {
			for _, x := range []struct {
				whole *period.Bulletin
				parts []*period.Bulletin
			}{{quarter, months}, {year, rest}} {
				var sum int64
				for _, m := range x.parts {
					sum += m.Figures.N(id)
				}
				if got := x.whole.Figures.N(id); got != sum {
					t.Errorf("history %d: %s of %s is %d, its parts come to %d", seed, id, x.whole.Title, got, sum)
				}
			}
		}
		last := map[string]inspect.Decision{}
		for _, m := range months {
			for _, x := range m.Targets {
				if x.Inspection != "" {
					last[x.ID] = x.Verdict
				}
			}
		}
		for _, x := range quarter.Targets {
			if x.Verdict != last[x.ID] {
				t.Errorf("history %d: %s is %q in the quarter, %q in its last month with a result", seed, x.ID, x.Verdict, last[x.ID])
			}
		}
		for _, id := range []string{"faults.open", "faults.overdue", "pending.total"} {
			if a, b := quarter.Figures.N(id), months[2].Figures.N(id); a != b {
				t.Errorf("history %d: %s at the quarter's end %d, at the month's %d", seed, id, a, b)
			}
		}
	}
}
