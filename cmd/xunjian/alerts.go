package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/xunjian/xunjian/alerts"
	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

// alertsCmd tries channels and shows what is told to whom.
type alertsCmd struct {
	Preview alertsPreviewCmd `cmd:"" help:"试算：现在起会发什么、何时、发给谁；什么也不发"`
	Test    alertsTestCmd    `cmd:"" help:"向一个渠道发一条测试通知"`
	Log     alertsLogCmd     `cmd:"" help:"发送记录，新的在前；给出编号则显示全文"`
	Resend  alertsResendCmd  `cmd:"" help:"重发一条没有发出、或不知是否发出的通知"`
	Clocks  alertsClocksCmd  `cmd:"" help:"各栏目和账号的更新期限，先到期的在前"`
	Silence silenceCmd       `cmd:"" help:"静默：在一段时间内不发某些通知"`
}

// alertFlags name the configuration and where data lies.
type alertFlags struct{ queueFlags }

// with opens the store and the engine of the configuration.
func (f *alertFlags) with(e *env, do func(*config.Config, *store.Store, *alerts.Engine) error) error {
	if f.Config == "" {
		return usage("例：xunjian alerts preview -c district.yaml", "要用 -c 给出配置")
	}
	cfg, err := config.Load(f.Config)
	if err != nil {
		return usageError{err: err}
	}
	if cfg.Alerts == nil {
		return usage("在配置中写 alerts，见 docs/alerts.md", "配置中没有 alerts")
	}
	return f.store(e, func(st *store.Store) error {
		eng, err := newAlerts(cfg, st, slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		return do(cfg, st, eng)
	})
}

// store opens the store only.
func (f *alertFlags) store(e *env, do func(*store.Store) error) error {
	dir, database, err := f.where()
	if err != nil {
		return err
	}
	st, err := store.Open(e.ctx, dir, database)
	if err != nil {
		return err
	}
	return errors.Join(do(st), st.Close())
}

type alertsPreviewCmd struct{ alertFlags }

func (alertsPreviewCmd) Examples() string {
	return "  xunjian alerts preview -c district.yaml\n  xunjian alerts preview -c district.yaml --json"
}

func (c *alertsPreviewCmd) Run(e *env) error {
	return c.with(e, func(cfg *config.Config, _ *store.Store, eng *alerts.Engine) error {
		all, err := eng.Preview(e.ctx)
		if err != nil {
			return err
		}
		return c.show(e, all, func(w *tabwriter.Writer) {
			if len(all) == 0 {
				fmt.Fprintln(w, "没有要发的通知。")
			}
			for _, m := range all {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", clockOf(m.Next), m.Channel, m.Contact, m.Subject)
				printAlerts(w, m)
			}
		})
	})
}

// printAlerts prints what a message tells, one alert a line.
func printAlerts(w *tabwriter.Writer, m *inspect.Message) {
	for _, a := range m.Alerts {
		fmt.Fprintf(w, "\t\t\t· %s　%s：%s\n", a.Kind.Chinese(), cmp.Or(a.Name, "—"), a.Text)
	}
	if m.Total > len(m.Alerts) {
		fmt.Fprintf(w, "\t\t\t…共 %d 条\n", m.Total)
	}
}

type alertsTestCmd struct {
	alertFlags
	Channel string `arg:"" help:"渠道代号"`
	To      string `placeholder:"ADDRESS" help:"邮箱或手机号；机器人和接口不写"`
}

func (alertsTestCmd) Examples() string {
	return "  xunjian alerts test mail --to zhao@example.gov.cn -c district.yaml\n  xunjian alerts test group -c district.yaml"
}

func (c *alertsTestCmd) Run(e *env) error {
	return c.with(e, func(cfg *config.Config, _ *store.Store, eng *alerts.Engine) error {
		ch := eng.Channels[c.Channel]
		if ch == nil {
			return usage("xunjian check-config "+c.Config, "配置中没有渠道 %q", c.Channel)
		}
		for _, x := range cfg.Alerts.Channels {
			if k, _ := alerts.KindOf(x.Kind); x.ID == c.Channel && k.Direct && c.To == "" {
				return usage("例：xunjian alerts test "+c.Channel+" --to …", "%s要用 --to 给出收件人", k.Chinese)
			}
		}
		now := time.Now().UTC()
		a := inspect.Alert{ID: "test", Key: "test", Kind: inspect.AlertTest, At: now, Text: "收到本条，说明该渠道可以使用。"}
		m := &inspect.Message{ID: fmt.Sprintf("test-%d", now.UnixNano()), Channel: c.Channel, Subject: "巡检：测试通知", Alerts: []inspect.Alert{a}, Total: 1,
			Counts: map[inspect.AlertKind]int{a.Kind: 1}, Created: now}
		ctx, cancel := context.WithTimeout(e.ctx, 90*time.Second)
		defer cancel()
		if err := ch.Send(ctx, m, c.To); err != nil {
			return fmt.Errorf("渠道 %s：%w", c.Channel, err)
		}
		_, err := fmt.Fprintln(e.stdout, "对方已接收。")
		return err
	})
}

type alertsLogCmd struct {
	alertFlags
	ID    string   `arg:"" optional:"" help:"消息编号"`
	State []string `enum:"waiting,taken,sending,sent,failed" help:"只列这些状态：waiting 待发、taken 即将发送、sending 发送中或不知是否发出、sent 已发、failed 已放弃"`
	Limit int      `default:"50" help:"最多列出几条"`
}

func (alertsLogCmd) Examples() string {
	return "  xunjian alerts log -c district.yaml --state failed,sending\n  xunjian alerts log 3f0c… -c district.yaml"
}

func (c *alertsLogCmd) Run(e *env) error {
	return c.store(e, func(st *store.Store) error {
		if c.ID != "" {
			m, err := st.Message(e.ctx, c.ID)
			if err != nil {
				return noMessage(err)
			}
			return c.show(e, m, func(w *tabwriter.Writer) {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", clockOf(m.Created), m.Channel, m.Contact, m.Subject)
				printAlerts(w, m)
				fmt.Fprintf(w, "%s\t第 %d 次\t%s\t%s\n", clockOf(m.Ended), m.Attempts, m.State, m.Error)
			})
		}
		var states []inspect.MessageState
		for _, s := range c.State {
			states = append(states, inspect.MessageState(s))
		}
		all, err := st.Messages(e.ctx, states, c.Limit)
		if err != nil {
			return err
		}
		return c.show(e, all, func(w *tabwriter.Writer) {
			fmt.Fprintln(w, "编号\t时间\t渠道\t联系人\t状态\t次\t下次\t主题\t说明")
			for _, m := range all {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s\n", m.ID, clockOf(m.Created), m.Channel, m.Contact, m.State, m.Attempts, clockOf(m.Next), m.Subject, m.Error)
			}
		})
	})
}

func noMessage(err error) error {
	if errors.Is(err, store.ErrNoMessage) {
		return usage("xunjian alerts log 列出消息", "%v", err)
	}
	return err
}

type alertsResendCmd struct {
	alertFlags
	ID string `arg:"" help:"消息编号"`
}

func (c *alertsResendCmd) Run(e *env) error {
	return c.store(e, func(st *store.Store) error { return noMessage(st.Resend(e.ctx, c.ID, time.Now())) })
}

type alertsClocksCmd struct {
	queueFlags
	Now  string   `placeholder:"DATE" help:"监测时间点（默认现在）"`
	Unit []string `placeholder:"ID" help:"只列这些单位"`
}

func (alertsClocksCmd) Examples() string {
	return "  xunjian alerts clocks -c district.yaml --unit edu"
}

// A clockRow is how much time a column or an account has.
type clockRow struct {
	Unit   string    `json:"unit,omitempty"`
	Site   string    `json:"site"`
	Column string    `json:"column,omitempty"`
	Newest time.Time `json:"newest,omitzero"`
	Limit  time.Time `json:"limit,omitzero"`
	Left   *int      `json:"left"` // days; nil: not known
	At     time.Time `json:"at"`   // of the look
}

func (c *alertsClocksCmd) Run(e *env) error {
	if c.Config == "" {
		return usage("例：xunjian alerts clocks -c district.yaml", "要用 -c 给出配置")
	}
	now, err := parseNow(c.Now)
	if err != nil {
		return err
	}
	cfg, err := config.Load(c.Config)
	if err != nil {
		return usageError{err: err}
	}
	f := alertFlags{c.queueFlags}
	return f.store(e, func(st *store.Store) error {
		all, err := clocksOf(e.ctx, st, cfg)
		if err != nil {
			return err
		}
		rows := []clockRow{}
		for i := range all {
			if len(c.Unit) == 0 || slices.Contains(c.Unit, all[i].Site.UnitID) {
				rows = append(rows, clockRowOf(&all[i], now))
			}
		}
		return c.show(e, rows, func(w *tabwriter.Writer) {
			fmt.Fprintln(w, "还剩几天\t期限\t最近更新\t单位\t网站或账号\t栏目\t检查于")
			for _, r := range rows {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", intWord(r.Left), dayOf(r.Limit), dayOf(r.Newest), r.Unit, r.Site, r.Column, clockOf(r.At))
			}
		})
	})
}

func clockRowOf(k *alerts.Clock, now time.Time) clockRow {
	r := clockRow{Unit: k.Site.Unit, Site: cmp.Or(k.Site.Name, k.Site.ID), Newest: k.Newest, Limit: k.Limit, At: k.At}
	if k.Site.Kind != inspect.Account {
		r.Column = k.Name
	}
	if !k.Limit.IsZero() {
		left := k.Left(now)
		r.Left = &left
	}
	return r
}

func dayOf(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.In(inspect.Zone).Format(time.DateOnly)
}
