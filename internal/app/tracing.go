package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	commonv1 "go.opentelemetry.io/proto/otlp/common/v1"

	"gatehouse/internal/telemetry"
	"gatehouse/internal/tracing/otlp"
)

// flushTracesTimeout bounds how long Stop sends the traces that are left.
const flushTracesTimeout = 3 * time.Second

// tracesRequests says whether there is a collector for traces.
func (a *App) tracesRequests() bool { return a.options.Config.OtlpEndpoint != "" }

// openTraces begins to send traces to the collector; without one it returns nil.
func (a *App) openTraces(process string) (*telemetry.Traces, error) {
	if !a.tracesRequests() {
		return nil, nil
	}
	address, err := otlp.TracesUrl(a.options.Config.OtlpEndpoint)
	if err != nil {
		return nil, fmt.Errorf("opening traces: %w", err)
	}
	client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute}}
	exporter := &otlp.Exporter{
		URL: address, Headers: unescaped(a.options.Config.OtlpHeaders), Client: client,
		Resource: []*commonv1.KeyValue{
			otlp.Text("service.name", "gatehouse"), otlp.Text("service.version", a.options.Version), otlp.Text("service.instance.id", process),
		},
		Scope: &commonv1.InstrumentationScope{Name: "gatehouse", Version: a.options.Version},
	}
	traces := telemetry.NewTraces(exporter, a.log, a.now)
	a.cleanups = append(a.cleanups, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, flushTracesTimeout)
		defer cancel()
		traces.Close(ctx)
		client.CloseIdleConnections()
		return nil
	})
	return traces, nil
}

// unescaped undoes the percent-encoding that OpenTelemetry asks for in the environment.
func unescaped(headers map[string]string) map[string]string {
	plain := make(map[string]string, len(headers))
	for name, value := range headers {
		if decoded, err := url.PathUnescape(value); err == nil {
			value = decoded
		}
		plain[name] = value
	}
	return plain
}
