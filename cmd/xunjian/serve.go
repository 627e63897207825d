package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/xunjian/xunjian/alerts"
	"github.com/xunjian/xunjian/dashboards"
	"github.com/xunjian/xunjian/dashboards/api"
	"github.com/xunjian/xunjian/dashboards/metrics"
	"github.com/xunjian/xunjian/dashboards/traces"
	"github.com/xunjian/xunjian/schedule"
)

// workFlags are of every process that takes jobs.
type workFlags struct {
	Config   string         `short:"c" required:"" placeholder:"FILE" help:"配置文件（单位、网站、账号、时间表）"`
	Data     string         `placeholder:"DIR" help:"数据目录（默认取配置）"`
	Database string         `placeholder:"URL" help:"postgres://…；默认用数据目录中的 SQLite"`
	Allow    []netip.Prefix `placeholder:"CIDR" help:"允许访问的内部网段"`
	Short    int            `default:"16" placeholder:"N" help:"同时进行的短任务：访问首页、读取账号、复查"`
	Medium   int            `default:"4" placeholder:"N" help:"同时进行的中等任务：检查栏目、二次确认、清理等"`
	Long     int            `default:"4" placeholder:"N" help:"同时进行的长任务：检查整个网站"`
	Stop     time.Duration  `default:"30s" placeholder:"DUR" help:"停止时等待任务结束的时间；没有做完的检查下次继续"`
	Lease    time.Duration  `default:"30s" placeholder:"DUR" help:"进程失去联系多久后，它的任务由其他进程接管"`
	Metrics  string         `placeholder:"ADDR" help:"Prometheus 指标的地址，如 127.0.0.1:9464；默认不提供"`
	Series   int            `name:"max-series" default:"200000" placeholder:"N" help:"网站、账号、栏目指标的序列数上限，超出的不提供"`
	OTLP     string         `name:"otlp" env:"XUNJIAN_OTLP" placeholder:"URL" help:"OpenTelemetry 跟踪的收集地址，如 http://127.0.0.1:4318；默认不跟踪"`
	Log      string         `enum:"text,json" default:"text" help:"日志格式：text 或 json"`
}

type serveCmd struct {
	workFlags
	Listen string `default:"127.0.0.1:8080" placeholder:"ADDR" help:"健康检查与接口的地址"`
}

func (serveCmd) Examples() string {
	return `  xunjian serve -c district.yaml
  xunjian serve -c province.yaml --database postgres://xunjian@db/xunjian --listen 0.0.0.0:8080
  curl http://127.0.0.1:8080/readyz`
}

type workerCmd struct{ workFlags }

func (workerCmd) Examples() string {
	return "  xunjian worker -c province.yaml --database postgres://xunjian@db/xunjian --long 16"
}

// Run plans, works and listens until it is told to stop.
func (c *serveCmd) Run(e *env) error {
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return usageError{err: err, hint: "换一个端口，例如 --listen 127.0.0.1:8090"}
	}
	return c.run(e, l)
}

// Run plans and works until it is told to stop.
func (c *workerCmd) Run(e *env) error {
	if c.Database == "" {
		p, err := c.plan()
		if err != nil {
			return err
		}
		if p.cfg.Database == "" {
			return usage("一台机器上用 xunjian serve 即可；多台机器用 --database postgres://…", "worker 需要共用的 PostgreSQL 数据库")
		}
	}
	return c.run(e, nil)
}

func (c *workFlags) plan() (*plan, error) {
	return (&targetFlags{Config: c.Config, Data: c.Data, Database: c.Database, Allow: c.Allow}).plan()
}

func (c *workFlags) logger(e *env) *slog.Logger {
	if c.Log == "json" {
		return slog.New(traces.Log(slog.NewJSONHandler(e.stderr, nil)))
	}
	return slog.New(traces.Log(slog.NewTextHandler(e.stderr, nil)))
}

// check refuses flags with which nothing would be done.
func (c *workFlags) check() error {
	switch {
	case c.Short < 1 || c.Medium < 1 || c.Long < 1:
		return usage("--short、--medium、--long 的默认值为 16、4、4", "同时进行的任务数至少为 1")
	case c.Lease < time.Second:
		return usage("--lease 30s", "失去联系的时间至少为 1s")
	case c.Stop < 0:
		return usage("--stop 30s", "停止时等待的时间不能小于 0")
	}
	return nil
}

// run is the life of a process: open, start, wait, stop.
func (c *workFlags) run(e *env, l net.Listener) error {
	if err := c.check(); err != nil {
		return errors.Join(err, closed(l))
	}
	p, err := c.plan()
	if err != nil {
		return errors.Join(err, closed(l))
	}
	log := c.logger(e)
	s, err := newService(e.ctx, p, c, l != nil, log)
	if err != nil {
		return errors.Join(err, closed(l))
	}
	defer s.close()
	s.engine, err = schedule.New(e.ctx, schedule.Config{Dir: p.cfg.Data, Database: p.cfg.Database, Handlers: s.handlers(), Entries: s.entries(),
		Short: c.Short, Medium: c.Medium, Long: c.Long, Stop: c.Stop, Lease: c.Lease, Log: log, Watch: s.watch})
	if err != nil {
		return errors.Join(err, closed(l))
	}
	defer s.engine.Close()
	stop, err := c.observe(e.ctx, s)
	if err != nil {
		return errors.Join(err, closed(l))
	}
	defer stop()
	var tell *alerts.Engine
	if l != nil { // who only works tells nobody, and needs no secrets of channels
		if tell, err = newAlerts(p.cfg, s.st, log); err != nil {
			return errors.Join(err, closed(l))
		}
	}
	if tell != nil {
		tell.Sending = s.watch.Sending
		s.watch.Zero("notifications_total", slices.Collect(maps.Keys(tell.Channels)), metrics.Results)
	}
	if err := s.engine.Start(e.ctx); err != nil {
		return errors.Join(err, closed(l))
	}
	if few := s.sparse(time.Now()); len(few) > 0 {
		log.Warn("home pages are visited less than 20 times a day: whether they can be reached (SV-2) will not be told", "sites", len(few), "first", few[0])
	}
	log.Info("started", "sites", len(p.cfg.Sites), "accounts", len(p.cfg.Accounts), "data", p.cfg.Data)
	failed := make(chan error, 1)
	srv, err := s.http()
	if err != nil {
		return errors.Join(err, closed(l))
	}
	telling, stopTelling := context.WithCancel(e.ctx)
	var told sync.WaitGroup
	if tell != nil {
		told.Go(func() { tell.Run(telling) })
	}
	if l != nil {
		s.welcome(e)
		log.Info("listening", "address", l.Addr().String())
		go func() { failed <- srv.Serve(l) }()
	}
	select {
	case <-e.ctx.Done():
		err = nil
	case err = <-failed:
	}
	log.Info("stopping", "within", c.Stop)
	stopTelling()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(e.ctx), c.Stop+15*time.Second)
	defer cancel()
	err = errors.Join(err, s.engine.Stop(ctx), srv.Shutdown(ctx))
	told.Wait() // a message half sent is sent to its end
	log.Info("stopped")
	return err
}

// observe tells of the service until stop is called: metrics have an address
// of their own, which whoever may open the console need not see.
func (c *workFlags) observe(ctx context.Context, s *service) (stop func(), err error) {
	if c.Metrics == "" {
		return func() {}, nil
	}
	l, err := net.Listen("tcp", c.Metrics)
	if err != nil {
		return nil, usageError{err: err, hint: "换一个端口，例如 --metrics 127.0.0.1:9465"}
	}
	s.log.Info("metrics", "address", l.Addr().String())
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	srv := &http.Server{Handler: s.watch.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	var running sync.WaitGroup
	running.Go(func() { s.watch.Run(ctx) })
	running.Go(func() { srv.Serve(l) })
	return func() {
		cancel()
		srv.Close()
		running.Wait()
	}, nil
}

func closed(l net.Listener) error {
	if l == nil {
		return nil
	}
	return l.Close()
}

// welcome says how somebody gets in where nobody can yet.
func (s *service) welcome(e *env) {
	if users, err := s.st.Users(e.ctx); err == nil && len(users) == 0 {
		fmt.Fprintf(e.stderr, "控制台还没有用户，先添加一个管理员：\n  xunjian users add admin --role admin -c %s\n", s.p.cfg.File)
	}
}

// http is what a process answers: the console, the API, whether it lives, whether it can
// take jobs, and the review of drafts.
func (s *service) http() (*http.Server, error) {
	d, err := s.desk()
	if err != nil {
		return nil, err
	}
	pages, err := s.console(d)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", pages)
	review := dashboards.ReviewHandler(reviewer)
	mux.Handle(api.Prefix+"/", api.Handler(api.Config{Desk: d, Answers: s.st, Review: review, Event: alerts.WebhookEvent{}, Version: version, Log: s.log}))
	mux.Handle("GET /healthz", review)
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
		defer cancel()
		if err := errors.Join(s.engine.Ready(), s.st.Ping(ctx)); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	return &http.Server{Handler: s.watch.HTTP(mux), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute}, nil
}
