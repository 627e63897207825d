package store

import (
	"context"
	"fmt"

	"github.com/xunjian/xunjian/inspect"
)

// Orders are the newest orders among the cases that a query takes, behind the
// number at which the last page ended.
func (s *Store) Orders(ctx context.Context, q inspect.CaseQuery, limit int) ([]inspect.OrderSheet, error) {
	var rows []struct {
		OrderID string
		Unit    string
		N       int
		Open    int
		Due     int64
		Owed    int64
	}
	sel := chosen(s.db.NewSelect().Model((*caseRow)(nil)), &q).Where("order_id <> ''")
	if q.After != "" {
		sel = sel.Where("order_id < ?", clean(q.After))
	}
	err := sel.ColumnExpr("order_id, unit, COUNT(*) AS n, SUM(CASE WHEN due > 0 THEN 1 ELSE 0 END) AS open, COALESCE(MIN(NULLIF(due, 0)), 0) AS due, COALESCE(MIN(NULLIF(owed, 0)), 0) AS owed").
		GroupExpr("order_id, unit").OrderExpr("order_id DESC").Limit(int64(limit)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("orders: %w", hint(err, s.dir))
	}
	out := make([]inspect.OrderSheet, len(rows))
	for i, r := range rows {
		out[i] = inspect.OrderSheet{ID: r.OrderID, Unit: r.Unit, Cases: r.N, Open: r.Open, Due: fromNanos(r.Due), Owed: fromNanos(r.Owed)}
	}
	return out, nil
}
