package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// A tallyRow is how many cases are alike in all that lists are chosen by at once.
type tallyRow struct {
	bun.BaseModel `bun:"table:tally,alias:ta"`

	Unit     string `bun:",pk"`
	Site     string `bun:",pk"`
	Kind     string `bun:",pk"`
	CheckID  string `bun:",pk"`
	Severity string `bun:",pk"`
	Stage    string `bun:",pk"`
	Relapsed bool   `bun:",pk"`
	N        int64
}

func (r *caseRow) tally() tallyRow {
	return tallyRow{Unit: r.Unit, Site: r.Site, Kind: r.Kind, CheckID: r.CheckID, Severity: r.Severity, Stage: r.Stage, Relapsed: r.Relapses > 0}
}

// recount moves cases from where they were counted to where they are now. Rows
// are written in one order, so that two that write at once wait for each other
// and not in a circle.
func recount(ctx context.Context, tx bun.Tx, before, after []caseRow) error {
	by := map[tallyRow]int64{}
	for i := range before {
		by[before[i].tally()]--
	}
	for i := range after {
		by[after[i].tally()]++
	}
	var rows []tallyRow
	for k, n := range by {
		if n != 0 {
			k.N = n
			rows = append(rows, k)
		}
	}
	slices.SortFunc(rows, func(a, b tallyRow) int {
		return cmp.Or(cmp.Compare(a.Site, b.Site), cmp.Compare(a.CheckID, b.CheckID), cmp.Compare(a.Stage, b.Stage), cmp.Compare(a.Severity, b.Severity),
			cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Kind, b.Kind), cmp.Compare(fmt.Sprint(a.Relapsed), fmt.Sprint(b.Relapsed)))
	})
	for part := range slices.Chunk(rows, batchRows) {
		_, err := tx.NewInsert().Model(&part).On("CONFLICT (unit, site, kind, check_id, severity, stage, relapsed) DO UPDATE").Set("n = ta.n + EXCLUDED.n").Exec(ctx)
		if err != nil {
			return fmt.Errorf("tally: %w", err)
		}
	}
	return nil
}

// retally counts all cases anew, once an archive was loaded. Whoever writes
// cases meanwhile waits: he counts before he writes.
func (s *Store) retally(ctx context.Context, tx bun.Tx) error {
	steps := []string{"DELETE FROM tally",
		"INSERT INTO tally SELECT unit, site, kind, check_id, severity, stage, relapses > 0, COUNT(*) FROM cases GROUP BY 1, 2, 3, 4, 5, 6, 7"}
	if s.postgres {
		steps = slices.Insert(steps, 0, "LOCK TABLE tally IN EXCLUSIVE MODE")
	}
	for _, q := range steps {
		if _, err := tx.NewRaw(q).Exec(ctx); err != nil {
			return fmt.Errorf("tally: %w", err)
		}
	}
	return nil
}

// tallied reports whether the tally knows all that a query chooses by.
func tallied(q *inspect.CaseQuery, by string) bool {
	return by != "order" && q.Sort != inspect.ByDue && q.Order == "" && q.Assignee == "" && q.Text == "" && q.Due.IsZero() && q.DueFrom.IsZero() && !q.Pending && q.From.IsZero() && q.To.IsZero()
}

// maxCounted is how many cases are counted one by one; more are said to be that many.
const maxCounted = 10_000

// CountCases is how many cases a query takes, by one of stage, severity, unit,
// site, check and order. Of queries by text, time, order or person no more than
// ten thousand are counted.
func (s *Store) CountCases(ctx context.Context, q inspect.CaseQuery, by string) (inspect.CaseCounts, error) {
	column, ok := map[string]string{"stage": "stage", "severity": "severity", "unit": "unit", "site": "site", "check": "check_id", "order": "order_id"}[by]
	if !ok {
		return nil, fmt.Errorf("cases cannot be counted by %q", by)
	}
	q.After = "" // what there is does not depend on the page
	sel := s.db.NewSelect()
	if tallied(&q, by) {
		relapsed := q.Relapsed
		q.Relapsed = false
		sel = chosen(sel.Model((*tallyRow)(nil)), &q).ColumnExpr("? AS word, SUM(n) AS n", bun.Ident(column)).GroupExpr("?", bun.Ident(column)).Having("SUM(n) <> 0")
		if relapsed {
			sel = sel.Where("relapsed")
		}
	} else {
		some := s.db.NewSelect().Model((*caseRow)(nil)).Column(column)
		if q.Text == "" {
			some = chosen(some, &q)
		} else {
			some = s.within(some, &q)
		}
		sel = sel.TableExpr("(?) AS counted", some.Limit(maxCounted)).ColumnExpr("? AS word, COUNT(*) AS n", bun.Ident(column)).GroupExpr("?", bun.Ident(column))
	}
	var rows []struct {
		Word string
		N    int
	}
	if err := sel.Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("count of cases: %w", hint(err, s.dir))
	}
	out := inspect.CaseCounts{}
	for _, r := range rows {
		out[r.Word] = r.N
	}
	return out, nil
}
