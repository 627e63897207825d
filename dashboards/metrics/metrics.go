package metrics

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// Options are what metrics are made of.
type Options struct {
	Version, Revision       string
	Ruleset, RulesetVersion string
	Checks                  map[string]Check // by id

	Fleet func(ctx context.Context, now time.Time) (*Fleet, error) // nil: this process tells of itself only
	Queue func(ctx context.Context) (*Queue, error)                // nil: it has no queue
	Urls  func() map[string]int                                    // waiting addresses by kind of job; nil: none

	Every     time.Duration // between two snapshots of the fleet; 0: 30 s
	MaxSeries int           // of sites and accounts, and of columns in one answer; 0: 200,000
	Log       *slog.Logger  // nil: silent
}

// The defaults of options; they are ours.
const (
	DefaultEvery     = 30 * time.Second
	DefaultMaxSeries = 200_000
)

// A Check is what metrics know of a check.
type Check struct{ Family, Impact string }

// A Queue is how jobs stand. Keys are kinds of jobs, states and queues.
type Queue struct {
	Jobs       map[string]map[string]int // by kind and state
	Oldest     map[string]time.Time      // that can begin, by kind
	Busy, Size map[string]int            // slots of this process by queue
	Successes  map[string]time.Time      // by kind
}

// Metrics are the metrics of one process.
type Metrics struct {
	opt      Options
	registry *prometheus.Registry
	counters map[string]*prometheus.CounterVec
	histos   map[string]*prometheus.HistogramVec
	gauges   map[string]*prometheus.Desc
	fleet    atomic.Pointer[fleet]

	mu     sync.Mutex
	paused map[string]time.Time // hosts that asked to be left alone
}

// New makes the metrics of a process, on a registry of their own.
func New(o Options) *Metrics {
	if o.Every <= 0 {
		o.Every = DefaultEvery
	}
	if o.MaxSeries <= 0 {
		o.MaxSeries = DefaultMaxSeries
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	m := &Metrics{opt: o, registry: prometheus.NewRegistry(), counters: map[string]*prometheus.CounterVec{},
		histos: map[string]*prometheus.HistogramVec{}, gauges: map[string]*prometheus.Desc{}, paused: map[string]time.Time{}}
	for i := range List {
		m.make(&List[i])
	}
	m.Zero("metrics_series_dropped_total", []string{"site", "column"})
	m.registry.MustRegister(&now{m}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if o.Fleet != nil {
		m.registry.MustRegister(&standing{m})
	}
	return m
}

// make makes the instrument of a metric.
func (m *Metrics) make(x *Metric) {
	name := Prefix + x.Name
	switch x.Type {
	case "counter":
		m.counters[x.Name] = prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: x.Help}, x.Labels)
		m.registry.MustRegister(m.counters[x.Name])
		if len(x.Labels) == 0 {
			m.counters[x.Name].WithLabelValues()
		}
	case "histogram":
		m.histos[x.Name] = prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: x.Help, Buckets: buckets[x.Name]}, x.Labels)
		m.registry.MustRegister(m.histos[x.Name])
	default:
		m.gauges[x.Name] = prometheus.NewDesc(name, x.Help, x.Labels, nil)
	}
}

// count adds to a counter of the list.
func (m *Metrics) count(name string, n float64, labels ...string) {
	m.counters[name].WithLabelValues(labels...).Add(n)
}

// gauge is a value that is told at this moment.
func (m *Metrics) gauge(name string, v float64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(m.gauges[name], prometheus.GaugeValue, v, labels...)
}

// now collects what is asked of this process and its queue at each scrape.
type now struct{ *Metrics }

// nowNames are the metrics that now collects.
var nowNames = []string{"build_info", "ruleset_info", "crawler_queue_urls", "crawler_hosts_throttled", "crawler_queue_oldest_timestamp_seconds",
	"queue_jobs", "crawler_workers", "schedule_last_success_timestamp_seconds"}

// Describe implements prometheus.Collector.
func (m *now) Describe(ch chan<- *prometheus.Desc) {
	for _, n := range nowNames {
		ch <- m.gauges[n]
	}
}

// queueTime is how long a scrape waits for the queue.
const queueTime = 5 * time.Second

// Collect implements prometheus.Collector.
func (m *now) Collect(ch chan<- prometheus.Metric) {
	ch <- m.gauge("build_info", 1, m.opt.Version, m.opt.Revision, runtime.Version())
	if m.opt.Ruleset != "" {
		ch <- m.gauge("ruleset_info", 1, m.opt.Ruleset, m.opt.RulesetVersion)
	}
	ch <- m.gauge("crawler_hosts_throttled", float64(m.throttled()))
	if m.opt.Urls != nil {
		for k, n := range m.opt.Urls() {
			ch <- m.gauge("crawler_queue_urls", float64(n), k)
		}
	}
	if m.opt.Queue == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), queueTime)
	defer cancel()
	q, err := m.opt.Queue(ctx)
	if err != nil { // a scrape without it tells of everything else
		m.opt.Log.Warn("queue not measured", "error", err)
		return
	}
	m.queue(q, ch)
}

func (m *now) queue(q *Queue, ch chan<- prometheus.Metric) {
	for kind, states := range q.Jobs {
		for state, n := range states {
			ch <- m.gauge("queue_jobs", float64(n), kind, state)
		}
	}
	for kind, t := range q.Oldest {
		ch <- m.gauge("crawler_queue_oldest_timestamp_seconds", seconds(t), kind)
	}
	for kind, t := range q.Successes {
		ch <- m.gauge("schedule_last_success_timestamp_seconds", seconds(t), kind)
	}
	for queue, size := range q.Size {
		ch <- m.gauge("crawler_workers", float64(q.Busy[queue]), queue, "busy")
		ch <- m.gauge("crawler_workers", float64(max(0, size-q.Busy[queue])), queue, "idle")
	}
}

// throttled counts the hosts whose pause is not over, and forgets the others.
func (m *Metrics) throttled() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := time.Now()
	maps.DeleteFunc(m.paused, func(_ string, until time.Time) bool { return !until.After(at) })
	return len(m.paused)
}

// seconds is a moment as Prometheus has it.
func seconds(t time.Time) float64 { return float64(t.UnixNano()) / 1e9 }

// Run makes a snapshot of the fleet at once and then every so often, until the
// context ends. A snapshot that fails leaves the last one standing; its time
// tells how old that is.
func (m *Metrics) Run(ctx context.Context) {
	if m.opt.Fleet == nil {
		return
	}
	t := time.NewTicker(m.opt.Every)
	defer t.Stop()
	for {
		if err := m.Refresh(ctx); err != nil && !errors.Is(err, context.Canceled) {
			m.opt.Log.Warn("metrics of the sites not made", "error", err)
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
	}
}
