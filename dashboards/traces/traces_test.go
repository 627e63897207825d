package traces_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	v1 "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/xunjian/xunjian/dashboards/metrics"
	"github.com/xunjian/xunjian/dashboards/traces"
)

// sink is a collector of spans.
type sink struct {
	mu    sync.Mutex
	spans map[string]*v1.Span
}

func (s *sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, err := io.ReadAll(r.Body)
	var req collector.ExportTraceServiceRequest
	if err != nil || r.URL.Path != "/v1/traces" || proto.Unmarshal(b, &req) != nil {
		http.Error(w, "not OTLP", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, rs := range req.ResourceSpans {
		for _, ss := range rs.ScopeSpans {
			for _, x := range ss.Spans {
				s.spans[x.Name] = x
			}
		}
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
}

// Spans arrive with their parents, times, faults and facts; logs carry their ids.
func TestSpans(t *testing.T) {
	s := &sink{spans: map[string]*v1.Span{}}
	srv := httptest.NewServer(s)
	defer srv.Close()
	tr, err := traces.Open(t.Context(), srv.URL, "v1", func(err error) { t.Error(err) })
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := tr.Begin(metrics.WithRun(t.Context(), "a-crawl-1"), "job crawl", "site", "a", "attempt", 2, "empty", "")
	begun := time.Now().Add(-time.Hour)
	tr.Tell(ctx, "fetch", begun, time.Second, nil, "status", int64(200), "own", true)
	tr.Tell(t.Context(), "orphan", begun, time.Second, nil)
	var log bytes.Buffer
	slog.New(traces.Log(slog.NewJSONHandler(&log, nil))).With("kind", "crawl").InfoContext(ctx, "inspected")
	end(errors.New("it broke"))
	if err := tr.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	job, fetch := s.spans["job crawl"], s.spans["fetch"]
	switch {
	case len(s.spans) != 2 || job == nil || fetch == nil:
		t.Fatalf("spans: %v", s.spans)
	case string(fetch.ParentSpanId) != string(job.SpanId) || string(fetch.TraceId) != string(job.TraceId):
		t.Error("the fetch is not in the job")
	case fetch.EndTimeUnixNano-fetch.StartTimeUnixNano != uint64(time.Second) || fetch.StartTimeUnixNano != uint64(begun.UnixNano()):
		t.Error("the fetch has not its own times")
	case job.Status.GetCode() != v1.Status_STATUS_CODE_ERROR || job.Status.GetMessage() != "it broke" || fetch.Status.GetCode() != v1.Status_STATUS_CODE_UNSET:
		t.Errorf("status %v and %v", job.Status, fetch.Status)
	case len(job.Attributes) != 2 || len(fetch.Attributes) != 2:
		t.Errorf("facts %v and %v", job.Attributes, fetch.Attributes)
	}
	var line map[string]string
	if err := json.Unmarshal(log.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if line["run_id"] != "a-crawl-1" || line["kind"] != "crawl" || line["trace_id"] != hex.EncodeToString(job.TraceId) || line["span_id"] != hex.EncodeToString(job.SpanId) {
		t.Errorf("logged %s", log.String())
	}
}

// Without an address nothing is traced, and nothing is to be closed.
func TestOff(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "")
	t.Setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "")
	tr, err := traces.Open(t.Context(), "", "v1", nil)
	if err != nil || tr != nil {
		t.Fatalf("%v, %v", tr, err)
	}
	ctx, end := tr.Begin(t.Context(), "job")
	tr.Tell(ctx, "fetch", time.Now(), time.Second, nil)
	end(nil)
	if err := tr.Close(context.Background()); err != nil || ctx != t.Context() {
		t.Error("a tracer that is off does something")
	}
	for _, bad := range []string{"127.0.0.1:4318", "ftp://x/", "http://"} {
		if _, err := traces.Open(t.Context(), bad, "v1", nil); err == nil {
			t.Errorf("%q was taken for an address", bad)
		}
	}
}

// A collector that is away is told of where the logs go, and stops nothing.
func TestCollectorAway(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	srv.Close()
	told := make(chan error, 10)
	tr, err := traces.Open(t.Context(), srv.URL, "v1", func(err error) { told <- err })
	if err != nil {
		t.Fatal(err)
	}
	_, end := tr.Begin(t.Context(), "job")
	end(nil)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	closed := tr.Close(ctx)
	select {
	case <-told:
	default:
		if closed == nil {
			t.Error("nobody is told")
		}
	}
}
