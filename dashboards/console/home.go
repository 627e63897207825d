package console

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/inspect"
)

// A homeView is the work list of whoever is logged in.
type homeView struct {
	Desk     *desk.Desk
	Work     []desk.Task
	Stages   []tab
	Units    []bar // open cases by unit
	Verdicts []tab
	Clocks   []desk.Clock // that fall first
	Troubles []desk.Incident
	Failed   []desk.Job
}

// How much of each list the work list shows.
const (
	homeUnits  = 12
	homeClocks = 10
	homeJobs   = 10
)

func (c *console) home(q *request) error {
	v := homeView{Desk: c.desk}
	var err error
	if slices.Contains(readers, q.user.Role) {
		err = v.fill(q)
	}
	if err == nil && slices.Contains([]inspect.Role{inspect.Operations, inspect.Admin, inspect.Supervisor}, q.user.Role) {
		v.Troubles, err = c.desk.Troubles(q.r.Context(), q.who(), homeJobs)
		v.Troubles = slices.DeleteFunc(v.Troubles, func(i desk.Incident) bool { return !i.Ended.IsZero() })
	}
	if err == nil && q.user.Role == inspect.Operations {
		v.Failed, err = c.desk.Jobs(q.r.Context(), q.who(), []string{"retryable", "discarded"}, homeJobs)
	}
	if err != nil {
		return err
	}
	return q.show(http.StatusOK, "home", q.tr("工作台"), v)
}

func (v *homeView) fill(q *request) (err error) {
	ctx, d := q.r.Context(), q.desk
	if v.Work, err = d.Work(ctx, q.who()); err != nil {
		return err
	}
	n, err := d.Count(ctx, q.who(), inspect.CaseQuery{}, "stage")
	if err != nil {
		return err
	}
	for _, s := range inspect.Stages {
		if k := n[string(s)]; k > 0 {
			v.Stages = append(v.Stages, tab{Label: q.tr("状态|" + s.Chinese()), Path: "/findings?stage=" + string(s), N: k, Count: q.tr("%d", k)})
		}
	}
	all, err := d.Targets(ctx, q.who(), desk.TargetQuery{Every: true})
	if err != nil {
		return err
	}
	v.Clocks = desk.ClocksOf(all)
	v.Clocks = v.Clocks[:min(len(v.Clocks), homeClocks)]
	v.Verdicts = verdicts(q, slices.DeleteFunc(slices.Clone(all), func(x desk.Standing) bool { return x.Site.Account != nil }))
	if q.user.Role == inspect.Agency {
		return nil
	}
	by := map[string]int{}
	for _, x := range all {
		by[x.Site.UnitID] += x.Open
	}
	for unit, k := range by {
		if k > 0 {
			v.Units = append(v.Units, bar{Label: d.UnitName(unit), Path: "/findings?stage=open&unit=" + unit, N: k})
		}
	}
	slices.SortFunc(v.Units, func(a, b bar) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Label, b.Label)) })
	v.Units = scaled(v.Units[:min(len(v.Units), homeUnits)])
	return nil
}

func verdicts(q *request, all []desk.Standing) (out []tab) {
	n := map[inspect.Decision]int{}
	never := 0
	for _, x := range all {
		if x.Last == nil {
			never++
			continue
		}
		n[x.Last.Grade.Verdict]++
	}
	for _, d := range []inspect.Decision{inspect.Failed, inspect.Undecided, inspect.Passed} {
		out = append(out, tab{Label: q.tr(desk.DecisionWord(d)), Path: "/sites?verdict=" + string(d), N: n[d], Count: q.tr("%d", n[d])})
	}
	return append(out, tab{Label: q.tr("尚未检查"), Path: "/sites", N: never, Count: q.tr("%d", never)})
}
