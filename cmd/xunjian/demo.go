package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/bulletins"
	"github.com/xunjian/xunjian/bulletins/paper"
	"github.com/xunjian/xunjian/bulletins/period"
	"github.com/xunjian/xunjian/cmd/xunjian/portal"
	"github.com/xunjian/xunjian/crawler/render"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

type demoCmd struct {
	Dir   string `default:"xunjian-demo" placeholder:"DIR" help:"写入演示结果的目录"`
	Serve bool   `help:"检查之后打开控制台（仅本机），演示网站继续运行，直到 Ctrl-C"`
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
	fmt.Fprintf(e.stderr, "演示网站“%s”（虚构）运行于 http://%s/ ：%d 个页面，植入 %d 处问题。\n", portal.Name, addr.Plain, site.Pages(), site.Truth().Planted())
	all, err := c.inspect(e, site, addr)
	if err != nil {
		return err
	}
	truth := site.Truth()
	deep, err := c.browser(e, site, addr)
	switch {
	case errors.Is(err, render.ErrAbsent):
		fmt.Fprintf(e.stderr, "略过只有浏览器能看到的问题：%v\n", err)
	case err != nil:
		return err
	default:
		all, truth = append(all, deep...), truth.With(site.LibraryTruth())
	}
	for _, in := range all {
		if err := bulletins.Text(e.stdout, in); err != nil {
			return err
		}
	}
	if err := c.report(e, truth, all); err != nil {
		return err
	}
	if err := c.bulletin(e, now, "all"); err != nil {
		return err
	}
	if c.Serve {
		return c.serve(e, addr)
	}
	return nil
}

// inspect runs the portal's own configuration through the command that users
// have: once for the portal as it was a week ago, since some faults only show
// against the past, and once for the portal as it is.
func (c *demoCmd) inspect(e *env, site *portal.Portal, addr portal.Addr) ([]*inspect.Inspection, error) {
	file, err := c.prepare(site, addr)
	if err != nil {
		return nil, err
	}
	cmd := &inspectCmd{targetFlags: targetFlags{Config: file, Data: filepath.Join(c.Dir, "data"), Now: c.Now}, Full: true, Quiet: true}
	p, err := cmd.plan()
	if err != nil {
		return nil, err
	}
	st, err := store.Open(e.ctx, p.cfg.Data, "")
	if err != nil {
		return nil, err
	}
	defer st.Close()
	defer p.close()
	today := p.now
	p.now = today.AddDate(0, 0, -portal.Week)
	if err := visited(e, p, st, site); err != nil {
		return nil, err
	}
	site.Before(true)
	if _, err = c.round(e, cmd, p, st); err != nil {
		return nil, err
	}
	site.Before(false)
	p.now, cmd.Quiet = today, c.Quiet
	return c.round(e, cmd, p, st)
}

// browser inspects the library by the rules of accessibility in a browser.
// The error is render.ErrAbsent where there is none.
func (c *demoCmd) browser(e *env, site *portal.Portal, addr portal.Addr) ([]*inspect.Inspection, error) {
	if _, err := render.New(render.Options{}); err != nil {
		return nil, err
	}
	rules, file := filepath.Join(c.Dir, "access.yaml"), filepath.Join(c.Dir, "library.yaml")
	if err := os.WriteFile(rules, []byte(portal.LibraryRules), 0o644); err != nil {
		return nil, fmt.Errorf("write the rulebook: %w", err)
	}
	if err := os.WriteFile(file, site.LibraryConfig(addr, "access.yaml"), 0o644); err != nil {
		return nil, fmt.Errorf("write the configuration: %w", err)
	}
	cmd := &inspectCmd{targetFlags: targetFlags{Config: file, Data: filepath.Join(c.Dir, "data"), Now: c.Now}, Full: true, Deep: true, Quiet: c.Quiet}
	p, err := cmd.plan()
	if err != nil {
		return nil, err
	}
	st, err := store.Open(e.ctx, p.cfg.Data, "")
	if err != nil {
		return nil, err
	}
	defer st.Close()
	return c.round(e, cmd, p, st)
}

// bulletin writes the month's notice from what was recorded, up to this very
// moment: the round that ended in this second is part of it.
func (c *demoCmd) bulletin(e *env, now time.Time, formats ...string) error {
	dir := filepath.Join(c.Dir, "bulletin")
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("write the bulletin: %w", err)
	}
	fmt.Fprintf(e.stdout, "\n本月通报（初稿）：\n")
	w := &bulletinWriteCmd{Kind: "notice", Format: formats, Out: dir, paperFlags: paperFlags{Issuer: portal.Name + "办公室", Letterhead: paper.FileHead}}
	w.Config, w.Data, w.Now = filepath.Join(c.Dir, "site.yaml"), filepath.Join(c.Dir, "data"), later(now, time.Now()).Format(time.RFC3339Nano)
	w.Month = period.Of(period.Month, now).String()
	return w.Run(e)
}

// later is the later of two moments: a demonstration may be of any day.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a.Add(time.Minute)
	}
	return b
}

// round inspects each of the sites once.
func (c *demoCmd) round(e *env, cmd *inspectCmd, p *plan, st *store.Store) (all []*inspect.Inspection, err error) {
	for _, s := range p.sites {
		in, err := cmd.one(e, p, st, s, nil)
		if err != nil {
			return nil, err
		}
		all = append(all, in)
	}
	return all, nil
}

// file is the demonstration's configuration.
func (c *demoCmd) file() string { return filepath.Join(c.Dir, "site.yaml") }

// prepare makes the place of the demonstration and writes its configuration.
// What an earlier demonstration left there goes: its days are not this one's.
func (c *demoCmd) prepare(site *portal.Portal, addr portal.Addr) (file string, err error) {
	if err := os.MkdirAll(c.Dir, 0o755); err != nil {
		return "", fmt.Errorf("prepare %s: %w", c.Dir, err)
	}
	file = c.file()
	data := filepath.Join(c.Dir, "data")
	old, err := os.ReadFile(file)
	switch {
	case err == nil && strings.HasPrefix(string(old), portal.Mark):
		if err := os.RemoveAll(data); err != nil {
			return "", fmt.Errorf("prepare %s: %w", c.Dir, err)
		}
	default:
		if _, err := os.Stat(data); err == nil {
			return "", usage("用 --dir 换一个目录", "%s 已经存在，而且不是演示留下的", data)
		}
	}
	if err := os.WriteFile(filepath.Join(c.Dir, portal.SecretsFile), []byte(portal.MediaSecrets), 0o600); err != nil {
		return "", fmt.Errorf("write the configuration: %w", err)
	}
	if err := os.WriteFile(file, site.DistrictConfig(addr), 0o644); err != nil {
		return "", fmt.Errorf("write the configuration: %w", err)
	}
	return file, nil
}

// visited lays a week of visits to each home page into the store, for the
// check that counts them and for the bulletin, as the schedule of visits leaves
// them: a demonstration cannot wait for them.
func visited(e *env, p *plan, st *store.Store, site *portal.Portal) error {
	for _, s := range p.cfg.Sites {
		visits := site.Visits(s)
		for i := range visits {
			if err := st.AddProbe(e.ctx, s.ID, &visits[i]); err != nil {
				return err
			}
		}
		h := &store.Header{ID: newID(s, time.Now()) + "-visits", Site: s, Now: p.now, Started: time.Now().UTC(), RulebookID: p.cfg.Rulebook, RulebookDigest: p.rules.Digest}
		if err := st.Begin(e.ctx, h); err != nil {
			return err
		}
		in := &inspect.Inspection{ID: h.ID, Site: s, Now: h.Now, Started: h.Started, Finished: h.Started, Rules: p.rules, Complete: true,
			Past: &inspect.Past{At: h.Now, Probes: visits}}
		if err := st.Recorder(h.ID).Finish(e.ctx, in); err != nil {
			return err
		}
	}
	return nil
}

func (c *demoCmd) report(e *env, truth *portal.Truth, all []*inspect.Inspection) error {
	for _, in := range all {
		name := "report.html"
		if in.Site.ID != portal.ID {
			name = "report-" + in.Site.ID + ".html"
		}
		html, err := os.Create(filepath.Join(c.Dir, name))
		if err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
		if err := errors.Join(bulletins.HTML(html, in), html.Close()); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
	}
	raw, err := json.MarshalIndent(truth, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(c.Dir, "truth.json"), raw, 0o644); err != nil {
		return fmt.Errorf("write the truth: %w", err)
	}
	missed, extra := compare(truth, all)
	fmt.Fprintf(e.stdout, "\n对照植入的问题：%d 处中发现 %d 处，另有 %d 条不在其中。\n", len(truth.Faults), len(truth.Faults)-len(missed), len(extra))
	fmt.Fprintf(e.stdout, "其中 %d 处本来就不能判定，清单写明了原因；%d 处似是而非的内容，误报 %d 处。\n", len(truth.Faults)-truth.Planted(), len(truth.Twins), len(accused(truth, all)))
	for _, f := range missed {
		fmt.Fprintf(e.stdout, "  未发现：%s %s %s %s（%s）\n", f.Site, f.Check, f.Page, f.Locus, f.Note)
	}
	for _, f := range extra {
		fmt.Fprintf(e.stdout, "  不在其中：%s %s %s %s\n", f.Check, f.URL, f.Locus, f.Message)
	}
	abs, err := filepath.Abs(c.Dir)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "网页报告：%s\n植入清单：%s\n", filepath.Join(abs, "report.html"), filepath.Join(abs, "truth.json"))
	return nil
}

// compare holds findings against the truth: what was missed, and what was
// found that nobody planted.
func compare(truth *portal.Truth, all []*inspect.Inspection) (missed []portal.Fault, extra []*inspect.Finding) {
	used := map[*inspect.Finding]bool{}
	for _, w := range truth.Faults {
		if f := find(w, all, used); f != nil {
			used[f] = true
		} else {
			missed = append(missed, w)
		}
	}
	for _, in := range all {
		for i := range in.Findings {
			if f := &in.Findings[i]; !used[f] {
				extra = append(extra, f)
			}
		}
	}
	return missed, extra
}

// find is a finding of a planted fault that no other one has taken.
func find(w portal.Fault, all []*inspect.Inspection, used map[*inspect.Finding]bool) *inspect.Finding {
	for _, in := range all {
		if in.Site.ID != w.Site {
			continue
		}
		for i := range in.Findings {
			f := &in.Findings[i]
			if !used[f] && f.Check == w.Check && string(f.Outcome) == w.Outcome && inspect.Path(f.URL) == w.Page && strings.Contains(f.Locus, w.Locus) {
				return f
			}
		}
	}
	return nil
}

// accused are the look-alikes of which a finding of their check speaks.
func accused(truth *portal.Truth, all []*inspect.Inspection) (out []portal.Twin) {
	for _, t := range truth.Twins {
		for _, in := range all {
			if in.Site.ID == t.Site && slices.ContainsFunc(in.Findings, func(f inspect.Finding) bool {
				return f.Check == t.Check && inspect.Path(f.URL) == t.Page && strings.Contains(f.Locus, t.Locus)
			}) {
				out = append(out, t)
			}
		}
	}
	return out
}
