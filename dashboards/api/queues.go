package api

import (
	"context"
	"time"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/inspect"
)

// sheet is one order to one unit.
type sheet struct {
	ID    string    `json:"id"`
	Unit  string    `json:"unit" doc:"责任单位的代号"`
	Cases int       `json:"cases"`
	Open  int       `json:"open" doc:"尚未整改到位的"`
	Due   time.Time `json:"due,omitzero" doc:"未整改的问题中最早的期限；没有即全部了结"`
}

// maxOrders is how many orders one answer holds.
const maxOrders = 500

// queues are what waits for somebody: orders, appeals and waivers. What they are
// of are findings, and so is what is decided on them.
func (a *api) queues() {
	type choose struct {
		Unit string `query:"unit"`
		Site string `query:"site"`
	}
	get(a, "list-orders", "/orders", "整改单，新的在前", func(ctx context.Context, in *choose) (*body[[]sheet], error) {
		q := inspect.CaseQuery{}
		if in.Unit != "" {
			q.Units = []string{in.Unit}
		}
		if in.Site != "" {
			q.Sites = []string{in.Site}
		}
		all, err := a.Desk.Orders(ctx, who(ctx), q, maxOrders)
		out := []sheet{}
		for _, o := range all {
			out = append(out, sheet(o))
		}
		return &body[[]sheet]{out}, err
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
