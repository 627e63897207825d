package main

import (
	"strings"
	"testing"
	"time"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/schedule"
	"github.com/xunjian/xunjian/store"
)

// A unit says that it has repaired; the second look closes the case, or says
// that the fault is still there. A fault that only the lists know is looked at
// again all the same, and what was not looked for stays as it is.
func TestRepair(t *testing.T) {
	t.Parallel()
	d := newDistrict(1, 30, 0)
	defer d.Close()
	s, ahead := serving(t, strings.Replace(withEmpty(d), "{id: s00,", "{id: s00, unit: xinxiban,", 1)+"units: [{id: xinxiban, name: 青岚区信息化办公室}]\n")
	s.work(t)
	for day := range 2 {
		ahead.Store(int64(day) * int64(25*time.Hour))
		must(t, s.do(t, schedule.Columns, "s00", ""), "completed")
	}
	must(t, s.do(t, schedule.Crawl, "s00", ""), "completed")
	blank, broken := s.only(t, "column-blank", inspect.StageConfirmed), s.only(t, "link-broken", inspect.StageConfirmed)
	unit := inspect.Person{ID: "zhao", Role: inspect.Agency, Unit: "xinxiban"}
	claim := func(c inspect.Case, want inspect.Stage) {
		t.Helper()
		ahead.Add(int64(time.Minute))
		if _, err := s.st.Decide(t.Context(), inspect.Step{Act: inspect.ActClaim, By: unit, At: s.now()}, inspect.DefaultTerms, store.Decision{Case: c.Fingerprint}); err != nil {
			t.Fatal(err)
		}
		ahead.Add(int64(time.Minute))
		must(t, s.do(t, schedule.Recheck, "s00", c.Fingerprint), "completed")
		if got, err := s.st.Case(t.Context(), c.Fingerprint); err != nil || got.Stage != want {
			t.Errorf("%s is %s, want %s: %+v, %v", c.Check, got.Stage, want, got, err)
		}
	}
	claim(blank, inspect.StageConfirmed)
	claim(broken, inspect.StageConfirmed)
	d.mu.Lock()
	d.fixed = true
	d.mu.Unlock()
	claim(blank, inspect.StageVerified)
	s.only(t, "link-broken", inspect.StageConfirmed)
	claim(broken, inspect.StageVerified)
}

// only is one of the cases of a check; all of them stand at a stage.
func (s *service) only(t *testing.T, check string, stage inspect.Stage) inspect.Case {
	t.Helper()
	all, _, err := s.st.Cases(t.Context(), inspect.CaseQuery{Checks: []string{check}, Sites: []string{"s00"}})
	if err != nil || len(all) == 0 {
		t.Fatalf("no case of %s: %v", check, err)
	}
	for _, c := range all {
		if c.Stage != stage {
			t.Errorf("%s of %s is %s, want %s", check, c.URL, c.Stage, stage)
		}
	}
	return all[0]
}
