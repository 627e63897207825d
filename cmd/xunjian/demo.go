package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/xunjian/xunjian/bulletins"
	"github.com/xunjian/xunjian/cmd/xunjian/portal"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

type demoCmd struct {
	Dir   string `default:"xunjian-demo" placeholder:"DIR" help:"写入演示结果的目录"`
	Serve bool   `help:"检查之后让演示网站继续运行，直到 Ctrl-C"`
	Now   string `placeholder:"DATE" help:"监测时间点（默认今天）"`
	Quiet bool   `short:"q" help:"不显示进度"`
}

func (demoCmd) Examples() string { return "  xunjian demo\n  xunjian demo --serve" }

// Run serves the made-up portal on loopback, inspects it as an office would
// inspect its own, and holds the result against what was planted.
func (c *demoCmd) Run(e *env) error {
	now, err := parseNow(c.Now)
	if err != nil {
		return err
	}
	site := portal.New(now.In(inspect.Zone))
	addr, stop, err := site.Serve()
	if err != nil {
		return err
	}
	defer stop()
	fmt.Fprintf(e.stderr, "演示网站“%s”（虚构）运行于 http://%s/ ：%d 个页面，植入 %d 处问题。\n", portal.Name, addr, site.Pages(), len(site.Faults()))
	in, err := c.inspect(e, site, addr)
	if err != nil {
		return err
	}
	if err := bulletins.Text(e.stdout, in); err != nil {
		return err
	}
	if err := c.report(e, site, in); err != nil {
		return err
	}
	if c.Serve {
		fmt.Fprintf(e.stderr, "演示网站继续运行于 http://%s/ ，按 Ctrl-C 结束。\n", addr)
		<-e.ctx.Done()
	}
	return nil
}

// inspect runs the portal's own configuration through the command that users have.
func (c *demoCmd) inspect(e *env, site *portal.Portal, addr string) (*inspect.Inspection, error) {
	if err := os.MkdirAll(c.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("prepare %s: %w", c.Dir, err)
	}
	file := filepath.Join(c.Dir, "site.yaml")
	if err := os.WriteFile(file, site.Config(addr), 0o644); err != nil {
		return nil, fmt.Errorf("write the configuration: %w", err)
	}
	cmd := &inspectCmd{targetFlags: targetFlags{Config: file, Data: filepath.Join(c.Dir, "data"), Now: c.Now}, Full: true, Quiet: c.Quiet}
	p, err := cmd.plan()
	if err != nil {
		return nil, err
	}
	st, err := store.Open(e.ctx, p.cfg.Data, "")
	if err != nil {
		return nil, err
	}
	defer st.Close()
	return cmd.one(e, p, st, p.sites[0])
}

func (c *demoCmd) report(e *env, site *portal.Portal, in *inspect.Inspection) error {
	html, err := os.Create(filepath.Join(c.Dir, "report.html"))
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	if err := errors.Join(bulletins.HTML(html, in), html.Close()); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	truth, err := json.MarshalIndent(site.Faults(), "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(c.Dir, "truth.json"), truth, 0o644); err != nil {
		return fmt.Errorf("write the truth: %w", err)
	}
	missed, extra := compare(site.Faults(), in.Findings)
	fmt.Fprintf(e.stdout, "\n对照植入的问题：%d 处中发现 %d 处，另有 %d 条不在其中。\n", len(site.Faults()), len(site.Faults())-len(missed), len(extra))
	for _, f := range missed {
		fmt.Fprintf(e.stdout, "  未发现：%s %s %s（%s）\n", f.Check, f.Page, f.Locus, f.Note)
	}
	for _, f := range extra {
		fmt.Fprintf(e.stdout, "  不在其中：%s %s %s %s\n", f.Check, f.URL, f.Locus, f.Message)
	}
	abs, err := filepath.Abs(html.Name())
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "网页报告：%s\n植入清单：%s\n", abs, filepath.Join(filepath.Dir(abs), "truth.json"))
	return nil
}

// compare holds findings against the planted faults: what was missed, and what
// was found that nobody planted.
func compare(want []portal.Fault, got []inspect.Finding) (missed []portal.Fault, extra []inspect.Finding) {
	used := make([]bool, len(got))
	for _, w := range want {
		hit := false
		for i := range got {
			f := &got[i]
			if !used[i] && f.Check == w.Check && string(f.Outcome) == w.Outcome && inspect.Path(f.URL) == inspect.Path("http://x"+w.Page) && strings.Contains(f.Locus, w.Locus) {
				used[i], hit = true, true
				break
			}
		}
		if !hit {
			missed = append(missed, w)
		}
	}
	for i := range got {
		if !used[i] {
			extra = append(extra, got[i])
		}
	}
	return missed, extra
}
