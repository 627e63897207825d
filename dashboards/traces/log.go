package traces

import (
	"context"
	"log/slog"

	"go.opentelemetry.io/otel/trace"

	"github.com/xunjian/xunjian/dashboards/metrics"
)

// Log is a handler whose records carry the ids of their context: of the
// inspection, as exemplars do, and of the span, where there is one.
func Log(next slog.Handler) slog.Handler { return &handler{next} }

type handler struct{ slog.Handler }

// Handle implements slog.Handler.
func (h *handler) Handle(ctx context.Context, r slog.Record) error {
	if run := metrics.Run(ctx); run != "" {
		r.AddAttrs(slog.String("run_id", run))
	}
	if s := trace.SpanContextFromContext(ctx); s.IsValid() {
		r.AddAttrs(slog.String("trace_id", s.TraceID().String()), slog.String("span_id", s.SpanID().String()))
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (h *handler) WithAttrs(a []slog.Attr) slog.Handler { return &handler{h.Handler.WithAttrs(a)} }

// WithGroup implements slog.Handler.
func (h *handler) WithGroup(name string) slog.Handler { return &handler{h.Handler.WithGroup(name)} }
