package api

import (
	"context"
	"time"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/inspect"
)

// orderSheet is one order to one unit.
type orderSheet struct {
	ID    string    `json:"id"`
	Unit  string    `json:"unit" doc:"责任单位的代号"`
	Cases int       `json:"cases"`
	Open  int       `json:"open" doc:"尚未整改到位的"`
	Due   time.Time `json:"due,omitzero" doc:"未整改的问题中最早的期限；没有即全部了结"`
	Owed  time.Time `json:"owed,omitzero" doc:"责任单位尚未报告整改的问题中最早的期限"`
}

// An OrderChoice is how orders are chosen.
type OrderChoice struct {
	Unit string `query:"unit"`
	Site string `query:"site"`
}

func (c *OrderChoice) query() (q inspect.CaseQuery) {
	if c.Unit != "" {
		q.Units = []string{c.Unit}
	}
	if c.Site != "" {
		q.Sites = []string{c.Site}
	}
	return q
}

// maxOrders is how many orders one answer holds.
const maxOrders = 500

// queues are what waits for somebody: orders, appeals and waivers. What they are
// of are findings, and so is what is decided on them.
func (a *api) queues() {
	type choose struct {
		OrderChoice
		Cursor string `query:"cursor" maxLength:"64" doc:"上一页 Link 中的 cursor"`
		Origin
	}
	get(a, "list-orders", "/orders", "整改单，新的在前", func(ctx context.Context, in *choose) (*parted[orderSheet], error) {
		q := in.query()
		q.After = in.Cursor
		all, behind, err := a.Desk.Orders(ctx, who(ctx), q, maxOrders)
		out := &parted[orderSheet]{Body: []orderSheet{}}
		for _, o := range all {
			out.Body = append(out.Body, orderSheet(o))
		}
		if behind != "" {
			out.Link = next(in.url, behind)
		}
		return out, err
	})
	type named struct {
		ID     string `path:"id" maxLength:"64"`
		Cursor string `query:"cursor" maxLength:"200"`
	}
	get(a, "get-order", "/orders/{id}", "一张整改单上的问题", func(ctx context.Context, in *named) (*page, error) {
		out, err := a.page(ctx, inspect.CaseQuery{Order: in.ID, Limit: maxOrders, After: in.Cursor})
		if err == nil && len(out.Body.Items) == 0 && in.Cursor == "" {
			err = desk.ErrNone
		}
		return out, err
	})
	type rest struct {
		Cursor string `query:"cursor" maxLength:"200"`
	}
	get(a, "list-appeals", "/appeals", "申诉中的问题", func(ctx context.Context, in *rest) (*page, error) {
		return a.page(ctx, inspect.CaseQuery{Stages: []inspect.Stage{inspect.StageAppealed}, Limit: maxOrders, After: in.Cursor})
	})
	type waivers struct {
		Pending bool   `query:"pending" doc:"只看等待第二人同意的"`
		Cursor  string `query:"cursor" maxLength:"200"`
	}
	get(a, "list-waivers", "/waivers", "豁免和认定不成立的问题", func(ctx context.Context, in *waivers) (*page, error) {
		q := inspect.CaseQuery{Stages: []inspect.Stage{inspect.StageWaived, inspect.StageRefuted}, Limit: maxOrders, After: in.Cursor}
		if in.Pending {
			q.Stages, q.Pending = nil, true
		}
		return a.page(ctx, q)
	})
}
