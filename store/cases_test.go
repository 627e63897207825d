package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/inspect"
)

var (
	chief  = inspect.Person{ID: "li", Name: "李", Role: inspect.Supervisor}
	school = inspect.Person{ID: "zhao", Name: "赵", Role: inspect.Agency, Unit: "jiaoyu"}
)

// looked records a complete inspection of a site with these findings; missing
// are the fingerprints of faults that it did not see any more.
func looked(t testing.TB, s *Store, id, site, unit string, at time.Time, findings []inspect.Finding, missing ...string) {
	t.Helper()
	h := header(id)
	h.Site = &inspect.Site{ID: site, Kind: inspect.Website, UnitID: unit}
	h.Now, h.Started = at, at
	if err := s.Begin(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	in := &inspect.Inspection{ID: id, Site: h.Site, Now: at, Complete: true, Findings: findings, Missing: map[string]inspect.Act{},
		Rules: &inspect.Rulebook{Items: []inspect.Item{{ID: "veto", Part: inspect.Veto}}}}
	for _, m := range missing {
		in.Missing[m] = inspect.ActGone
	}
	if err := s.Recorder(id).Finish(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}

func fault(print string, items ...string) inspect.Finding {
	return inspect.Finding{Check: "link-broken", Outcome: inspect.Fail, State: inspect.Confirmed, URL: "http://www.example.gov.cn/" + print, Message: "链接 100%_坏",
		Fingerprint: print, Items: items, First: t0, Places: 1}
}

func TestCaseFromInspections(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		looked(t, s, "i1", "portal", "jiaoyu", t0, []inspect.Finding{fault("a", "veto"), fault("b")})
		order := inspect.Step{Act: inspect.ActOrder, By: chief, At: t0.Add(time.Hour), Order: "1", Until: t0.AddDate(0, 0, 9)}
		got, err := s.Decide(ctx, order, inspect.DefaultTerms, Decision{Case: "a", Version: 1}, Decision{Case: "b"})
		if err != nil || len(got) != 2 || got[0].Severity != inspect.Veto || got[0].Unit != "jiaoyu" {
			t.Fatalf("%+v, %v", got, err)
		}
		looked(t, s, "i2", "portal", "jiaoyu", t0.AddDate(0, 0, 7), []inspect.Finding{fault("a", "veto")}, "b", "never a case")
		a, err := s.Case(ctx, "a")
		if err != nil || a.Stage != inspect.StageOrdered || a.Times != 2 || a.Inspection != "i2" || a.Version != 2 {
			t.Errorf("%+v, %v", a, err)
		}
		b, err := s.Case(ctx, "b")
		if err != nil || b.Stage != inspect.StageVerified || b.Order.ID != "1" {
			t.Errorf("%+v, %v", b, err)
		}
		steps, err := s.Steps(ctx, "b")
		var story []string
		for _, x := range steps {
			story = append(story, fmt.Sprintf("%d %s %s", x.N, x.Act, x.To))
		}
		if diff := cmp.Diff([]string{"1 seen confirmed", "2 order ordered", "3 gone verified"}, story); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
}

// A step on many cases is taken on all of them or on none; the audit log knows.
func TestDecideAllOrNone(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		looked(t, s, "i1", "portal", "jiaoyu", t0, []inspect.Finding{fault("a"), fault("b")})
		looked(t, s, "i2", "other", "caizheng", t0, []inspect.Finding{fault("c")})
		claim := inspect.Step{Act: inspect.ActClaim, By: school, At: t0.Add(time.Hour)}
		for name, c := range map[string]struct {
			on   []Decision
			want error
		}{
			"another unit's":   {[]Decision{{Case: "a"}, {Case: "c"}}, ErrNoCase},
			"no such case":     {[]Decision{{Case: "a"}, {Case: "nothing"}}, ErrNoCase},
			"changed since":    {[]Decision{{Case: "a"}, {Case: "b", Version: 7}}, ErrChanged},
			"twice in one set": {[]Decision{{Case: "a"}, {Case: "a"}}, &inspect.Refusal{}},
		} {
			_, err := s.Decide(ctx, claim, inspect.DefaultTerms, c.on...)
			var no *inspect.Refusal
			if errors.As(c.want, &no) && !errors.As(err, &no) || no == nil && !errors.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if a, err := s.Case(ctx, "a"); err != nil || a.Stage != inspect.StageConfirmed || a.Version != 1 {
			t.Errorf("%+v, %v", a, err)
		}
		if log, err := s.AuditLog(ctx, "", 0, 10); err != nil || len(log) != 0 {
			t.Errorf("what was refused is logged as done: %v, %v", log, err)
		}
		if _, err := s.Decide(ctx, claim, inspect.DefaultTerms, Decision{Case: "a"}, Decision{Case: "b"}); err != nil {
			t.Fatal(err)
		}
		log, err := s.AuditLog(ctx, "b", 0, 10)
		if err != nil || len(log) != 1 || log[0].Act != "case.claim" || log[0].Person.ID != "zhao" || log[0].Seq != 2 {
			t.Errorf("%+v, %v", log, err)
		}
	})
}

// Of two who decide at once, one is told that the case changed.
func TestDecideAtOnce(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		looked(t, s, "i1", "portal", "jiaoyu", t0, []inspect.Finding{fault("a")})
		var wg sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			wg.Go(func() {
				_, errs[i] = s.Decide(t.Context(), inspect.Step{Act: inspect.ActComment, By: chief, At: t0, Why: "说明"}, inspect.DefaultTerms, Decision{Case: "a", Version: 1})
			})
		}
		wg.Wait()
		var done int
		for _, err := range errs {
			switch {
			case err == nil:
				done++
			case !errors.Is(err, ErrChanged):
				t.Error(err)
			}
		}
		if bad, err := s.VerifyAudit(t.Context()); done != 1 || bad != 0 || err != nil {
			t.Errorf("%d decided; audit broken at %d, %v", done, bad, err)
		}
	})
}

func TestAuditShowsWhatWasAltered(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		for i := range 5 {
			if err := s.Audit(ctx, Entry{At: t0, Person: chief, Act: "login", Subject: fmt.Sprint(i)}); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct {
			sql  string
			want int64
		}{{"UPDATE audit SET at = at WHERE seq = 1", 0}, {"UPDATE audit SET subject = '9' WHERE seq = 4", 4}, {"DELETE FROM audit WHERE seq = 2", 3}} {
			if _, err := s.db.ExecContext(ctx, c.sql); err != nil {
				t.Fatal(err)
			}
			if bad, err := s.VerifyAudit(ctx); err != nil || bad != c.want {
				t.Errorf("%s: %d, %v", c.sql, bad, err)
			}
		}
	})
}

func TestExpire(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		looked(t, s, "i1", "portal", "jiaoyu", t0, []inspect.Finding{fault("a"), fault("b")})
		waive := inspect.Step{Act: inspect.ActWaive, By: chief, At: t0, Why: "改版", Until: t0.AddDate(0, 0, 3)}
		if _, err := s.Decide(ctx, waive, inspect.DefaultTerms, Decision{Case: "a"}); err != nil {
			t.Fatal(err)
		}
		for days, want := range map[int]int{3: 0, 4: 1} {
			if n, err := s.Expire(ctx, t0.AddDate(0, 0, days)); err != nil || n != want && days == 3 {
				t.Errorf("after %d days %d, %v", days, n, err)
			}
		}
		if a, err := s.Case(ctx, "a"); err != nil || a.Stage != inspect.StageConfirmed {
			t.Errorf("%+v, %v", a, err)
		}
	})
}

func TestCaseLists(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		for i, unit := range []string{"jiaoyu", "caizheng"} {
			var all []inspect.Finding
			for n := range 5 {
				f := fault(fmt.Sprintf("%s%d", unit, n))
				if n > 2 {
					f.Check, f.State = "column-stale", inspect.SeenOnce
				}
				f.First = t0.AddDate(0, 0, -n)
				all = append(all, f)
			}
			looked(t, s, unit, "site-"+unit, unit, t0.AddDate(0, 0, i), all)
		}
		order := inspect.Step{Act: inspect.ActOrder, By: chief, At: t0.AddDate(0, 0, 2), Order: "7", Until: t0.AddDate(0, 0, 9)}
		if _, err := s.Decide(ctx, order, inspect.DefaultTerms, Decision{Case: "jiaoyu1"}, Decision{Case: "jiaoyu0"}); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			q    inspect.CaseQuery
			want string
		}{
			"all":           {inspect.CaseQuery{}, "jiaoyu1 jiaoyu0 caizheng4 caizheng3 caizheng2 caizheng1 caizheng0 jiaoyu4 jiaoyu3 jiaoyu2"},
			"a unit":        {inspect.CaseQuery{Units: []string{"jiaoyu"}, Sort: inspect.ByFirst}, "jiaoyu0 jiaoyu1 jiaoyu2 jiaoyu3 jiaoyu4"},
			"no unit":       {inspect.CaseQuery{Units: []string{}}, ""},
			"a stage":       {inspect.CaseQuery{Stages: []inspect.Stage{inspect.StageOrdered, inspect.StageMasked}}, "jiaoyu1 jiaoyu0"},
			"a family":      {inspect.CaseQuery{Checks: []string{"column-*", "nothing"}, Sites: []string{"site-caizheng"}}, "caizheng4 caizheng3"},
			"words":         {inspect.CaseQuery{Text: "EXAMPLE.gov.cn/caizheng2"}, "caizheng2"},
			"no joker":      {inspect.CaseQuery{Text: "100%_好"}, ""},
			"joker's words": {inspect.CaseQuery{Text: "0%_坏", Order: "7"}, "jiaoyu1 jiaoyu0"},
			"due":           {inspect.CaseQuery{Sort: inspect.ByDue}, "jiaoyu0 jiaoyu1"},
			"overdue":       {inspect.CaseQuery{Due: t0.AddDate(0, 0, 9)}, ""},
			"first seen":    {inspect.CaseQuery{From: t0.AddDate(0, 0, -1), To: t0, Kind: inspect.Website, Severities: []inspect.Part{inspect.Advice}}, "jiaoyu1 caizheng1"},
		} {
			for _, limit := range []int{1, 2, 100} {
				c.q.Limit, c.q.After = limit, ""
				var got []string
				for {
					page, next, err := s.Cases(ctx, c.q)
					if err != nil || len(page) > limit {
						t.Fatalf("%s: %d cases, %v", name, len(page), err)
					}
					for _, k := range page {
						got = append(got, k.Fingerprint)
					}
					if c.q.After = next; next == "" {
						break
					}
				}
				if strings.Join(got, " ") != c.want {
					t.Errorf("%s, %d a page:\n got %s\nwant %s", name, limit, strings.Join(got, " "), c.want)
				}
			}
		}
		n, err := s.CountCases(ctx, inspect.CaseQuery{Units: []string{"jiaoyu"}}, "stage")
		if diff := cmp.Diff(inspect.CaseCounts{"ordered": 2, "confirmed": 1, "suspected": 2}, n); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		if _, _, err := s.Cases(ctx, inspect.CaseQuery{After: "x"}); !errors.Is(err, ErrCursor) {
			t.Error(err)
		}
		if _, err := s.CountCases(ctx, inspect.CaseQuery{}, "body; --"); err == nil {
			t.Error("counted by anything")
		}
	})
}

// What an inspection tells comes in one transaction with its result, however
// many findings it has.
func TestManyCases(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		var all []inspect.Finding
		for n := range 1200 {
			all = append(all, fault(fmt.Sprintf("f%04d", n)))
		}
		looked(t, s, "i1", "portal", "jiaoyu", t0, all)
		slices.Reverse(all)
		looked(t, s, "i2", "portal", "jiaoyu", t0.AddDate(0, 0, 1), all)
		n, err := s.CountCases(t.Context(), inspect.CaseQuery{}, "site")
		if err != nil || n["portal"] != 1200 {
			t.Errorf("%v, %v", n, err)
		}
	})
}

// Overdue is what its unit owes: not what it reported as repaired, not what
// vanished after that, not what was excused meanwhile and has no new order.
func TestOverdueIsOwed(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx, by := t.Context(), map[inspect.Role]inspect.Person{inspect.Supervisor: chief, inspect.Agency: school}
		var all []inspect.Finding
		names := []string{"owed", "claimed", "vanished", "excused", "appealed"}
		for _, n := range names {
			all = append(all, fault(n))
		}
		looked(t, s, "i1", "portal", "jiaoyu", t0, all)
		step := func(act inspect.Act, role inspect.Role, until int, on ...string) {
			t.Helper()
			x := inspect.Step{Act: act, By: by[role], At: t0.Add(time.Hour), Why: "理由", Order: "1", Ground: inspect.Misjudged, Until: t0.AddDate(0, 0, until)}
			for _, print := range on {
				if _, err := s.Decide(ctx, x, inspect.DefaultTerms, Decision{Case: print}); err != nil {
					t.Fatalf("%s %s: %v", act, print, err)
				}
			}
		}
		step(inspect.ActOrder, inspect.Supervisor, 3, names...)
		step(inspect.ActClaim, inspect.Agency, 3, "claimed", "vanished")
		step(inspect.ActWaive, inspect.Supervisor, 2, "excused")
		step(inspect.ActAppeal, inspect.Agency, 3, "appealed")
		in := &inspect.Inspection{ID: "i2", Site: &inspect.Site{ID: "portal", Kind: inspect.Website, UnitID: "jiaoyu"}, Now: t0.Add(2 * time.Hour), Complete: true,
			Missing: map[string]inspect.Act{"vanished": inspect.ActVanished}, Rules: &inspect.Rulebook{}}
		h := header("i2")
		h.Site, h.Now, h.Started = in.Site, in.Now, in.Now
		if err := errors.Join(s.Begin(ctx, h), s.Recorder("i2").Finish(ctx, in)); err != nil {
			t.Fatal(err)
		}
		now := t0.AddDate(0, 0, 5)
		if n, err := s.Expire(ctx, now); n != 1 || err != nil {
			t.Fatalf("%d expired, %v", n, err)
		}
		q := inspect.CaseQuery{Due: inspect.Day(now), Sort: inspect.ByDue}
		page, _, err := s.Cases(ctx, q)
		var got []string
		for i := range page {
			if got = append(got, page[i].Fingerprint); !page[i].Overdue(now) {
				t.Errorf("%s is listed as overdue", page[i].Fingerprint)
			}
		}
		slices.Sort(got)
		n, err1 := s.CountCases(ctx, q, "stage")
		if diff := cmp.Diff([]string{"appealed", "owed"}, got); diff != "" || err != nil || err1 != nil || n["ordered"] != 1 || n["appealed"] != 1 || len(n) != 2 {
			t.Errorf("%s%v, %v %v", diff, n, err, err1)
		}
		for _, order := range []inspect.CaseSort{inspect.ByDue, inspect.ByChange, inspect.ByFirst} {
			q := inspect.CaseQuery{Due: q.Due, Sort: order, Limit: 1}
			got = nil
			for range 5 { // a page a case
				page, next, err := s.Cases(ctx, q)
				if err != nil {
					t.Fatal(err)
				}
				for i := range page {
					got = append(got, page[i].Fingerprint)
				}
				if q.After = next; next == "" {
					break
				}
				if n, err := s.CountCases(ctx, q, "stage"); err != nil || n["ordered"]+n["appealed"] != 2 || len(n) != 2 {
					t.Errorf("by %q, on a later page: %v, %v", order, n, err)
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff([]string{"appealed", "owed"}, got); diff != "" {
				t.Errorf("page by page, by %q: %s", order, diff)
			}
		}
		sheets, err := s.Orders(ctx, inspect.CaseQuery{}, 10)
		if err != nil || len(sheets) != 1 || sheets[0].Cases != 5 || sheets[0].Open != 5 || sheets[0].Owed.IsZero() {
			t.Errorf("%+v, %v", sheets, err)
		}
		step(inspect.ActClaim, inspect.Agency, 3, "owed")
		if sheets, err = s.Orders(ctx, inspect.CaseQuery{Stages: []inspect.Stage{inspect.StageClaimed, inspect.StageMasked, inspect.StageConfirmed}}, 10); err != nil || len(sheets) != 1 || !sheets[0].Owed.IsZero() {
			t.Errorf("what was reported is still owed: %+v, %v", sheets, err)
		}
	})
}
