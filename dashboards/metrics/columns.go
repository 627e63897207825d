package metrics

import (
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"
)

// Handler serves /metrics, and /metrics/columns with three series a column:
// those that are overdue or will be soon, or with ?all=1 all of them; narrowed
// by ?agency= and ?site=. A series that cannot be told leaves all others.
func (m *Metrics) Handler() http.Handler {
	opts := promhttp.HandlerOpts{EnableOpenMetrics: true, CoalesceGather: true, Registry: m.registry, ErrorHandling: promhttp.ContinueOnError,
		ErrorLog: slog.NewLogLogger(m.opt.Log.Handler(), slog.LevelError)}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, opts))
	mux.HandleFunc("GET /metrics/columns", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		promhttp.HandlerFor(prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) { return m.gatherColumns(q), nil }),
			promhttp.HandlerOpts{EnableOpenMetrics: true}).ServeHTTP(w, r)
	})
	return mux
}

// gatherColumns makes the series of columns for one answer. There may be
// hundreds of thousands: they are made in order, without the registry's sorting
// and hashing, and are not kept.
func (m *Metrics) gatherColumns(q url.Values) []*dto.MetricFamily {
	f := m.fleet.Load()
	if f == nil {
		return nil
	}
	c := &columnSeries{}
	room, dropped := m.opt.MaxSeries, 0
	for _, s := range sortedSites(f.source.Sites) {
		if q.Has("site") && q.Get("site") != s.ID || q.Has("agency") && q.Get("agency") != s.Agency {
			continue
		}
		for i := range s.Columns {
			k := &s.Columns[i]
			if q.Get("all") == "" && !slices.Contains([]string{"stale", "due_soon"}, k.State) {
				continue
			}
			if room -= perColumn; room < 0 {
				dropped += perColumn
				continue
			}
			c.add(s.ID, k)
		}
	}
	if dropped > 0 {
		m.count("metrics_series_dropped_total", float64(dropped), "column")
	}
	return c.families()
}

// perColumn is how many series a column has.
const perColumn = 3

// sortedSites are sites by their label.
func sortedSites(sites []Site) []*Site {
	out := make([]*Site, len(sites))
	for i := range sites {
		out[i] = &sites[i]
	}
	slices.SortFunc(out, func(a, b *Site) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return out
}

type columnSeries struct{ info, newest, due []*dto.Metric }

func (c *columnSeries) add(site string, k *Column) {
	s, id := pair("site", site), pair("column", k.ID)
	c.info = append(c.info, series(1, id, pair("kind", k.Genre), pair("name", k.Name), s))
	for list, t := range map[*[]*dto.Metric]time.Time{&c.newest: k.Newest, &c.due: k.Due} {
		if !t.IsZero() {
			*list = append(*list, series(seconds(t), id, s))
		}
	}
}

// families are the metrics in the order of their names.
func (c *columnSeries) families() (out []*dto.MetricFamily) {
	for _, f := range []struct {
		name string
		list []*dto.Metric
	}{{"column_due_timestamp_seconds", c.due}, {"column_info", c.info}, {"column_last_publish_timestamp_seconds", c.newest}} {
		if len(f.list) == 0 {
			continue
		}
		name, typ := Prefix+f.name, dto.MetricType_GAUGE
		out = append(out, &dto.MetricFamily{Name: &name, Help: &named(f.name).Help, Type: &typ, Metric: f.list})
	}
	return out
}

func pair(name, value string) *dto.LabelPair { return &dto.LabelPair{Name: &name, Value: &value} }

func series(v float64, labels ...*dto.LabelPair) *dto.Metric {
	return &dto.Metric{Label: labels, Gauge: &dto.Gauge{Value: &v}}
}
