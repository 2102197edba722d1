// Package otlp sends spans to a collector of OpenTelemetry's over OTLP: HTTP with
// Protocol Buffers.
//
// It makes no spans and keeps none: package telemetry makes and queues them. It uses
// OpenTelemetry's messages alone, not its SDK, whose tracers make spans while the work
// is done; ours are made afterwards, with ids that are known beforehand.
//
// Begin at Exporter.
package otlp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	commonv1 "go.opentelemetry.io/proto/otlp/common/v1"
	resourcev1 "go.opentelemetry.io/proto/otlp/resource/v1"
	tracev1 "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
)

const (
	tracesPath  = "/v1/traces"
	contentType = "application/x-protobuf"
	// maxAnswer bounds what is read of a collector's answer, bytes.
	maxAnswer = 64 << 10
)

// Exporter sends spans to one collector.
type Exporter struct {
	// URL is where traces are posted; see TracesUrl.
	URL string
	// Headers are sent with every request, such as a key of the collector's.
	Headers map[string]string
	// Resource says whose spans these are.
	Resource []*commonv1.KeyValue
	// Scope names what made the spans, with its version.
	Scope  *commonv1.InstrumentationScope
	Client *http.Client
}

// TracesUrl is where the collector at an endpoint takes traces: OTLP's path behind the
// endpoint's, unless that ends in it already.
func TracesUrl(endpoint string) (string, error) {
	parsed, err := url.Parse(endpoint)
	switch {
	case err != nil:
		return "", fmt.Errorf("reading the OTLP endpoint: %w", err)
	case parsed.Scheme != "http" && parsed.Scheme != "https", parsed.Host == "":
		return "", fmt.Errorf("the OTLP endpoint %q is not an http: or https: URL", endpoint)
	}
	if !strings.HasSuffix(parsed.Path, tracesPath) {
		parsed.Path = strings.TrimSuffix(parsed.Path, "/") + tracesPath
	}
	return parsed.String(), nil
}

// ErrRetryable marks failures that may pass: the collector cannot be reached or says
// that it is busy.
var ErrRetryable = errors.New("the collector may take it later")

// Export sends spans and waits for the answer.
func (e *Exporter) Export(ctx context.Context, spans []*tracev1.Span) error {
	body, err := proto.Marshal(&tracev1.TracesData{ResourceSpans: []*tracev1.ResourceSpans{{
		Resource:   &resourcev1.Resource{Attributes: e.Resource},
		ScopeSpans: []*tracev1.ScopeSpans{{Scope: e.Scope, Spans: spans}},
	}}})
	if err != nil {
		return fmt.Errorf("encoding spans: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, e.URL, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("making the request to the collector: %w", err)
	}
	for name, value := range e.Headers {
		request.Header.Set(name, value)
	}
	request.Header.Set("Content-Type", contentType)
	answer, err := e.Client.Do(request)
	if err != nil {
		return fmt.Errorf("sending spans: %w", errors.Join(ErrRetryable, err))
	}
	defer func() { _ = answer.Body.Close() }()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, maxAnswer)) // all of it, so that the connection is used again
	switch answer.StatusCode {
	case http.StatusOK, http.StatusAccepted, http.StatusNoContent:
		return rejected(said)
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout: // OTLP's list
		return fmt.Errorf("sending spans: %w: it answered %s", ErrRetryable, answer.Status)
	default:
		return fmt.Errorf("sending spans: the collector answered %s", answer.Status)
	}
}

// RejectedError says that the collector took a request and not all of its spans; sending them
// again does not help.
type RejectedError struct {
	Spans  uint64 // how many were rejected
	Reason string // in the collector's words
}

// Error implements error.
func (e *RejectedError) Error() string {
	return fmt.Sprintf("the collector rejected %d spans: %q", e.Spans, e.Reason)
}

// rejected reads the answer of a collector that took a request: ExportTraceServiceResponse,
// whose partial_success says how many spans were rejected, and why. What cannot be read says
// nothing.
func rejected(answer []byte) error {
	const partialSuccess, rejectedSpans, errorMessage = 1, 1, 2 // the numbers of the fields
	found := &RejectedError{}
	fields(answer, func(field protowire.Number, _ uint64, partial []byte) {
		if field != partialSuccess {
			return
		}
		fields(partial, func(field protowire.Number, number uint64, text []byte) {
			switch field {
			case rejectedSpans:
				found.Spans = number
			case errorMessage:
				found.Reason = string(text)
			}
		})
	})
	if found.Spans == 0 {
		return nil
	}
	return fmt.Errorf("sending spans: %w", found)
}

// fields visits the numbers and texts of an encoded message.
func fields(message []byte, visit func(field protowire.Number, number uint64, text []byte)) {
	for len(message) > 0 {
		field, kind, length := protowire.ConsumeTag(message)
		if length < 0 {
			return
		}
		message = message[length:]
		var number uint64
		var text []byte
		switch kind {
		case protowire.VarintType:
			number, length = protowire.ConsumeVarint(message)
		case protowire.BytesType:
			text, length = protowire.ConsumeBytes(message)
		default:
			length = protowire.ConsumeFieldValue(field, kind, message)
		}
		if length < 0 {
			return
		}
		visit(field, number, text)
		message = message[length:]
	}
}

// Text makes an attribute.
func Text(key, value string) *commonv1.KeyValue {
	return &commonv1.KeyValue{Key: key, Value: &commonv1.AnyValue{Value: &commonv1.AnyValue_StringValue{StringValue: value}}}
}

// Int makes an attribute.
func Int(key string, value int64) *commonv1.KeyValue {
	return &commonv1.KeyValue{Key: key, Value: &commonv1.AnyValue{Value: &commonv1.AnyValue_IntValue{IntValue: value}}}
}
