package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/schedule"
	"github.com/xunjian/xunjian/store"
)

// jobsCmd shows the queue and changes it.
type jobsCmd struct {
	List      jobsListCmd      `cmd:"" default:"withargs" help:"列出任务，新的在前"`
	Timetable jobsTimetableCmd `cmd:"" help:"时间表：各网站的各项任务下次何时进行"`
	Run       jobsRunCmd       `cmd:"" help:"立即安排一项任务"`
	Retry     jobsRetryCmd     `cmd:"" help:"立即重做一项没有完成的任务"`
	Cancel    jobsCancelCmd    `cmd:"" help:"取消一项任务；正在进行的会停下"`
	Incidents jobsIncidentsCmd `cmd:"" help:"检查端自身的异常：线路、成批故障、自检"`
}

// queueFlags say where the queue is.
type queueFlags struct {
	placeFlags
	JSON bool `name:"json" help:"输出 JSON"`
}

func (q *queueFlags) with(e *env, do func(*schedule.Engine) error) error {
	dir, database, err := q.where()
	if err != nil {
		return err
	}
	eng, err := schedule.New(e.ctx, schedule.Config{Dir: dir, Database: database})
	if err != nil {
		return err
	}
	return errors.Join(do(eng), eng.Close())
}

// stored is with, of what the store holds beside the queue.
func (q *queueFlags) stored(e *env, do func(*store.Store) error) error {
	dir, database, err := q.where()
	if err != nil {
		return err
	}
	st, err := store.Open(e.ctx, dir, database)
	if err != nil {
		return err
	}
	defer st.Close()
	return do(st)
}

// show prints rows as JSON or as a table.
func (q *queueFlags) show(e *env, v any, table func(*tabwriter.Writer)) error {
	if q.JSON {
		enc := json.NewEncoder(e.stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(v)
	}
	w := tabwriter.NewWriter(e.stdout, 0, 4, 2, ' ', 0)
	table(w)
	return w.Flush()
}

func clockOf(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.In(inspect.Zone).Format("2006-01-02 15:04:05")
}

type jobsListCmd struct {
	queueFlags
	State []string `enum:"available,scheduled,running,retryable,completed,cancelled,discarded" help:"只列这些状态：available、scheduled、running、retryable、completed、cancelled、discarded"`
	Kind  []string `help:"只列这些任务：probe、columns、crawl、links、accounts、deep、confirm、recheck、bulletin、prune、canary"`
	Limit int      `default:"50" help:"最多列出几项"`
}

func (jobsListCmd) Examples() string {
	return "  xunjian jobs -c district.yaml\n  xunjian jobs list --state running,retryable --json\n  xunjian jobs run recheck portal https://www.example.gov.cn/xw/1.html"
}

func (c *jobsListCmd) Run(e *env) error {
	var kinds []schedule.Kind
	for _, k := range c.Kind {
		if !schedule.Kind(k).Known() {
			return usage("xunjian jobs list --help 列出全部任务", "没有任务 %q", k)
		}
		kinds = append(kinds, schedule.Kind(k))
	}
	return c.with(e, func(eng *schedule.Engine) error {
		all, err := eng.List(e.ctx, c.State, kinds, c.Limit)
		if err != nil {
			return err
		}
		return c.show(e, all, func(w *tabwriter.Writer) {
			fmt.Fprintln(w, "ID\t任务\t对象\t状态\t应于\t开始\t结束\t次\t说明")
			for _, s := range all {
				fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\n", s.ID, s.Kind, s.Target, s.State, clockOf(s.Due), clockOf(s.Begun), clockOf(s.Ended), s.Attempt, s.Note+s.Error)
			}
		})
	})
}

type jobsTimetableCmd struct {
	queueFlags
	Limit int `default:"50" help:"最多列出几行"`
}

func (c *jobsTimetableCmd) Run(e *env) error {
	return c.with(e, func(eng *schedule.Engine) error {
		all, err := eng.Timetable(e.ctx, c.Limit)
		if err != nil {
			return err
		}
		return c.show(e, all, func(w *tabwriter.Writer) {
			fmt.Fprintln(w, "任务\t对象\t下次\t上次")
			for _, l := range all {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", l.Kind, l.Target, clockOf(l.Next), clockOf(l.Last))
			}
		})
	})
}

type jobsRunCmd struct {
	queueFlags
	Kind   string `arg:"" help:"probe、columns、crawl、links、accounts、deep、confirm、recheck、bulletin、prune 或 canary"`
	Target string `arg:"" optional:"" help:"网站或账号的代号"`
	Note   string `arg:"" optional:"" help:"recheck：要复查的网址，或问题的指纹"`
}

func (c *jobsRunCmd) Run(e *env) error {
	k := schedule.Kind(c.Kind)
	if !k.Known() {
		return usage("xunjian jobs run --help 列出全部任务", "没有任务 %q", c.Kind)
	}
	if k == schedule.Recheck && c.Note == "" {
		return usage("例：xunjian jobs run recheck portal https://www.example.gov.cn/xw/1.html", "recheck 要写明复查哪个网址或问题")
	}
	if err := c.known(k); err != nil {
		return err
	}
	return c.with(e, func(eng *schedule.Engine) error {
		s, asked, err := eng.Ask(e.ctx, k, c.Target, c.Note)
		if err != nil {
			return err
		}
		if !asked {
			fmt.Fprintf(e.stderr, "同样的任务已在队列中：%d（%s）\n", s.ID, s.State)
		}
		return c.show(e, s, func(w *tabwriter.Writer) { fmt.Fprintln(w, s.ID) })
	})
}

// known refuses what could only fail: a job without its target, or for one that
// the configuration, where it is given, does not have.
func (c *jobsRunCmd) known(k schedule.Kind) error {
	switch {
	case !k.Targeted() && c.Target != "":
		return usage("例：xunjian jobs run "+c.Kind, "%s 不分网站", c.Kind)
	case k.Targeted() && c.Target == "":
		return usage("例：xunjian jobs run "+c.Kind+" portal", "%s 要写明网站或账号的代号", c.Kind)
	case c.Config == "" || c.Target == "":
		return nil
	}
	cfg, err := config.Load(c.Config)
	if err != nil {
		return usageError{err: err}
	}
	site, account := cfg.Site(c.Target) != nil, cfg.Account(c.Target) != nil
	if k == schedule.Accounts && account || k == schedule.Recheck && (site || account) || k != schedule.Accounts && site {
		return nil
	}
	return usage("xunjian jobs timetable 列出网站与账号", "配置中没有 %s 的对象 %q", c.Kind, c.Target)
}

type jobsRetryCmd struct {
	queueFlags
	ID int64 `arg:"" help:"任务编号"`
}

func (c *jobsRetryCmd) Run(e *env) error {
	return c.with(e, func(eng *schedule.Engine) error { return c.told(e)(eng.Retry(e.ctx, c.ID)) })
}

type jobsCancelCmd struct {
	queueFlags
	ID int64 `arg:"" help:"任务编号"`
}

func (c *jobsCancelCmd) Run(e *env) error {
	return c.with(e, func(eng *schedule.Engine) error { return c.told(e)(eng.Cancel(e.ctx, c.ID)) })
}

func (q *queueFlags) told(e *env) func(schedule.Status, error) error {
	return func(s schedule.Status, err error) error {
		if errors.Is(err, schedule.ErrNoJob) {
			return usage("xunjian jobs list 列出任务", "没有这个编号的任务")
		}
		if errors.Is(err, schedule.ErrDone) {
			return usage(fmt.Sprintf("再做一次：xunjian jobs run %s %s", s.Kind, s.Target), "任务 %d 已经完成", s.ID)
		}
		if err != nil {
			return err
		}
		return q.show(e, s, func(w *tabwriter.Writer) { fmt.Fprintf(w, "%d\t%s\t%s\t%s\n", s.ID, s.Kind, s.Target, s.State) })
	}
}

type jobsIncidentsCmd struct {
	queueFlags
	Limit int `default:"30" help:"最多列出几次"`
}

func (c *jobsIncidentsCmd) Run(e *env) error {
	return c.stored(e, func(st *store.Store) error {
		all, err := st.Incidents(e.ctx, c.Limit)
		if err != nil {
			return err
		}
		return c.show(e, all, func(w *tabwriter.Writer) {
			fmt.Fprintln(w, "开始\t结束\t类别\t说明")
			for _, i := range all {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", clockOf(i.Begun), clockOf(i.Ended), i.Kind, i.Detail)
			}
		})
	})
}
