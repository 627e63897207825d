package store

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/inspect"
)

// counted is the tally, and what it should be.
func counted(t *testing.T, s *Store) (tally, cases map[string]int) {
	t.Helper()
	out := [2]map[string]int{{}, {}}
	for i, q := range []string{"SELECT unit || ' ' || site || ' ' || check_id || ' ' || severity || ' ' || stage AS word, n FROM tally WHERE n <> 0",
		"SELECT unit || ' ' || site || ' ' || check_id || ' ' || severity || ' ' || stage AS word, COUNT(*) AS n FROM cases GROUP BY 1"} {
		var rows []struct {
			Word string
			N    int
		}
		if err := s.db.NewRaw(q).Scan(t.Context(), &rows); err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			out[i][r.Word] += r.N
		}
	}
	return out[0], out[1]
}

// Whatever becomes of cases, the tally is what a count of them would be; also
// of an archive that was loaded.
func TestTally(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		r := rand.New(rand.NewPCG(1, 2))
		for round := range 8 {
			var found []inspect.Finding
			var gone []string
			for i := range 12 {
				if r.IntN(3) > 0 {
					found = append(found, fault(fmt.Sprintf("f%02d", i), []string{"veto", "other"}[i%2]))
				} else {
					gone = append(gone, fmt.Sprintf("f%02d", i))
				}
			}
			unit := []string{"jiaoyu", "moved"}[round/4] // the site gets another unit
			looked(t, s, fmt.Sprint("i", round), "portal", unit, t0.AddDate(0, 0, round), found, gone...)
			all, _, err := s.Cases(t.Context(), inspect.CaseQuery{Stages: []inspect.Stage{inspect.StageConfirmed}, Limit: 3})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range all {
				step := inspect.Step{Act: inspect.ActOrder, By: chief, At: t0, Order: "1", Until: t0.AddDate(0, 0, 9)}
				if _, err := s.Decide(t.Context(), step, inspect.DefaultTerms, Decision{Case: c.Fingerprint}); err != nil {
					t.Fatal(err)
				}
			}
			tally, cases := counted(t, s)
			if diff := cmp.Diff(cases, tally); diff != "" || len(cases) == 0 {
				t.Fatalf("round %d (-cases +tally):\n%s", round, diff)
			}
		}
		if n, err := s.CountCases(t.Context(), inspect.CaseQuery{From: t0, Text: "链接"}, "order"); err != nil || n["1"] == 0 {
			t.Errorf("by order: %v, %v", n, err)
		}
		if n, err := s.CountCases(t.Context(), inspect.CaseQuery{Relapsed: true}, "unit"); err != nil || n["moved"] == 0 {
			t.Errorf("relapsed: %v, %v", n, err)
		}
		if _, err := s.Import(t.Context(), bytes.NewReader(backup(t, s))); err != nil {
			t.Fatal(err)
		}
		tally, cases := counted(t, s)
		if diff := cmp.Diff(cases, tally); diff != "" {
			t.Errorf("imported (-cases +tally):\n%s", diff)
		}
	})
}

// A search looks at so many cases at once, and finds all over all its pages.
func TestSearchGoesOn(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		rows, planted := make([]caseRow, 2*searchRows+500), 0
		for i := range rows {
			c := &inspect.Case{Fingerprint: fmt.Sprintf("%06d", i), Site: "portal", Unit: "jiaoyu", Stage: inspect.StageConfirmed, Since: t0.Add(time.Duration(i%977) * time.Hour), First: t0}
			if i%2500 == 7 {
				c.Message = "关于《放假》的Notice"
				planted++
			}
			row, err := caseOf(c)
			if err != nil {
				t.Fatal(err)
			}
			rows[i] = row
		}
		tx, err := s.db.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.writeCases(t.Context(), tx, nil, rows, nil); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		seen, pages := map[string]bool{}, 0
		for q := (inspect.CaseQuery{Text: "放假》的notice", Limit: 2}); ; pages++ {
			page, next, err := s.Cases(t.Context(), q)
			if err != nil || len(page) > 2 || pages > 20 {
				t.Fatalf("%d cases on page %d, %v", len(page), pages, err)
			}
			for _, c := range page {
				if seen[c.Fingerprint] || !strings.HasSuffix(c.Message, "Notice") {
					t.Errorf("%s twice, or none: %s", c.Fingerprint, c.Message)
				}
				seen[c.Fingerprint] = true
			}
			if q.After = next; next == "" {
				break
			}
		}
		if len(seen) != planted || pages < 3 {
			t.Errorf("%d of %d found on %d pages", len(seen), planted, pages+1)
		}
	})
}
