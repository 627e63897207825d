package metrics

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/xunjian/xunjian/inspect"
)

// A Fleet is how all sites and accounts stand at a moment.
type Fleet struct {
	Sites     []Site
	Accounts  []Account
	Collected map[inspect.Platform]time.Time // when a source last gave an answer
	Repairs   []Repair
	Messages  map[string]int   // that wait, by channel
	Incidents map[string]int   // open, by kind
	Space     map[string]int64 // bytes stored, by kind
	Free      int64            // bytes; below 0: not known
}

// A Site is how a website stands. What is zero or nil is not known and has no series.
type Site struct {
	ID, Name, Agency, Region string
	Portal                   bool
	Visit                    *inspect.Probe     // the last that told something
	Availability             map[string]float64 // by window
	Whole                    *Result            // last complete inspection
	ListsAt                  time.Time          // end of the last one of the columns
	HomeNewest, HomeDue      time.Time          // of the home page, by the last look that told them
	Columns                  []Column
	Empty                    int // of those of unknown state: columns without anything
}

// A Result is what a complete inspection came to.
type Result struct {
	Begun, Ended time.Time
	Grade        inspect.Grade
	Counts       inspect.Counts
}

// A Column is how a watched column stands.
type Column struct {
	ID, Name, Genre string
	Newest, Due     time.Time // zero: not known
	State           string    // of ColumnStates
}

// ColumnStates are the states of columns.
var ColumnStates = []string{"fresh", "due_soon", "stale", "empty", "unknown", "exempt"}

// An Account is how a new-media account stands.
type Account struct {
	ID, Name, Agency, Region string
	Platform                 inspect.Platform
	Newest, Due, Collected   time.Time // zero: not known
	Whole                    *Result
}

// A fleet is a snapshot, as series that are ready.
type fleet struct {
	at     time.Time
	took   time.Duration
	series []prometheus.Metric
	source *Fleet
}

// standing collects the snapshot.
type standing struct{ *Metrics }

// own are the metrics of a snapshot beside those of tier PerSite.
var own = []string{"findings", "incidents_open", "media_source_last_success_timestamp_seconds", "fleet_snapshot_timestamp_seconds",
	"fleet_snapshot_duration_seconds", "storage_bytes", "storage_free_bytes", "waivers", "notifications_queued"}

// Describe implements prometheus.Collector.
func (s *standing) Describe(ch chan<- *prometheus.Desc) {
	for _, n := range own {
		ch <- s.gauges[n]
	}
	for i := range List {
		if List[i].Tier == PerSite {
			ch <- s.gauges[List[i].Name]
		}
	}
}

// Collect implements prometheus.Collector.
func (s *standing) Collect(ch chan<- prometheus.Metric) {
	f := s.fleet.Load()
	if f == nil {
		return
	}
	for _, m := range f.series {
		ch <- m
	}
	ch <- s.gauge("fleet_snapshot_timestamp_seconds", seconds(f.at))
	ch <- s.gauge("fleet_snapshot_duration_seconds", f.took.Seconds())
}

// Refresh makes a snapshot of the fleet. Sites that left the register have no
// series in it.
func (m *Metrics) Refresh(ctx context.Context) error {
	begun := time.Now()
	src, err := m.opt.Fleet(ctx, begun)
	if err != nil {
		m.count("fleet_snapshot_errors_total", 1)
		return fmt.Errorf("snapshot: %w", err)
	}
	b := &builder{Metrics: m}
	b.all(src)
	if b.dropped > 0 {
		m.count("metrics_series_dropped_total", float64(b.dropped), "site")
		m.opt.Log.Warn("series left out", "dropped", b.dropped, "allowed", m.opt.MaxSeries)
	}
	m.fleet.Store(&fleet{at: begun, took: time.Since(begun), series: b.series, source: src})
	return nil
}

// A builder makes the series of a snapshot.
type builder struct {
	*Metrics
	series  []prometheus.Metric
	perSite int
	dropped int
}

// set adds a series; one too many is counted only.
func (b *builder) set(name string, v float64, labels ...string) {
	if named(name).Tier == PerSite {
		if b.perSite++; b.perSite > b.opt.MaxSeries {
			b.dropped++
			return
		}
	}
	b.series = append(b.series, b.gauge(name, v, labels...))
}

// moment adds a series of a moment that is known.
func (b *builder) moment(name string, t time.Time, labels ...string) {
	if !t.IsZero() {
		b.set(name, seconds(t), labels...)
	}
}

func (b *builder) all(f *Fleet) {
	findings := map[[2]string]int{}
	for i := range f.Sites {
		b.site(&f.Sites[i])
		add(findings, f.Sites[i].Whole)
	}
	for i := range f.Accounts {
		b.account(&f.Accounts[i])
		add(findings, f.Accounts[i].Whole)
	}
	for k, n := range findings {
		b.set("findings", float64(n), k[0], k[1])
	}
	b.repairs(f.Repairs)
	for p, t := range f.Collected {
		b.moment("media_source_last_success_timestamp_seconds", t, string(p))
	}
	for k, n := range f.Incidents {
		b.set("incidents_open", float64(n), k)
	}
	for k, n := range f.Messages {
		b.set("notifications_queued", float64(n), k)
	}
	for k, n := range f.Space {
		b.set("storage_bytes", float64(n), k)
	}
	if f.Free >= 0 {
		b.set("storage_free_bytes", float64(f.Free))
	}
}

// outcomes are a tally's numbers by the words of labels.
func outcomes(t inspect.Tally) map[string]int {
	return map[string]int{"fail": t.Failed, "review": t.Review, "unknown": t.Unknown, "suspected": t.Waiting}
}

func add(findings map[[2]string]int, r *Result) {
	if r == nil {
		return
	}
	for check, t := range r.Counts.Checks {
		for outcome, n := range outcomes(t) {
			findings[[2]string{check, outcome}] += n
		}
	}
}

func (b *builder) account(a *Account) {
	b.set("media_account_info", 1, a.ID, a.Name, a.Agency, a.Region, string(a.Platform))
	b.moment("media_last_publish_timestamp_seconds", a.Newest, a.ID)
	b.moment("media_due_timestamp_seconds", a.Due, a.ID)
	b.moment("media_last_success_timestamp_seconds", a.Collected, a.ID)
	if a.Whole == nil {
		return
	}
	b.compliant("media_compliant", a.ID, &a.Whole.Grade)
	b.open("media_open_findings", a.ID, &a.Whole.Grade)
}

// compliant says pass or fail, and nothing while that is undecided.
func (b *builder) compliant(name, id string, g *inspect.Grade) {
	switch g.Verdict {
	case inspect.Passed:
		b.set(name, 1, id)
	case inspect.Failed:
		b.set(name, 0, id)
	}
}

// open are the findings that count, by item.
func (b *builder) open(name, id string, g *inspect.Grade) {
	for i := range g.Lines {
		if l := &g.Lines[i]; l.Failed > 0 {
			b.set(name, float64(l.Failed), id, l.Item, severity(l.Part))
		}
	}
}

// severity is a part of a rulebook as a label.
func severity(p inspect.Part) string {
	switch p {
	case inspect.Veto:
		return "veto"
	case inspect.Deduction:
		return "deduct"
	}
	return "advise"
}

func number(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
