package main

import (
	"context"
	"errors"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/xunjian/xunjian/alerts"
	"github.com/xunjian/xunjian/checks"
	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/dashboards/metrics"
	"github.com/xunjian/xunjian/dashboards/traces"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/schedule"
	"github.com/xunjian/xunjian/store"
)

// A watch hands what the rooms tell to metrics and traces.
type watch struct {
	*metrics.Metrics
	tracer *traces.Tracer

	mu     sync.Mutex
	crawls map[*crawler.Crawler]schedule.Kind // that are under way
}

var (
	_ schedule.Watcher = (*watch)(nil)
	_ crawler.Watcher  = (*crawlWatch)(nil)
	_ store.Watcher    = (*watch)(nil)
)

// newWatch makes the metrics of a process that works by some rules.
func newWatch(rules *inspect.Rulebook, tracer *traces.Tracer, o metrics.Options) (*watch, error) {
	w := &watch{tracer: tracer, crawls: map[*crawler.Crawler]schedule.Kind{}}
	o.Version, o.Revision, o.Ruleset, o.RulesetVersion = version, revision(), rules.ID, rules.Version
	o.Urls, o.Checks = w.waiting, map[string]metrics.Check{}
	for _, k := range checks.All {
		f, _, err := config.ReadFront(k)
		if err != nil {
			return nil, err
		}
		o.Checks[k.ID] = metrics.Check{Family: f.Family, Impact: f.Impact}
	}
	w.Metrics = metrics.New(o)
	w.Zero("crawler_fetches_total", texts(crawler.Outcomes), []string{"own", "other"})
	w.Zero("jobs_total", texts(schedule.Kinds), texts(schedule.Endings))
	w.Zero("db_errors_total", store.Operations)
	w.Zero("rectification_events_total", metrics.Events)
	w.Zero("reports_total", []string{"bulletin"}, []string{"html"}, []string{"ok", "error"})
	return w, nil
}

func texts[T ~string](in []T) (out []string) {
	for _, v := range in {
		out = append(out, string(v))
	}
	return out
}

// Begun implements schedule.Watcher.
func (w *watch) Begun(ctx context.Context, j *schedule.Job) (context.Context, func(schedule.Ending, error)) {
	begun := time.Now()
	ctx, end := w.tracer.Begin(ctx, "job "+string(j.Kind), "xunjian.job", j.ID, "xunjian.target", j.Target, "xunjian.attempt", j.Attempt, "xunjian.due", j.Due.Format(time.RFC3339))
	return ctx, func(how schedule.Ending, err error) {
		w.JobEnded(ctx, string(j.Kind), string(how), time.Since(begun))
		if how == schedule.Put || how == schedule.Stopped {
			err = nil // no fault of the job
		}
		end(err)
	}
}

// A crawlWatch is what a crawler tells.
type crawlWatch struct{ *watch }

// Fetched implements crawler.Watcher.
func (w crawlWatch) Fetched(ctx context.Context, f *crawler.Fetch) {
	w.Metrics.Fetched(ctx, metrics.Fetch{Kind: string(f.Kind), Outcome: string(f.Outcome), Own: f.Own, Bytes: f.Bytes, Took: f.Took})
	var err error
	if f.Outcome != crawler.FetchOK && f.Outcome != crawler.NotModified {
		err = errors.New(string(f.Outcome))
	}
	w.tracer.Tell(ctx, "fetch "+string(f.Kind), f.Begun, f.Took, err, "url.full", f.URL, "http.response.status_code", f.Status, "http.response.body.size", f.Bytes)
}

// Retried implements crawler.Watcher.
func (w crawlWatch) Retried(o crawler.Outcome) { w.Metrics.Retried(string(o)) }

// inspected is told of every phase of an inspection.
func (w *watch) inspected(ctx context.Context, t inspect.Timing) {
	w.Inspected(ctx, t)
	switch {
	case t.Phase == inspect.Looking:
		w.tracer.Tell(ctx, "check page", t.Begun, t.Took, nil, "url.full", t.URL, "xunjian.result", string(t.Result))
	case t.Phase == inspect.Checking && t.URL == "":
		w.tracer.Tell(ctx, "check "+t.Check, t.Begun, t.Took, nil, "xunjian.result", string(t.Result))
	}
}

// Operated implements store.Watcher.
func (w *watch) Operated(_ context.Context, o *store.Operation) { w.Stored(o.Name, o.Took, o.Err) }

// Sending is alerts.Engine.Sending.
func (w *watch) Sending(ctx context.Context, m *inspect.Message) (context.Context, func(error)) {
	ctx, end := w.tracer.Begin(ctx, "alert", "xunjian.channel", m.Channel, "xunjian.message", m.ID, "xunjian.attempt", m.Attempts, "xunjian.alerts", m.Total, "xunjian.keys", keysOf(m))
	return ctx, func(err error) {
		w.Notified(m.Channel, resultOfSending(err))
		if m.State == inspect.MessageFailed {
			w.Notified(m.Channel, "dropped")
		}
		end(err)
	}
}

// keysOf are what the first alerts of a message are about: it gathers findings
// of many inspections, so no trace of theirs is its own.
func keysOf(m *inspect.Message) string {
	var keys []string
	for _, a := range m.Alerts[:min(len(m.Alerts), 10)] {
		keys = append(keys, a.Key)
	}
	return strings.Join(keys, ",")
}

// resultOfSending is one of metrics.Results.
func resultOfSending(err error) string {
	var f *alerts.Failure
	switch {
	case err == nil:
		return "ok"
	case !errors.As(err, &f) || f.Outcome == alerts.Unclear:
		return "unclear"
	case f.Outcome == alerts.Refused:
		return "rejected"
	}
	return "error"
}

// waiting is how many addresses the crawls under way have yet to ask.
func (w *watch) waiting() map[string]int {
	w.mu.Lock()
	crawls := maps.Clone(w.crawls)
	w.mu.Unlock()
	out := map[string]int{}
	for _, k := range []schedule.Kind{schedule.Columns, schedule.Crawl, schedule.Deep, schedule.Confirm, schedule.Recheck} {
		out[string(k)] = 0
	}
	for c, k := range crawls {
		out[string(k)] += c.Waiting()
	}
	return out
}

// crawling notes that a crawl is under way until done is called.
func (w *watch) crawling(c *crawler.Crawler, k schedule.Kind) (done func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.crawls[c] = k
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.crawls, c)
	}
}

// record makes a recorder whose last act, which writes the result, is a span.
func (w *watch) record(r inspect.Recorder) inspect.Recorder { return &tracedRecorder{r, w.tracer} }

type tracedRecorder struct {
	inspect.Recorder
	tracer *traces.Tracer
}

func (r *tracedRecorder) Finish(ctx context.Context, in *inspect.Inspection) error {
	ctx, end := r.tracer.Begin(ctx, "store", "xunjian.findings", len(in.Findings), "xunjian.verdict", string(in.Grade.Verdict))
	err := r.Recorder.Finish(ctx, in)
	end(err)
	return err
}
