// Package traces follows one job through the program: schedule, fetch, check,
// store, alert. Spans go by OTLP to whoever collects them; without an address
// there are none and nothing is spent on them. Logs carry the same ids.
package traces

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// A Tracer makes spans. A nil one makes none.
type Tracer struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
}

// addresses are the environment's names for where spans go.
var addresses = []string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"}

// Open makes a Tracer that sends spans to an address such as
// http://127.0.0.1:4318. Without one, and without one in the environment, it is
// nil. How many traces are kept is OTEL_TRACES_SAMPLER's to say. What later goes
// wrong is told, for the whole process: a service whose collector is away works on.
func Open(ctx context.Context, address, version string, told func(error)) (*Tracer, error) {
	var opts []otlptracehttp.Option
	switch u, err := url.Parse(address); {
	case address == "" && os.Getenv(addresses[0]) == "" && os.Getenv(addresses[1]) == "":
		return nil, nil
	case address == "": // the exporter reads the environment
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("traces: %q is no address such as http://127.0.0.1:4318", address)
	default:
		if u.Path == "" || u.Path == "/" {
			u.Path = "/v1/traces"
		}
		opts = append(opts, otlptracehttp.WithEndpointURL(u.String()))
	}
	exporter, err := otlptracehttp.New(ctx, opts...)
	if err != nil {
		return nil, fmt.Errorf("traces: %w", err)
	}
	what, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", "xunjian"), attribute.String("service.version", version)),
		resource.WithHost(), resource.WithFromEnv())
	if err != nil && !errors.Is(err, resource.ErrPartialResource) {
		return nil, fmt.Errorf("traces: %w", err)
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(told))
	p := sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(what))
	return &Tracer{provider: p, tracer: p.Tracer("github.com/xunjian/xunjian")}, nil
}

// Close sends what waits.
func (t *Tracer) Close(ctx context.Context) error {
	if t == nil {
		return nil
	}
	return t.provider.Shutdown(ctx)
}

// Begin begins a span; the context is that of what happens in it, and end ends
// it. Facts are pairs of key and value: strings, numbers, bools.
func (t *Tracer) Begin(ctx context.Context, name string, facts ...any) (_ context.Context, end func(error)) {
	if t == nil {
		return ctx, func(error) {}
	}
	ctx, s := t.tracer.Start(ctx, name, trace.WithAttributes(attributes(facts)...))
	return ctx, func(err error) {
		fail(s, err)
		s.End()
	}
}

// Tell makes a span of something that is over, inside the span of the context.
// Where there is none, or it is not kept, nothing is made.
func (t *Tracer) Tell(ctx context.Context, name string, begun time.Time, took time.Duration, err error, facts ...any) {
	if t == nil || !trace.SpanFromContext(ctx).IsRecording() {
		return
	}
	_, s := t.tracer.Start(ctx, name, trace.WithTimestamp(begun), trace.WithAttributes(attributes(facts)...))
	fail(s, err)
	s.End(trace.WithTimestamp(begun.Add(took)))
}

func fail(s trace.Span, err error) {
	if err != nil {
		s.SetStatus(codes.Error, err.Error())
	}
}

// attributes makes pairs of key and value ones of OpenTelemetry. Strings that
// are empty say nothing.
func attributes(facts []any) (out []attribute.KeyValue) {
	for i := 0; i+1 < len(facts); i += 2 {
		k := attribute.Key(facts[i].(string))
		switch v := facts[i+1].(type) {
		case string:
			if v != "" {
				out = append(out, k.String(v))
			}
		case int:
			out = append(out, k.Int(v))
		case int64:
			out = append(out, k.Int64(v))
		case bool:
			out = append(out, k.Bool(v))
		default:
			out = append(out, k.String(fmt.Sprint(v)))
		}
	}
	return out
}
