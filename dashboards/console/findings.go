package console

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/inspect"
)

// A findingsView is the list of cases with what it was chosen by.
type findingsView struct {
	Filter    filter
	Cases     []inspect.Case
	Next      string // address of the next page; "": none
	Stages    []tab
	Total     string          // how many there are; "": nobody counted
	Searching bool            // the list goes on where the search stopped
	Units     []desk.Unit     // that can be chosen
	Sites     []*inspect.Site // of those
	Checks    []desk.RulePage // likewise
	Acts      []form          // that can be done with many
	Desk      *desk.Desk
}

// A tab chooses a stage, and says how many cases are in it.
type tab struct {
	Label, Path string
	N           int
	Count       string // N as it is shown; "": nobody counted
	Current     bool
}

func (c *console) findings(q *request) error {
	f := q.filter()
	query, err := f.query(q)
	if err != nil {
		return err
	}
	if q.exported() != "" {
		return export(q, "findings", q.desk.CaseColumns(q.words), c.desk.All(q.r.Context(), q.who(), query))
	}
	v := findingsView{Filter: f, Desk: c.desk, Checks: c.desk.Pages, Acts: manyForms(q.user.Role)}
	var next string
	if v.Cases, next, err = c.desk.List(q.r.Context(), q.who(), query); err != nil {
		return err
	}
	if next != "" {
		v.Next = with(here(q.r.URL), "after", next)
	}
	if v.Stages, v.Total, err = q.tabs(query); err != nil {
		return err
	}
	v.Searching = f.Text != "" && next != ""
	v.Units, v.Sites = q.choices()
	return q.show(http.StatusOK, "findings", q.tr("问题"), v)
}

// tabs counts what a query takes by stage, whatever stages it chose itself. What
// has certain words nobody counts: that would mean to read it all.
func (q *request) tabs(query inspect.CaseQuery) (out []tab, total string, err error) {
	chosen := query.Stages
	query.Stages = nil
	n := inspect.CaseCounts{}
	if query.Text == "" {
		if n, err = q.desk.Count(q.r.Context(), q.who(), query, "stage"); err != nil {
			return nil, "", err
		}
	}
	at := here(q.r.URL)
	all, open := 0, 0
	for _, k := range slices.Collect(maps.Values(n)) {
		all += k
	}
	for _, s := range openStages() {
		open += n[string(s)]
	}
	out = []tab{{Label: q.tr("全部"), Path: with(at, "stage", ""), N: all, Current: len(chosen) == 0},
		{Label: q.tr("未了结"), Path: with(at, "stage", "open"), N: open, Current: slices.Equal(chosen, openStages())}}
	for _, s := range inspect.Stages {
		current := len(chosen) == 1 && chosen[0] == s
		if n[string(s)] > 0 || current || query.Text != "" {
			out = append(out, tab{Label: q.tr("状态|" + s.Chinese()), Path: with(at, "stage", string(s)), N: n[string(s)], Current: current})
		}
	}
	for i := range out {
		t := &out[i]
		switch {
		case query.Text != "":
		case all == countedAtMost:
			t.Count = q.tr("%d 以上", t.N)
		default:
			t.Count = q.tr("%d", t.N)
		}
		if t.Current {
			total = t.Count
		}
	}
	return out, total, nil
}

// countedAtMost is where the store stops to count cases one by one.
const countedAtMost = 10_000

// choices are the units and sites that whoever asks can choose by.
func (q *request) choices() (units []desk.Unit, sites []*inspect.Site) {
	for _, u := range q.desk.Units {
		if q.user.Reads(u.ID) {
			units = append(units, u)
		}
	}
	for _, s := range q.desk.Config.Targets {
		if q.user.Reads(s.UnitID) {
			sites = append(sites, s)
		}
	}
	return units, sites
}

// decideMany takes one step on the cases that were ticked.
func (c *console) decideMany(q *request) error {
	step, err := q.step()
	if err != nil {
		return err
	}
	var on []desk.Decision
	for _, ticked := range q.r.PostForm["case"] {
		print, version, ok := strings.Cut(ticked, ".")
		n, err := strconv.ParseInt(version, 10, 64)
		if !ok || err != nil {
			return errForm
		}
		on = append(on, desk.Decision{Case: print, Version: n})
	}
	if len(on) == 0 || len(on) > 500 {
		return errForm
	}
	if _, err := c.desk.Act(q.r.Context(), q.who(), step, on...); err != nil {
		return err
	}
	return q.see(local(q.r.PostForm.Get("back"), "/findings"), "acted")
}
