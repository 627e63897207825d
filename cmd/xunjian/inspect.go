package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/bulletins"
	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/crawler/render"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/schedule"
	"github.com/xunjian/xunjian/store"
)

type inspectCmd struct {
	targetFlags
	Format     string        `enum:"text,json,html,earl" default:"text" help:"text（评分卡）、json、html 或 earl（无障碍结果，JSON-LD）"`
	Out        string        `short:"o" placeholder:"FILE" help:"写入文件；多个网站时为目录"`
	Resume     bool          `help:"继续该网站上次未完成的检查"`
	NoDiscover bool          `help:"给出网址而没有配置时，不自动发现栏目"`
	LinkAge    time.Duration `placeholder:"DUR" help:"上次检查中正常的链接，在此时间内问过的不再询问，如 360h（默认每次都问）"`
	Full       bool          `help:"不使用上次检查的存档，全部重新读取"`
	Deep       bool          `help:"用 Chromium 打开抽样页面，以 axe-core 做深度无障碍检查，并读取由脚本生成的列表"`
	Browser    string        `placeholder:"FILE" help:"Chromium 的位置；默认自动查找"`
	Axe        string        `placeholder:"FILE" help:"axe.min.js 的位置；默认自动查找"`
	Metrics    string        `placeholder:"FILE" help:"写入 Prometheus 指标文件（.prom），供 node_exporter 的 textfile 收集"`
	OTLP       string        `name:"otlp" env:"XUNJIAN_OTLP" placeholder:"URL" help:"OpenTelemetry 跟踪的收集地址，如 http://127.0.0.1:4318"`
	Quiet      bool          `short:"q" help:"不显示进度"`
	CPUProfile string        `hidden:"" name:"cpu-profile" help:"写入 CPU 剖析文件（开发用）"`

	watch *watch
}

func (inspectCmd) Examples() string {
	return `  xunjian inspect https://www.example.gov.cn/
  xunjian inspect -c district.yaml --site yaodu --format html -o report.html
  xunjian inspect --resume https://www.example.gov.cn/
  xunjian inspect --allow 127.0.0.0/8 --rate -1 --parallel 64 http://127.0.0.1:8081/`
}

func (c *inspectCmd) Run(e *env) error {
	p, err := c.plan()
	if err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" {
		// Trees of pages are most of the heap and short-lived: a quarter more of
		// it saves a tenth of the collector's work (docs/benchmarks.md).
		debug.SetGCPercent(125)
	}
	if err := c.equipped(); err != nil {
		return err
	}
	stop, err := profile(c.CPUProfile)
	if err != nil {
		return err
	}
	defer stop()
	st, err := store.Open(e.ctx, p.cfg.Data, p.cfg.Database)
	if err != nil {
		return err
	}
	defer st.Close()
	if err := c.writable(p); err != nil {
		return err
	}
	queue, err := serviceQueue(e.ctx, p)
	if err != nil {
		return err
	}
	defer queue.close()
	told, err := c.observe(e, p, st)
	if err != nil {
		return err
	}
	findings, incomplete := false, false
	defer p.close()
	for _, s := range p.sites {
		in, err := c.alone(e, p, st, queue, s)
		if errors.Is(err, errNothingToResume) && len(p.sites) > 1 {
			continue
		}
		if errors.Is(err, schedule.ErrHeld) {
			fmt.Fprintf(e.stderr, "xunjian: %v\nhint: 请稍后再试；xunjian jobs list --state running 列出正在进行的任务\n", err)
			incomplete = true
			continue
		}
		if in == nil {
			return errors.Join(err, told())
		}
		if err != nil {
			fmt.Fprintf(e.stderr, "xunjian: %s：检查没有完成：%v\nhint: 已检查的部分已保存；xunjian inspect --resume 继续\n", s.ID, err)
			incomplete = true
		}
		if err := c.write(e, p, in); err != nil {
			return err
		}
		if err == nil && s.Account == nil && in.Counts.Kinds[inspect.HomePage] == 0 {
			fmt.Fprintf(e.stderr, "xunjian: %s：首页未能读取，不能作出结论\nhint: 先在浏览器中打开 %s；被防护拦截时请网站管理员放行检查所用的地址，或核对 robots.txt（--no-robots）；首页转到别处时请改用转到的网址\n", s.ID, s.Home)
			incomplete = true
		}
		findings = findings || slices.ContainsFunc(in.Findings, func(f inspect.Finding) bool { return f.Outcome != inspect.Unknown })
		if e.ctx.Err() != nil {
			break
		}
	}
	if err := told(); err != nil {
		return err
	}
	switch {
	case incomplete:
		return errIncomplete
	case findings:
		return errFindings
	}
	return nil
}

// alone inspects one site while no job of a service does.
func (c *inspectCmd) alone(e *env, p *plan, st *store.Store, q *besideService, s *inspect.Site) (*inspect.Inspection, error) {
	alive, giveBack, err := q.borrow(e.ctx, s)
	if err != nil {
		return nil, err
	}
	defer giveBack()
	return c.one(e, p, st, s, alive)
}

// one inspects one site, from the start or from where it stopped, as long as alive is nil.
func (c *inspectCmd) one(e *env, p *plan, st *store.Store, s *inspect.Site, alive func() error) (*inspect.Inspection, error) {
	o := p.options(s)
	o.Alive = alive
	id, now := "", p.now
	if c.Resume {
		h, err := st.Unfinished(e.ctx, s.ID)
		if err != nil {
			return nil, err
		}
		if h == nil {
			return nil, usageError{fmt.Errorf("网站 %s %w", s.ID, errNothingToResume), "xunjian inspections 列出已保存的检查"}
		}
		id, now, s = h.ID, h.Now, h.Site
		o.Stored = st.Events(e.ctx, id)
		if err := opened(e.ctx, st, &h.Header, &o); err != nil {
			return nil, err
		}
	} else {
		if err := c.prepare(e, p, st, s, o); err != nil {
			return nil, err
		}
		id = newID(s, time.Now())
		asked, err := c.linksAsked(e.ctx, p, st, s)
		if err != nil {
			return nil, err
		}
		h := &store.Header{ID: id, Site: s, Now: now, Started: time.Now().UTC(), RulebookID: p.cfg.Rulebook, RulebookDigest: p.rules.Digest,
			Options: mustJSON(recordedOptions{Rate: o.Rate, PerHost: o.PerHost, MaxPages: o.MaxPages, Robots: o.Robots,
				RobotsReason: cmp.Or(c.NoRobots, p.cfg.CrawlFor(s).RobotsReason), LinksAsked: asked})}
		if err := errors.Join(opened(e.ctx, st, h, &o), st.Begin(e.ctx, h)); err != nil {
			return nil, err
		}
	}
	if !c.Full {
		// Without an earlier inspection there is nothing to ask the store for, 20,000 times.
		last, err := st.Latest(e.ctx, s.ID, store.Whole)
		if err != nil {
			return nil, err
		}
		if last != nil {
			o.Cache = st
		}
	}
	return c.inspect(e, p, st, s, o, id, now)
}

// linksAsked is as of the links' age that was asked for, by flag or configuration.
func (c *inspectCmd) linksAsked(ctx context.Context, p *plan, st *store.Store, s *inspect.Site) (time.Time, error) {
	if c.Full {
		return time.Time{}, nil
	}
	return linksAsked(ctx, st, s.ID, cmp.Or(c.LinkAge, p.cfg.CrawlFor(s).LinkAge))
}

// recordedOptions is how a site was asked, kept with its inspection.
type recordedOptions struct {
	Rate         float64 `json:"rate"`
	PerHost      int     `json:"per_host"`
	MaxPages     int     `json:"max_pages"`
	Robots       bool    `json:"robots"`
	RobotsReason string  `json:"robots_reason,omitempty"`
	Part         *part   `json:"part,omitempty"` // nil: the whole

	LinksAsked time.Time `json:"links_asked,omitzero"` // when links that opened then were asked; zero: in this inspection
}

func (c *inspectCmd) inspect(e *env, p *plan, st *store.Store, s *inspect.Site, o crawler.Options, id string, now time.Time) (*inspect.Inspection, error) {
	if s.Account != nil {
		i := &inspect.Inspector{Source: p.media(st, now), Rules: p.rules, Record: st.Recorder(id)}
		return c.run(e.ctx, i, id, s, now)
	}
	o.Probes = true
	o.NoFiles = !p.rules.WantsFiles()
	o.LinksOnly = p.rules.LinksOnly()
	if c.Deep {
		o.Deep = &crawler.Deep{Browser: c.Browser, Axe: c.Axe, Passes: p.rules.Mirrored()}
	}
	key, err := readings(e.ctx, st, p.rules, s, now, &o)
	if err != nil {
		return nil, err
	}
	src := crawler.New(o)
	m := newMeter(e.stderr, c.Quiet, src.Waiting)
	i := &inspect.Inspector{Source: src, Rules: p.rules, Record: st.Recorder(id), Progress: m.tell, Key: key}
	in, err := c.run(e.ctx, i, id, s, now)
	m.done()
	if errors.Is(err, context.Canceled) && e.ctx.Err() != nil {
		err = errors.New("被中断")
	}
	if in != nil {
		err = errors.Join(err, history(context.WithoutCancel(e.ctx), st, in))
	}
	return in, err
}

// history hands a report the earlier inspections of its site.
func history(ctx context.Context, st *store.Store, in *inspect.Inspection) (err error) {
	in.History, err = st.History(ctx, in, bulletins.AccessChecks(in.Rules), bulletins.HistoryRounds)
	return err
}

// equipped refuses a deep inspection that lacks its browser, before hours are spent.
func (c *inspectCmd) equipped() error {
	if !c.Deep {
		return nil
	}
	_, err := render.New(render.Options{Browser: c.Browser, Axe: c.Axe})
	if err != nil {
		return usageError{err: err, hint: "不加 --deep 也可检查：静态的无障碍规则照常进行"}
	}
	return nil
}

// prepare finds the columns of a site that was given by its address alone,
// and what is known of the columns from the last inspection.
func (c *inspectCmd) prepare(e *env, p *plan, st *store.Store, s *inspect.Site, o crawler.Options) error {
	if s.Account == nil && p.auto && !c.NoDiscover && len(s.Columns) == 0 {
		fmt.Fprintf(e.stderr, "没有配置，先从导航中发现栏目……\n")
		found, err := crawler.Discover(e.ctx, o, s, 200, p.now)
		if err != nil && e.ctx.Err() != nil {
			return err
		}
		for _, f := range found {
			s.Columns = append(s.Columns, f.Column)
		}
		fmt.Fprintf(e.stderr, "发现 %d 个栏目（类型按名称推定；xunjian discover 可导出配置核对）\n", len(found))
	}
	var err error
	if s.Known, err = st.KnownItems(e.ctx, s.ID, store.Whole); err != nil {
		return err
	}
	s.Past, err = st.Past(e.ctx, s.ID, store.Whole)
	return err
}

// errNothingToResume says that a site has no inspection that was stopped.
var errNothingToResume = errors.New("没有未完成的检查")

// writable refuses a place that cannot be written before hours are spent.
func (c *inspectCmd) writable(p *plan) error {
	if c.Out == "" || c.Out == "-" {
		return nil
	}
	if len(p.sites) > 1 {
		return os.MkdirAll(c.Out, 0o755)
	}
	if info, err := os.Stat(filepath.Dir(c.Out)); err != nil || !info.IsDir() {
		return usage("先建立该目录，或换一个位置", "无法写入 %s：目录 %s 不存在", c.Out, filepath.Dir(c.Out))
	}
	return nil
}

// newID names an inspection by site and second.
func newID(s *inspect.Site, at time.Time) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r == '.' || r == '-' {
			return r
		}
		return '-'
	}, s.ID)
	return name + "-" + at.UTC().Format("20060102T150405.000")
}

func (c *inspectCmd) write(e *env, p *plan, in *inspect.Inspection) error {
	out := c.Out
	if out != "" && len(p.sites) > 1 {
		out = filepath.Join(out, in.Site.ID+"."+cmp.Or(map[string]string{"text": "txt", "earl": "earl.json"}[c.Format], c.Format))
	}
	err := e.output(out, func(w io.Writer) error { return bulletins.ByName(c.Format)(w, in) })
	if err == nil && out != "" && out != "-" {
		fmt.Fprintf(e.stderr, "已写入 %s\n", out)
	}
	return err
}

// profile starts a CPU profile if a file is named, and returns what ends it.
func profile(file string) (stop func(), err error) {
	if file == "" {
		return func() {}, nil
	}
	f, err := os.Create(file)
	if err != nil {
		return nil, fmt.Errorf("write the profile: %w", err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { pprof.StopCPUProfile(); f.Close() }, nil
}
