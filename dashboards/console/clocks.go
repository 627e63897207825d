package console

import (
	"net/http"
	"strconv"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/dashboards/sheet"
	"github.com/xunjian/xunjian/inspect"
)

// A clocksView is the columns and accounts by what falls first.
type clocksView struct {
	Desk       *desk.Desk
	Query      desk.TargetQuery
	All        []desk.Clock // of this page of the list
	Total      int
	Prev, Next string
	Units      []desk.Unit
}

const clocksPage = 200

func (c *console) clocks(q *request) error {
	f := q.r.URL.Query()
	v := clocksView{Desk: c.desk, Query: desk.TargetQuery{Kind: inspect.Kind(f.Get("kind")), Every: f.Get("kind") == "", Unit: q.desk.UnitID(f.Get("unit")), Text: f.Get("q")}}
	all, err := c.desk.Clocks(q.r.Context(), q.who(), v.Query)
	if err != nil {
		return err
	}
	if q.exported() != "" {
		return export(q, "clocks", c.desk.ClockColumns(), sheet.List(all))
	}
	v.Total = len(all)
	from, to := q.span(len(all), clocksPage)
	v.All = all[from:to]
	v.Prev, v.Next = q.around(from, to, len(all), clocksPage)
	v.Units, _ = q.choices()
	return q.show(http.StatusOK, "clocks", q.tr("更新期限"), v)
}

// span is the part of a list of n that a page of it shows.
func (q *request) span(n, page int) (from, to int) {
	from, _ = strconv.Atoi(q.r.URL.Query().Get("from"))
	from = max(0, min(from, n))
	return from, min(from+page, n)
}

// around are the addresses of the pages before and behind a part of a list.
func (q *request) around(from, to, n, page int) (prev, next string) {
	if to < n {
		next = with(here(q.r.URL), "from", strconv.Itoa(to))
	}
	if from > 0 {
		prev = with(here(q.r.URL), "from", strconv.Itoa(max(0, from-page)))
	}
	return prev, next
}
