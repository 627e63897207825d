package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/xunjian/xunjian/checks/visits"
	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

// visitsCmd warns before the line of 站点无法访问 is reached. The defaults are
// the rule's own (国办秘函〔2019〕19号, SV-2).
type visitsCmd struct {
	queueFlags
	Now     string  `placeholder:"DATE" help:"监测时间点（默认现在）"`
	Days    int     `default:"7" help:"看多少天"`
	Share   float64 `default:"0.05" help:"失败占比达到多少即单项否决"`
	Seconds int     `default:"15" help:"超过（含）多少秒打不开算失败"`
}

func (visitsCmd) Examples() string {
	return "  xunjian visits -c district.yaml\n  xunjian visits -c district.yaml --json"
}

// A visitsRow is how visits to a site went.
type visitsRow struct {
	Site   string  `json:"site"`
	Name   string  `json:"name,omitempty"`
	Told   int     `json:"told"` // visits that told something
	Failed int     `json:"failed"`
	Share  float64 `json:"share"`
	Left   int     `json:"left"` // failures more, one after another, until the line; 0: it is reached
	Median int64   `json:"median_ms"`
	P95    int64   `json:"p95_ms"`
	Cause  string  `json:"cause,omitempty"` // the most frequent one
}

func (c *visitsCmd) Run(e *env) error {
	if c.Config == "" {
		return usage("xunjian visits -c district.yaml", "要用 -c 给出配置")
	}
	cfg, err := config.Load(c.Config)
	if err != nil {
		return usageError{err: err}
	}
	now, err := parseNow(c.Now)
	if err != nil {
		return err
	}
	dir, database, err := c.where()
	if err != nil {
		return err
	}
	st, err := store.Open(e.ctx, dir, database)
	if err != nil {
		return err
	}
	defer st.Close()
	rows := []visitsRow{}
	for _, s := range cfg.Sites {
		probes, err := st.Probes(e.ctx, s.ID, now.AddDate(0, 0, -c.Days-1))
		if err != nil {
			return err
		}
		rows = append(rows, c.row(s, probes, now))
	}
	slices.SortStableFunc(rows, func(a, b visitsRow) int { // the nearest to the line first; sites nobody visited last
		if (a.Told == 0) != (b.Told == 0) {
			return map[bool]int{true: 1, false: -1}[a.Told == 0]
		}
		return a.Left - b.Left
	})
	return c.show(e, rows, func(w *tabwriter.Writer) {
		fmt.Fprintf(w, "网站\t有效访问\t失败\t占比\t再失败几次达到 %.0f%%\t中位 / 95%% 用时\t主要原因\n", 100*c.Share)
		for _, r := range rows {
			if r.Told == 0 {
				fmt.Fprintf(w, "%s\t0\t-\t-\t-\t-\t还没有访问记录\n", r.Site)
				continue
			}
			left := fmt.Sprint(r.Left)
			if r.Left == 0 {
				left = "已达到"
			}
			fmt.Fprintf(w, "%s\t%d\t%d\t%.1f%%\t%s\t%d / %d 毫秒\t%s\n", r.Site, r.Told, r.Failed, 100*r.Share, left, r.Median, r.P95, r.Cause)
		}
	})
}

func (c *visitsCmd) row(s *inspect.Site, probes []inspect.Probe, now time.Time) visitsRow {
	site := *s
	site.Visits = probes
	t := visits.Tell(&inspect.Pass{Site: &site, Now: now}, c.Days, c.Seconds)
	r := visitsRow{Site: s.ID, Name: s.Name, Told: t.Told, Failed: t.Failed, Median: int64(t.Quantile(0.5)), P95: int64(t.Quantile(0.95))}
	if t.Told == 0 {
		return r
	}
	r.Share = float64(t.Failed) / float64(t.Told)
	if r.Share < c.Share && c.Share < 1 { // (failed + n) / (told + n) reaches the share
		r.Left = int(math.Ceil((c.Share*float64(t.Told)-float64(t.Failed))/(1-c.Share) - 1e-9))
	}
	causes := map[string]int{}
	for _, p := range probes {
		if p.Verdict == inspect.Fault {
			causes[strings.TrimSpace(p.Cause.Chinese())]++
		}
	}
	for name, n := range causes {
		if n > causes[r.Cause] || n == causes[r.Cause] && name < r.Cause {
			r.Cause = name
		}
	}
	return r
}
