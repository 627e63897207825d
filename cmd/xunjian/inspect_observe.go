package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/xunjian/xunjian/dashboards/metrics"
	"github.com/xunjian/xunjian/dashboards/traces"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

// observe watches the command, if its metrics or traces are wanted; told writes
// and sends them.
func (c *inspectCmd) observe(e *env, p *plan, st *store.Store) (told func() error, err error) {
	if c.Metrics != "" {
		if err := metrics.CheckFile(c.Metrics); err != nil { // now, not after hours
			return nil, usageError{err: err, hint: "文件名以 .prom 结尾，目录要存在，例：--metrics /var/lib/node_exporter/xunjian.prom"}
		}
	}
	var once sync.Once
	tracer, err := traces.Open(e.ctx, c.OTLP, version, func(err error) {
		once.Do(func() { fmt.Fprintf(e.stderr, "xunjian: 跟踪数据没有送出：%v\n", err) })
	})
	if err != nil {
		return nil, usageError{err: err, hint: "例：--otlp http://127.0.0.1:4318"}
	}
	if c.Metrics == "" && tracer == nil {
		return func() error { return nil }, nil
	}
	cfg := *p.cfg
	cfg.Sites, cfg.Accounts = nil, nil
	for _, s := range p.sites {
		if s.Account != nil {
			cfg.Accounts = append(cfg.Accounts, s)
		} else {
			cfg.Sites = append(cfg.Sites, s)
		}
	}
	if c.watch, err = newWatch(p.rules, tracer, metrics.Options{Fleet: newFleet(&cfg, p.rules, st).read}); err != nil {
		return nil, err
	}
	p.watch = crawlWatch{c.watch}
	st.Watch(c.watch)
	return func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(e.ctx), time.Minute)
		defer cancel()
		var err error
		if c.Metrics != "" {
			err = errors.Join(c.watch.Refresh(ctx), c.watch.WriteFile(c.Metrics))
		}
		return errors.Join(err, tracer.Close(ctx))
	}, nil
}

// run runs an inspection, watched or not.
func (c *inspectCmd) run(ctx context.Context, i *inspect.Inspector, id string, s *inspect.Site, now time.Time) (in *inspect.Inspection, err error) {
	if c.watch != nil {
		var end func(error)
		ctx, end = c.watch.tracer.Begin(metrics.WithRun(ctx, id), "inspect", "run_id", id, "xunjian.site", s.ID)
		defer func() { end(err) }()
		i.Record, i.Timed = c.watch.record(i.Record), c.watch.inspected
	}
	return i.Inspect(ctx, id, s, now)
}
