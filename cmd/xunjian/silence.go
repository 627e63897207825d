package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os/user"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

// silenceCmd keeps alerts back for a time. What still stands then is told.
type silenceCmd struct {
	Add  silenceAddCmd  `cmd:"" help:"从现在起静默；到期后仍成立的再发"`
	List silenceListCmd `cmd:"" default:"withargs" help:"列出生效中的静默"`
	End  silenceEndCmd  `cmd:"" help:"提前结束一项静默"`
}

type silenceAddCmd struct {
	alertFlags
	Unit    string        `placeholder:"ID" help:"这个单位的"`
	Site    string        `placeholder:"ID" help:"这个网站或账号的"`
	Check   string        `placeholder:"ID" help:"这项检查的，或以 * 结尾的一类"`
	Finding string        `placeholder:"FINGERPRINT" help:"这个问题的（指纹）"`
	For     time.Duration `required:"" placeholder:"DUR" help:"多长时间，如 48h；最长 2160h"`
	Why     string        `required:"" help:"理由，记入审计日志"`
}

func (silenceAddCmd) Examples() string {
	return "  xunjian alerts silence add --site edu --for 48h --why 网站改版 -c district.yaml"
}

const longestSilence = 90 * 24 * time.Hour

func (c *silenceAddCmd) Run(e *env) error {
	switch {
	case c.Unit+c.Site+c.Check+c.Finding == "":
		return usage("例：--site edu，--check 'column-*'", "要写明静默什么：--unit、--site、--check 或 --finding")
	case c.For <= 0 || c.For > longestSilence:
		return usage("例：--for 48h", "--for 应在 0 到 2160h 之间")
	case strings.TrimSpace(c.Why) == "":
		return usage("例：--why 网站改版", "要写明理由")
	case c.Check != "" && !anyCheck(c.Check):
		return usage("xunjian explain 列出全部检查", "没有检查 %q", c.Check)
	}
	p, now := whoTypes(), time.Now()
	s := inspect.Silence{ID: strings.ToLower(rand.Text()[:10]), Unit: c.Unit, Site: c.Site, Check: c.Check, Key: c.Finding, Why: c.Why, By: p.Name, From: now.UTC(), Until: now.Add(c.For).UTC()}
	return c.store(e, func(st *store.Store) error {
		if err := st.Silence(e.ctx, s, p); err != nil {
			return err
		}
		return c.show(e, s, func(w *tabwriter.Writer) { fmt.Fprintf(w, "%s\t至 %s\n", s.ID, clockOf(s.Until)) })
	})
}

// whoTypes is the person at the machine, as the audit log names him.
func whoTypes() inspect.Person {
	name := "?"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	return inspect.Person{ID: "cli:" + name, Name: name, Role: inspect.Operations}
}

type silenceListCmd struct{ alertFlags }

func (c *silenceListCmd) Run(e *env) error {
	return c.store(e, func(st *store.Store) error {
		all, err := st.Silences(e.ctx, time.Now())
		if err != nil {
			return err
		}
		return c.show(e, all, func(w *tabwriter.Writer) {
			fmt.Fprintln(w, "编号\t单位\t网站或账号\t检查\t问题\t至\t何人\t理由")
			for _, s := range all {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", s.ID, s.Unit, s.Site, s.Check, s.Key, clockOf(s.Until), s.By, s.Why)
			}
		})
	})
}

type silenceEndCmd struct {
	alertFlags
	ID string `arg:"" help:"静默的编号"`
}

func (c *silenceEndCmd) Run(e *env) error {
	return c.store(e, func(st *store.Store) error {
		err := st.EndSilence(e.ctx, c.ID, whoTypes(), time.Now())
		if errors.Is(err, store.ErrNoSilence) {
			return usage("xunjian alerts silence list 列出静默", "%v", err)
		}
		return err
	})
}
