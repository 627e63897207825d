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
	Filter filter
	Cases  []inspect.Case
	Next   string // address of the next page; "": none
	Stages []tab
	Total  int
	Units  []desk.Unit     // that can be chosen
	Sites  []*inspect.Site // of those
	Checks []desk.RulePage // likewise
	Acts   []form          // that can be done with many
	Desk   *desk.Desk
}

// A tab chooses a stage, and says how many cases are in it.
type tab struct {
	Label, Path string
	N           int
	Current     bool
}

func (c *console) findings(q *request) error {
	f := q.filter()
	query, err := f.query(q)
	if err != nil {
		return err
	}
	if q.exported() != "" {
		return export(q, "findings", q.caseColumns(), c.desk.All(q.r.Context(), q.who(), query))
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
	v.Units, v.Sites = q.choices()
	return q.show(http.StatusOK, "findings", q.tr("问题"), v)
}

// tabs counts what a query takes by stage, whatever stages it chose itself.
func (q *request) tabs(query inspect.CaseQuery) (out []tab, total int, err error) {
	chosen := query.Stages
	query.Stages = nil
	n, err := q.desk.Count(q.r.Context(), q.who(), query, "stage")
	if err != nil {
		return nil, 0, err
	}
	at := here(q.r.URL)
	all, open := 0, 0
	for _, k := range slices.Collect(maps.Values(n)) {
		all += k
	}
	for _, s := range openStages() {
		open += n[string(s)]
	}
	out = []tab{{q.tr("全部"), with(at, "stage", ""), all, len(chosen) == 0}, {q.tr("未了结"), with(at, "stage", "open"), open, slices.Equal(chosen, openStages())}}
	for _, s := range inspect.Stages {
		current := len(chosen) == 1 && chosen[0] == s
		if n[string(s)] > 0 || current {
			out = append(out, tab{q.tr("状态|" + s.Chinese()), with(at, "stage", string(s)), n[string(s)], current})
		}
	}
	for _, t := range out {
		if t.Current {
			total = t.N
		}
	}
	return out, total, nil
}

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
