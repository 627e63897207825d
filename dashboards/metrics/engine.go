package metrics

import (
	"context"
	"time"
	"unicode/utf8"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/xunjian/xunjian/inspect"
)

type runKey struct{}

// WithRun names the inspection that a context belongs to: exemplars carry it.
func WithRun(ctx context.Context, inspection string) context.Context {
	return context.WithValue(ctx, runKey{}, inspection)
}

// Run is the inspection that a context belongs to, or "".
func Run(ctx context.Context) string {
	id, _ := ctx.Value(runKey{}).(string)
	return id
}

// observe adds to a histogram of the list, with the inspection as exemplar.
func (m *Metrics) observe(ctx context.Context, name string, took time.Duration, labels ...string) {
	h := m.histos[name].WithLabelValues(labels...)
	if run := Run(ctx); run != "" && utf8.RuneCountInString(run) <= prometheus.ExemplarMaxRunes-len("run_id") && utf8.ValidString(run) {
		h.(prometheus.ExemplarObserver).ObserveWithExemplar(took.Seconds(), prometheus.Labels{"run_id": run})
		return
	}
	h.Observe(took.Seconds())
}

// A Fetch is an address that was asked.
type Fetch struct {
	Kind, Outcome string
	Own           bool // it lies on the site's own hosts
	Bytes         int64
	Took          time.Duration
}

// Fetched counts a fetch.
func (m *Metrics) Fetched(ctx context.Context, f Fetch) {
	class := "other"
	if f.Own {
		class = "own"
	}
	m.count("crawler_fetches_total", 1, f.Outcome, class)
	m.count("crawler_fetch_bytes_total", float64(f.Bytes), f.Kind)
	m.observe(ctx, "crawler_fetch_duration_seconds", f.Took, f.Kind)
}

// Retried counts a request that is made once more.
func (m *Metrics) Retried(reason string) { m.count("crawler_retries_total", 1, reason) }

// Paused notes that a host is left alone until a moment.
func (m *Metrics) Paused(host string, until time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.paused[host] = until
}

// slowCheck is from when on a check's time has an exemplar.
const slowCheck = 100 * time.Millisecond

// Inspected counts a phase of an inspection.
func (m *Metrics) Inspected(ctx context.Context, t inspect.Timing) {
	switch t.Phase {
	case inspect.Parsing:
		m.observe(ctx, "parse_duration_seconds", t.Took)
	case inspect.Checking:
		if t.Took < slowCheck {
			ctx = context.Background()
		}
		m.observe(ctx, "check_duration_seconds", t.Took, t.Check)
		m.count("check_results_total", 1, t.Check, string(t.Result))
	case inspect.Looking:
		m.count("crawler_pages_total", 1, string(t.Result))
	case inspect.Showing:
		m.count("browser_pages_total", 1, string(t.Result))
	case inspect.Skipping:
		m.count("crawler_skips_total", 1, string(t.Result))
	}
}

// JobEnded counts an attempt at a job.
func (m *Metrics) JobEnded(ctx context.Context, kind, ending string, took time.Duration) {
	m.count("jobs_total", 1, kind, ending)
	m.observe(ctx, "job_duration_seconds", took, kind)
}

// Stored counts a statement of the store.
func (m *Metrics) Stored(op string, took time.Duration, err error) {
	m.observe(context.Background(), "db_operation_duration_seconds", took, op)
	if err != nil {
		m.count("db_errors_total", 1, op)
	}
}

// Results of attempts at messages.
var Results = []string{"ok", "rejected", "error", "unclear", "dropped"}

// Notified counts an attempt at a message.
func (m *Metrics) Notified(channel, result string) {
	m.count("notifications_total", 1, channel, result)
}

// Reported counts a document.
func (m *Metrics) Reported(kind, format string, took time.Duration, err error) {
	result := "ok"
	if err != nil {
		result = "error"
	}
	m.count("reports_total", 1, kind, format, result)
	m.observe(context.Background(), "report_duration_seconds", took, format)
}
