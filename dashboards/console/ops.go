package console

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/dashboards/sheet"
	"github.com/xunjian/xunjian/inspect"
)

// An opsView is what the program itself does, and its own trouble.
type opsView struct {
	Jobs     []desk.Job
	Troubles []desk.Incident
	State    string
	States   []string
	MayAct   bool
}

// jobStates are the states by which jobs can be chosen.
var jobStates = []string{"available", "scheduled", "running", "retryable", "completed", "cancelled", "discarded"}

const jobsShown = 100

func (c *console) ops(q *request) error {
	v := opsView{State: q.r.FormValue("state"), States: jobStates, MayAct: q.user.Role == inspect.Operations}
	var states []string
	if v.State != "" {
		if !slices.Contains(jobStates, v.State) {
			return errForm
		}
		states = []string{v.State}
	}
	var err error
	if v.Jobs, err = c.desk.Jobs(q.r.Context(), q.who(), states, jobsShown); err != nil {
		return err
	}
	if q.exported() != "" {
		type j = desk.Job
		return export(q, "jobs", []sheet.Column[j]{
			sheet.Of("id", "编号", func(x j) any { return x.ID }), sheet.Of("kind", "任务", func(x j) any { return x.Kind }), sheet.Of("target", "对象", func(x j) any { return x.Target }),
			sheet.Of("state", "状态", func(x j) any { return x.State }), sheet.Of("due", "应于", func(x j) any { return x.Due }), sheet.Of("begun", "开始", func(x j) any { return x.Begun }),
			sheet.Of("ended", "结束", func(x j) any { return x.Ended }), sheet.Of("attempt", "次数", func(x j) any { return x.Attempt }), sheet.Of("note", "说明", func(x j) any { return x.Note + x.Error }),
		}, sheet.List(v.Jobs))
	}
	if v.Troubles, err = c.desk.Troubles(q.r.Context(), q.who(), jobsShown); err != nil {
		return err
	}
	return q.show(http.StatusOK, "ops", q.tr("运行"), v)
}

func (c *console) changeJob(q *request) error {
	id, err := strconv.ParseInt(q.r.PathValue("id"), 10, 64)
	if err != nil {
		return desk.ErrNone
	}
	do, done := c.desk.Retry, "retried"
	if q.r.FormValue("do") == "cancel" {
		do, done = c.desk.Cancel, "cancelled"
	}
	if err := do(q.r.Context(), q.who(), id); err != nil {
		return err
	}
	return q.see("/ops", done)
}
