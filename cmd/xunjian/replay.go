package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"reflect"
	"time"

	"github.com/xunjian/xunjian/bulletins"
	"github.com/xunjian/xunjian/checks"
	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

type replayCmd struct {
	placeFlags
	ID     string `arg:"" help:"检查的编号（xunjian inspections 列出）"`
	Rules  string `placeholder:"ID|FILE" help:"改用另一套指标重新判定"`
	Now    string `placeholder:"DATE" help:"改用另一个监测时间点"`
	Format string `enum:"text,json,html,earl" default:"text" help:"text、json、html 或 earl（无障碍结果，JSON-LD）"`
	Out    string `short:"o" placeholder:"FILE" help:"写入文件"`
}

func (replayCmd) Examples() string {
	return "  xunjian inspections\n  xunjian replay www.example.gov.cn-20261124T010203.000\n  xunjian replay ID --rules local.yaml --format json"
}

// A recorded source yields what an inspection recorded, decoded anew.
type recorded struct {
	events iter.Seq2[inspect.Event, error]
}

func (r recorded) Events(context.Context, *inspect.Site) iter.Seq2[inspect.Event, error] {
	return func(yield func(inspect.Event, error) bool) {
		for e, err := range r.events {
			for _, p := range []*inspect.Page{e.Page, e.Answer} {
				if p != nil {
					crawler.Decode(p, p.Charset)
				}
			}
			e.Replayed = true
			if !yield(e, err) {
				return
			}
		}
	}
}

func (c *replayCmd) Run(e *env) error {
	dir, database, err := c.where()
	if err != nil {
		return err
	}
	st, err := store.Open(e.ctx, dir, database)
	if err != nil {
		return err
	}
	defer st.Close()
	h, err := st.Inspection(e.ctx, c.ID)
	if err != nil {
		return err
	}
	if h == nil {
		return usage("xunjian inspections 列出已保存的检查", "没有编号为 %q 的检查", c.ID)
	}
	rules := h.RulebookID
	if c.Rules != "" {
		rules = c.Rules
	}
	rb, err := config.LoadRules(rules, checks.All)
	if err != nil {
		return usageError{err: err}
	}
	now := h.Now
	if c.Now != "" {
		if now, err = parseNow(c.Now); err != nil {
			return err
		}
	}
	again := &inspect.Inspector{Source: recorded{st.Events(e.ctx, c.ID)}, Rules: rb, Clock: func() time.Time { return h.Started }}
	var o recordedOptions
	if err := json.Unmarshal(h.Options, &o); err != nil {
		return fmt.Errorf("options of %s: %w", c.ID, err)
	}
	o.Part.narrow(again)
	if !h.Complete {
		again.Partial = cmp.Or(h.Stopped, "检查未完成")
	}
	in, err := again.Inspect(e.ctx, c.ID, h.Site, now)
	if err != nil {
		return err
	}
	in.Finished = h.Finished
	if err := history(e.ctx, st, in); err != nil {
		return err
	}
	if err := e.output(c.Out, func(w io.Writer) error { return bulletins.ByName(c.Format)(w, in) }); err != nil {
		return err
	}
	if c.Rules != "" || c.Now != "" || rb.Digest != h.RulebookDigest {
		fmt.Fprintln(e.stderr, "规则或监测时间点与当时不同，不与原结果比较。")
		return nil
	}
	return c.compare(e, h, in)
}

// compare says whether the record proves the findings.
func (c *replayCmd) compare(e *env, h *store.Summary, in *inspect.Inspection) error {
	want := make([]inspect.JSONFinding, 0, len(h.Findings))
	for i := range h.Findings {
		want = append(want, h.Findings[i].JSON())
	}
	got := make([]inspect.JSONFinding, 0, len(in.Findings))
	for i := range in.Findings {
		got = append(got, in.Findings[i].JSON())
	}
	if reflect.DeepEqual(want, got) && (h.Verdict == "" || string(h.Verdict) == string(in.Grade.Verdict)) {
		fmt.Fprintf(e.stderr, "重新判定与原结果完全一致：%d 条。\n", len(got))
		return nil
	}
	fmt.Fprintf(e.stderr, "xunjian: 重新判定与原结果不一致：原 %d 条，现 %d 条\nhint: 程序或规则在两次之间改变了，或存档已损坏\n", len(want), len(got))
	return errIncomplete
}

type inspectionsCmd struct {
	placeFlags
	Limit int    `default:"30" help:"最多列出几次"`
	Page  string `placeholder:"URL" help:"改为说明这个页面何时首次读到、最近读到、最近变化"`
	Site  string `placeholder:"ID" help:"与 --page 同用：只看这个网站"`
}

func (inspectionsCmd) Examples() string {
	return "  xunjian inspections\n  xunjian inspections --page https://www.example.gov.cn/xw/1.html"
}

func (c *inspectionsCmd) Run(e *env) error {
	dir, database, err := c.where()
	if err != nil {
		return err
	}
	st, err := store.Open(e.ctx, dir, database)
	if err != nil {
		return err
	}
	defer st.Close()
	if c.Page != "" {
		return pageHistory(e.ctx, e.stdout, st, c.Site, c.Page)
	}
	all, err := st.Inspections(e.ctx, c.Limit)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		fmt.Fprintln(e.stdout, "还没有检查记录。xunjian inspect 网址 开始第一次检查。")
		return nil
	}
	for _, h := range all {
		state := "未完成"
		if h.Complete {
			state = string(h.Verdict)
		}
		fmt.Fprintf(e.stdout, "%s  %s  %-10s %s\n", h.Started.In(inspect.Zone).Format("2006-01-02 15:04"), h.ID, state, h.Site.Home)
	}
	return nil
}
