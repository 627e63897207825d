package main

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

type accountsListCmd struct {
	accountFlags
	Format string `enum:"text,json,csv" default:"text" help:"text、json 或 csv"`
	Out    string `short:"o" placeholder:"FILE" help:"写入文件"`
}

func (accountsListCmd) Examples() string {
	return "  xunjian accounts -c district.yaml\n  xunjian accounts -c district.yaml --format csv -o 账号.csv"
}

// An accountRow is one account of the list.
type accountRow struct {
	ID       string               `json:"id"`
	Name     string               `json:"name"`
	Platform inspect.Platform     `json:"platform"`
	Unit     string               `json:"unit"`
	State    inspect.Standing     `json:"state"`
	Verdict  string               `json:"verdict"` // "": never inspected, or not judged
	At       string               `json:"inspected,omitempty"`
	LastPost string               `json:"last_post,omitempty"`
	Left     *int                 `json:"days_left"` // null: not known
	Gap      *int                 `json:"longest_gap_days"`
	Months   []inspect.MonthPosts `json:"posts_per_month"`
	Sources  []inspect.Health     `json:"sources"`
}

// A platformRate is how many accounts of a platform pass.
type platformRate struct {
	Platform  inspect.Platform `json:"platform"`
	Judged    int              `json:"judged"` // passed or failed
	Passed    int              `json:"passed"`
	Undecided int              `json:"undecided"` // could not be told, or wait for a person
	Rate      *float64         `json:"pass_percent"`
}

func (c *accountsListCmd) Run(e *env) error {
	cfg, st, now, err := c.open(e)
	if err != nil {
		return err
	}
	defer st.Close()
	rows := make([]accountRow, 0, len(cfg.Accounts))
	for _, s := range cfg.Accounts {
		r, err := accountRowOf(e, st, s, now)
		if err != nil {
			return err
		}
		rows = append(rows, r)
	}
	rates := ratesOf(rows)
	return e.output(c.Out, func(w io.Writer) error {
		switch c.Format {
		case "json":
			j := json.NewEncoder(w)
			j.SetIndent("", "  ")
			j.SetEscapeHTML(false)
			return j.Encode(map[string]any{"accounts": rows, "platforms": rates})
		case "csv":
			return accountsCSV(w, rows)
		}
		return accountsText(w, rows, rates)
	})
}

// accountRowOf reads what the last complete inspection of an account left.
func accountRowOf(e *env, st *store.Store, s *inspect.Site, now time.Time) (accountRow, error) {
	m := s.Account
	r := accountRow{ID: s.ID, Name: s.Name, Platform: m.Platform, Unit: s.Unit, State: m.On(now), Months: []inspect.MonthPosts{}, Sources: []inspect.Health{}}
	h, err := st.Latest(e.ctx, s.ID, store.Whole)
	if err != nil || h == nil {
		return r, err
	}
	var feeds []*inspect.Collection
	for ev, err := range st.Events(e.ctx, h.ID) {
		if err != nil {
			return r, err
		}
		if ev.Feed != nil {
			feeds = append(feeds, ev.Feed)
			r.Sources = append(r.Sources, ev.Feed.Health())
		}
	}
	a := m.ActivityOf(feeds, now)
	r.At = h.Now.In(inspect.Zone).Format(time.DateOnly)
	if len(a.Months) > 0 {
		r.Months = a.Months
	}
	if len(a.Posts) > 0 {
		r.LastPost = a.Posts[0].Published.In(inspect.Zone).Format(time.DateOnly)
	}
	if a.Known {
		r.Gap = &a.Gap
	}
	if m.Judged(now) {
		r.Verdict = string(h.Verdict)
		for _, k := range h.Clocks {
			left := inspect.DaysBetween(now, k.Limit)
			r.Left = &left
		}
	}
	return r, nil
}

func ratesOf(rows []accountRow) []platformRate {
	out := []platformRate{}
	for _, p := range inspect.Platforms {
		r := platformRate{Platform: p}
		for i := range rows {
			switch x := &rows[i]; {
			case x.Platform != p || x.Verdict == "":
			case x.Verdict == string(inspect.Passed):
				r.Judged++
				r.Passed++
			case x.Verdict == string(inspect.Failed):
				r.Judged++
			default:
				r.Undecided++
			}
		}
		if r.Judged > 0 {
			rate := math.Round(float64(r.Passed)*10000/float64(r.Judged)) / 100
			r.Rate = &rate
		}
		if r.Judged+r.Undecided > 0 {
			out = append(out, r)
		}
	}
	return out
}

// verdictWord is a verdict for a list.
func verdictWord(s string) string {
	switch inspect.Decision(s) {
	case inspect.Passed:
		return "合格"
	case inspect.Failed:
		return "不合格"
	case inspect.Undecided:
		return "未定"
	}
	return "—"
}

func intWord(n *int) string {
	if n == nil {
		return "不明"
	}
	return strconv.Itoa(*n)
}

// sourceWord says how the sources do.
func sourceWord(hs []inspect.Health) string {
	bad := 0
	for _, h := range hs {
		if h.Verdict == inspect.CouldNotTell {
			bad++
		}
	}
	switch {
	case len(hs) == 0:
		return "无来源"
	case bad == 0:
		return fmt.Sprintf("%d 个正常", len(hs))
	}
	return fmt.Sprintf("%d 个中 %d 个失效", len(hs), bad)
}

func monthsWord(ms []inspect.MonthPosts) string {
	var out []string
	for _, m := range ms[:min(3, len(ms))] {
		out = append(out, fmt.Sprintf("%s:%d", m.Month, m.Posts))
	}
	return strings.Join(out, " ")
}

func accountsCSV(w io.Writer, rows []accountRow) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil { // or Excel takes it for GBK
		return err
	}
	c := csv.NewWriter(w)
	all := [][]string{{"代号", "名称", "平台", "单位", "状态", "检查日", "结论", "最近更新", "剩余天数", "最长间隔", "每月条数", "来源"}}
	for i := range rows {
		r := &rows[i]
		all = append(all, []string{r.ID, r.Name, r.Platform.Chinese(), r.Unit, r.State.Chinese(), r.At, verdictWord(r.Verdict), r.LastPost, intWord(r.Left), intWord(r.Gap), monthsWord(r.Months), sourceWord(r.Sources)})
	}
	for _, row := range all {
		for i, cell := range row { // a name that begins so would be run as a formula
			if strings.ContainsAny(cell[:min(1, len(cell))], "=+@\t") || strings.HasPrefix(cell, "-") && i != 8 {
				row[i] = "'" + cell
			}
		}
	}
	return c.WriteAll(all)
}

func accountsText(w io.Writer, rows []accountRow, rates []platformRate) error {
	var b strings.Builder
	for i := range rows {
		r := &rows[i]
		fmt.Fprintf(&b, "%s  %s（%s，%s）  %s\n", r.ID, r.Name, r.Platform.Chinese(), r.State.Chinese(), verdictWord(r.Verdict))
		if r.At == "" {
			b.WriteString("    还没有检查过\n")
			continue
		}
		fmt.Fprintf(&b, "    %s 检查；最近更新 %s；剩余 %s 天；最长间隔 %s 天；%s；来源 %s\n", r.At, cmp.Or(r.LastPost, "不明"), intWord(r.Left), intWord(r.Gap), cmp.Or(monthsWord(r.Months), "没有读取到发布"), sourceWord(r.Sources))
		for _, h := range r.Sources {
			if h.Verdict != inspect.Fine {
				fmt.Fprintf(&b, "      %s：%s %s\n", h.Source, h.Cause.Chinese(), h.Detail)
			}
		}
	}
	if len(rates) > 0 {
		b.WriteString("\n各平台合格率（未定的不计入）\n")
	}
	for _, r := range rates {
		rate := "无法计算"
		if r.Rate != nil {
			rate = fmt.Sprintf("%.2f%%（%d/%d）", *r.Rate, r.Passed, r.Judged)
		}
		fmt.Fprintf(&b, "  %s  %s，未定 %d 个\n", r.Platform.Chinese(), rate, r.Undecided)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
