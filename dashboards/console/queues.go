package console

import (
	"net/http"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/inspect"
)

// An ordersView is the list of orders.
type ordersView struct {
	Desk   *desk.Desk
	Orders []inspect.OrderSheet
	Next   string // address of the next page; "": none
}

// Late reports whether a unit still owes something of a sheet whose last day
// has passed.
func (v ordersView) Late(o inspect.OrderSheet) bool {
	return !o.Owed.IsZero() && inspect.DaysBetween(o.Owed, v.Desk.Now()) > 0
}

const ordersShown = 200

func (c *console) orders(q *request) error {
	f := q.filter()
	query, err := f.query(q)
	if err != nil {
		return err
	}
	if q.exported() != "" {
		return export(q, "orders", c.desk.OrderColumns(), c.desk.AllOrders(q.r.Context(), q.who(), query))
	}
	v := ordersView{Desk: c.desk}
	var next string
	if v.Orders, next, err = c.desk.Orders(q.r.Context(), q.who(), query, ordersShown); err != nil {
		return err
	}
	if next != "" {
		v.Next = with(here(q.r.URL), "after", next)
	}
	return q.show(http.StatusOK, "orders", q.tr("整改单"), v)
}

// A queueView is a list of cases that wait for a decision, or an order's.
type queueView struct {
	Desk   *desk.Desk
	Title  string
	Filter filter
	Cases  []inspect.Case
	Next   string
	Acts   []form
	Order  *inspect.Order // of an order's page
	Unit   string
}

// queue shows the cases that a query takes.
func (q *request) queue(page, title, file string, query inspect.CaseQuery) error {
	if q.exported() != "" {
		return export(q, file, q.desk.CaseColumns(q.words), q.desk.All(q.r.Context(), q.who(), query))
	}
	f := q.filter()
	query.After = f.After
	v := queueView{Desk: q.desk, Title: title, Filter: f}
	var next string
	var err error
	if v.Cases, next, err = q.desk.List(q.r.Context(), q.who(), query); err != nil {
		return err
	}
	if next != "" {
		v.Next = with(here(q.r.URL), "after", next)
	}
	if page == "order" {
		if len(v.Cases) == 0 {
			return desk.ErrNone
		}
		v.Order, v.Unit, v.Acts = v.Cases[0].Order, v.Cases[0].Unit, manyForms(q.user.Role)
	}
	return q.show(http.StatusOK, page, title, v)
}

func (c *console) order(q *request) error {
	id := q.r.PathValue("id")
	return q.queue("order", q.tr("整改单")+" "+id, "order", inspect.CaseQuery{Order: id, Limit: 200})
}

func (c *console) appeals(q *request) error {
	return q.queue("appeals", q.tr("申诉"), "appeals", inspect.CaseQuery{Stages: []inspect.Stage{inspect.StageAppealed}})
}

func (c *console) waivers(q *request) error {
	if q.filter().Pending {
		return q.queue("waivers", q.tr("待同意的豁免"), "waivers", inspect.CaseQuery{Pending: true})
	}
	return q.queue("waivers", q.tr("豁免"), "waivers", inspect.CaseQuery{Stages: []inspect.Stage{inspect.StageWaived, inspect.StageRefuted}})
}
