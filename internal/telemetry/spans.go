package telemetry

import (
	"net"
	"net/url"
	"strings"
	"time"

	commonv1 "go.opentelemetry.io/proto/otlp/common/v1"
	tracev1 "go.opentelemetry.io/proto/otlp/trace/v1"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/tracing"
	"gatehouse/internal/tracing/otlp"
)

// shortestStep is the shortest step that is a span of its own; a step that called a
// backend always is, because the backend knows the span's id.
const shortestStep = 10 * time.Microsecond

// sampledSpan is W3C's flag, which a span repeats.
const sampledSpan = 1

// Spans makes the spans of an exchange: its own, then one for each step that took time.
// Names and attributes are OpenTelemetry's conventions, and gatehouse.* where it has
// none. What the record redacts never comes into a span, and no query string does.
func Spans(r *record.Record) []*tracev1.Span {
	server := &tracev1.Span{
		TraceId: r.Trace.TraceId[:], SpanId: r.Trace.SpanId[:], Name: spanName(r), Kind: tracev1.Span_SPAN_KIND_SERVER, Flags: sampledSpan,
		StartTimeUnixNano: nanoseconds(r, 0), EndTimeUnixNano: nanoseconds(r, r.Duration), Attributes: exchangeAttributes(r), Status: spanStatus(r),
	}
	if r.Trace.ParentId != (tracing.SpanId{}) {
		server.ParentSpanId = r.Trace.ParentId[:]
	}
	if link := r.Trace.Link; link != nil {
		server.Links = []*tracev1.Span_Link{{TraceId: link.TraceId[:], SpanId: link.SpanId[:], Flags: sampledSpan}}
	}
	spans := []*tracev1.Span{server}
	for i := range r.Steps {
		step := &r.Steps[i]
		called := r.Called && step.Name == tracing.StepCallIntegration
		failed := r.Fault != nil && i == len(r.Steps)-1
		if step.Duration < shortestStep && !called && !failed {
			continue
		}
		span := stepSpan(r, step)
		if called {
			span.Kind = tracev1.Span_SPAN_KIND_CLIENT
			span.Attributes = append(span.Attributes, callAttributes(step)...)
		}
		if failed {
			span.Status = spanStatus(r)
			span.Attributes = append(span.Attributes, otlp.Text("error.type", string(r.Fault.Id())))
		}
		spans = append(spans, span)
	}
	return spans
}

func nanoseconds(r *record.Record, since time.Duration) uint64 {
	return uint64(r.Received.Add(since).UnixNano()) //nolint:gosec // after 1970
}

// spanName is the method and the route, which has few values, not the path.
func spanName(r *record.Record) string {
	switch {
	case r.ProtocolType == record.ProtocolWebSocket && r.ResourcePath != "":
		return r.ResourcePath // the route key
	case r.ResourcePath == "":
		return r.HttpMethod
	case strings.Contains(r.ResourcePath, " "):
		return r.ResourcePath // a route key that has its method
	default:
		return r.HttpMethod + " " + r.ResourcePath
	}
}

// apiType is the kind of API as AWS's documentation names it.
func apiType(r *record.Record) string {
	if r.ProtocolType == "" {
		return "REST"
	}
	return r.ProtocolType
}

func exchangeAttributes(r *record.Record) []*commonv1.KeyValue {
	attributes := []*commonv1.KeyValue{
		otlp.Text("gatehouse.api_type", apiType(r)), otlp.Text("gatehouse.api_id", r.ApiId), otlp.Text("gatehouse.stage", r.StageName),
		otlp.Text("gatehouse.request_id", r.RequestId), otlp.Text("gatehouse.extended_request_id", r.ExtendedRequestId),
		otlp.Text("gatehouse.deployment_id", r.DeploymentId), otlp.Text("cloud.account.id", r.AccountId), otlp.Text("cloud.region", r.Region),
		otlp.Int("http.response.status_code", int64(r.StatusCode)), otlp.Int("http.response.body.size", int64(r.ResponseLength)),
	}
	if r.ResourcePath != "" {
		attributes = append(attributes, otlp.Text("http.route", r.ResourcePath[strings.IndexByte(r.ResourcePath, ' ')+1:]))
	}
	if r.ResourceId != "" {
		attributes = append(attributes, otlp.Text("gatehouse.resource_id", r.ResourceId))
	}
	if r.ProtocolType == record.ProtocolWebSocket {
		attributes = append(attributes, otlp.Text("gatehouse.event_type", r.HttpMethod), otlp.Text("gatehouse.connection_id", r.Path))
	} else {
		attributes = append(attributes, otlp.Text("http.request.method", r.HttpMethod), otlp.Text("url.path", r.Path))
	}
	if r.Fault != nil {
		id := string(r.Fault.Id())
		attributes = append(attributes, otlp.Text("error.type", id), otlp.Text("gatehouse.error_id", id))
	}
	return attributes
}

// spanStatus is an error for the server's failures alone, as the conventions want it.
func spanStatus(r *record.Record) *tracev1.Status {
	if r.StatusCode < firstServerError {
		return nil
	}
	status := &tracev1.Status{Code: tracev1.Status_STATUS_CODE_ERROR}
	if r.Fault != nil {
		status.Message = r.Fault.Entry.Sentence
	}
	return status
}

func stepSpan(r *record.Record, step *record.Step) *tracev1.Span {
	id := r.Trace.StepSpan(step.Name)
	return &tracev1.Span{
		TraceId: r.Trace.TraceId[:], SpanId: id[:], ParentSpanId: r.Trace.SpanId[:], Flags: sampledSpan,
		Name: step.Name, Kind: tracev1.Span_SPAN_KIND_INTERNAL,
		StartTimeUnixNano: nanoseconds(r, step.Started), EndTimeUnixNano: nanoseconds(r, step.Started+step.Duration),
		Attributes: stepAttributes(step),
	}
}

// shownFacts are the facts that become attributes: those that decide and hold nothing of
// a client's.
var shownFacts = map[record.Kind]string{
	record.Route: "gatehouse.route", record.ThrottleLevel: "gatehouse.throttle_level", record.ValidatedModel: "gatehouse.model",
	record.TemplateChosen: "gatehouse.template", record.PatternChosen: "gatehouse.selection_pattern", record.GatewayResponse: "gatehouse.gateway_response",
}

func stepAttributes(step *record.Step) []*commonv1.KeyValue {
	var attributes []*commonv1.KeyValue
	for i := range step.Facts {
		if key, ok := shownFacts[step.Facts[i].Kind]; ok && step.Facts[i].Text != "" {
			attributes = append(attributes, otlp.Text(key, step.Facts[i].Text))
		}
	}
	return attributes
}

// callAttributes say where a call went: to a function's ARN or a server.
func callAttributes(step *record.Step) []*commonv1.KeyValue {
	for i := range step.Facts {
		if step.Facts[i].Kind != record.Sending {
			continue
		}
		target := step.Facts[i].Text
		if strings.HasPrefix(target, "arn:") {
			return []*commonv1.KeyValue{otlp.Text("aws.lambda.invoked_arn", target)}
		}
		return serverAttributes(target)
	}
	return nil
}

func serverAttributes(target string) []*commonv1.KeyValue {
	target, _, _ = strings.Cut(target, "?")
	parsed, err := url.Parse(target)
	if err != nil {
		return nil
	}
	parsed.User = nil
	attributes := []*commonv1.KeyValue{otlp.Text("url.full", parsed.String()), otlp.Text("server.address", parsed.Hostname())}
	if _, port, err := net.SplitHostPort(parsed.Host); err == nil {
		attributes = append(attributes, otlp.Text("server.port", port))
	}
	return attributes
}
