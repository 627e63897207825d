package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/xunjian/xunjian/dashboards/traces"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/schedule"
)

// A span is what a collector is told of one.
type span struct{ trace, id, parent, facts string }

// spans is a collector.
type spans struct {
	mu  sync.Mutex
	all map[string][]span // by name
}

func (s *spans) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, err := io.ReadAll(r.Body)
	var req collector.ExportTraceServiceRequest
	if err != nil || proto.Unmarshal(b, &req) != nil {
		http.Error(w, "not OTLP", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, rs := range req.ResourceSpans {
		for _, ss := range rs.ScopeSpans {
			for _, x := range ss.Spans {
				s.all[x.Name] = append(s.all[x.Name], span{string(x.TraceId), string(x.SpanId), string(x.ParentSpanId), fmt.Sprint(x.Attributes)})
			}
		}
	}
}

// A job is one trace from the schedule to the store, and the metrics of the
// service tell of it: by hooks of how it went, by a snapshot of how the site stands.
func TestOneJobIsSeen(t *testing.T) {
	c := &spans{all: map[string][]span{}}
	srv := httptest.NewServer(c)
	defer srv.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", srv.URL)
	d := newDistrict(1, 3, 0)
	defer d.Close()
	s, _ := serving(t, string(d.config("test")))
	var log bytes.Buffer
	s.log = slog.New(traces.Log(slog.NewJSONHandler(&log, nil)))
	s.work(t)
	must(t, s.do(t, schedule.Probe, "s00", ""), "completed")
	must(t, s.do(t, schedule.Crawl, "s00", ""), "completed")
	if err := s.watch.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	page := httptest.NewRecorder()
	s.watch.Handler().ServeHTTP(page, httptest.NewRequest("GET", "/metrics", nil))
	for _, want := range []string{`xunjian_site_up{site="s00"} 1`, `xunjian_site_pages{site="s00",state="changed"}`, `xunjian_jobs_total{class="crawl",ending="done"} 1`,
		`xunjian_crawler_fetches_total{class="own",outcome="ok"}`, `xunjian_crawler_fetch_duration_seconds_count{kind="probe"} `, `xunjian_check_results_total{check="link-broken",result="fail"} 1`,
		`xunjian_db_operation_duration_seconds_count{op="insert"}`} {
		if !strings.Contains(page.Body.String(), want) {
			t.Errorf("the metrics do not say %s", want)
		}
	}
	if err := s.watch.tracer.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	job, look := c.all["job crawl"], c.all["inspect"]
	if len(job) != 1 || len(look) != 1 || look[0].parent != job[0].id {
		t.Fatalf("jobs %v, inspections %v", job, look)
	}
	for _, name := range []string{"fetch html", "check page", "check link-broken", "store"} {
		if !slices.ContainsFunc(c.all[name], func(x span) bool { return x.parent == look[0].id && x.trace == job[0].trace }) {
			t.Errorf("%q is not in the inspection: %v", name, c.all[name])
		}
	}
	var line struct {
		RunID   string `json:"run_id"`
		TraceID string `json:"trace_id"`
		Run     string `json:"inspection"`
	}
	for l := range strings.Lines(log.String()) {
		if strings.Contains(l, `"inspected"`) {
			if err := json.Unmarshal([]byte(l), &line); err != nil {
				t.Fatal(err)
			}
		}
	}
	if line.RunID == "" || line.RunID != line.Run || len(line.TraceID) != 32 {
		t.Errorf("logged %+v", line)
	}
}

// A message is a trace of its own, which names the cases that it tells of.
func TestMessageIsSeen(t *testing.T) {
	c := &spans{all: map[string][]span{}}
	srv := httptest.NewServer(c)
	defer srv.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", srv.URL)
	d := newDistrict(1, 3, 0)
	defer d.Close()
	s, _ := serving(t, string(d.config("test")))
	_, end := s.watch.Sending(t.Context(), &inspect.Message{ID: "m-1", Channel: "mail", Total: 2, Alerts: []inspect.Alert{{Key: eduCase}, {Key: officeCase}}})
	end(nil)
	if err := s.watch.tracer.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if got := c.all["alert"]; len(got) != 1 || !strings.Contains(got[0].facts, eduCase+","+officeCase) {
		t.Errorf("told of the message: %+v", got)
	}
}

// A run by hand leaves a file for node_exporter.
func TestInspectMetrics(t *testing.T) {
	t.Parallel()
	d := newDistrict(1, 3, 0)
	defer d.Close()
	dir := t.TempDir()
	file, prom := filepath.Join(dir, "c.yaml"), filepath.Join(dir, "xunjian.prom")
	if err := os.WriteFile(file, d.config("test"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{filepath.Join(dir, "xunjian.txt"), filepath.Join(dir, "none", "xunjian.prom")} {
		xunjian(t, exitUsage, "inspect", "-c", file, "--data", filepath.Join(dir, "data"), "-q", "--metrics", bad)
	}
	d.mu.Lock()
	if len(d.asked) > 0 {
		t.Errorf("the site was inspected though the file cannot be written: %v", d.asked)
	}
	d.mu.Unlock()
	xunjian(t, exitFindings, "inspect", "-c", file, "--data", filepath.Join(dir, "data"), "-q", "--metrics", prom)
	b, err := os.ReadFile(prom)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`xunjian_site_coverage_ratio{site="s00"}`, `xunjian_crawler_pages_total{state="new"}`, `xunjian_check_duration_seconds_bucket{check="link-broken"`} {
		if !strings.Contains(string(b), want) {
			t.Errorf("the file does not say %s", want)
		}
	}
}
