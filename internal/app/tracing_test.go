package app

import (
	"bytes"
	"context"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
	commonv1 "go.opentelemetry.io/proto/otlp/common/v1"
	tracev1 "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"gatehouse/internal/config"
)

// collector is an OpenTelemetry collector in the process.
type collector struct {
	t *testing.T
	*httptest.Server
	mu       sync.Mutex // guards what follows
	spans    []*tracev1.Span
	resource []*commonv1.KeyValue
	keys     []string // the header X-Key of each request
}

func newCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{t: t}
	c.Server = httptest.NewServer(c)
	t.Cleanup(c.Close)
	return c
}

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var sent tracev1.TracesData
	if err := proto.Unmarshal(body, &sent); err != nil || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/x-protobuf" {
		c.t.Errorf("%s %s: %v", r.URL.Path, r.Header.Get("Content-Type"), err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keys = append(c.keys, r.Header.Get("X-Key"))
	for _, resource := range sent.ResourceSpans {
		c.resource = resource.Resource.Attributes
		for _, scope := range resource.ScopeSpans {
			c.spans = append(c.spans, scope.Spans...)
		}
	}
	w.WriteHeader(http.StatusOK)
}

// span finds the one span with a name and kind.
func (c *collector) span(name string, kind tracev1.Span_SpanKind) *tracev1.Span {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	var found *tracev1.Span
	for _, span := range c.spans {
		if span.Name == name && span.Kind == kind {
			if found != nil {
				c.t.Fatalf("two spans %s", name)
			}
			found = span
		}
	}
	if found == nil {
		c.t.Fatalf("no span %s of kind %s among %v", name, kind, c.spans)
	}
	return found
}

func attribute(span *tracev1.Span, key string) string {
	for _, attribute := range span.Attributes {
		if attribute.Key == key {
			if text, ok := attribute.Value.Value.(*commonv1.AnyValue_StringValue); ok {
				return text.StringValue
			}
			return attribute.Value.String()
		}
	}
	return ""
}

// seen are the requests that a backend or function got.
type seen struct {
	*httptest.Server
	mu      sync.Mutex // guards headers
	headers []http.Header
}

func newSeen(t *testing.T, answer string) *seen {
	t.Helper()
	s := &seen{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.headers = append(s.headers, r.Header.Clone())
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *seen) last() http.Header {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.headers[len(s.headers)-1]
}

// sendTraced sends GET with headers, which come in pairs.
func sendTraced(t *testing.T, url string, headers ...string) *http.Response {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response
}

func traced(url string, changes ...func(*config.Config)) func(*config.Config) {
	return func(settings *config.Config) {
		settings.OtlpEndpoint, settings.OtlpHeaders = url, map[string]string{"X-Key": "a%20key"}
		for _, change := range changes {
			change(settings)
		}
	}
}

// makeRestApi deploys GET /pets/{id}, an HTTP_PROXY, and GET /f, a function.
func makeRestApi(t *testing.T, server *App, backend string, tracingEnabled bool) string {
	t.Helper()
	made := call(t, server, "POST", "/restapis", map[string]any{"name": "pets"})
	base := "/restapis/" + made["id"].(string)
	add := func(parent, part string, integration map[string]any) string {
		id := call(t, server, "POST", base+"/resources/"+parent, map[string]any{"pathPart": part})["id"].(string)
		method := base + "/resources/" + id + "/methods/GET"
		call(t, server, "PUT", method, map[string]any{"authorizationType": "NONE", "requestParameters": map[string]bool{"method.request.path.id": true}})
		call(t, server, "PUT", method+"/integration", integration)
		return id
	}
	pets := add(made["rootResourceId"].(string), "pets", map[string]any{"type": "HTTP", "httpMethod": "GET", "uri": backend})
	add(pets, "{id}", map[string]any{
		"type": "HTTP_PROXY", "httpMethod": "GET", "uri": backend + "/{id}", "requestParameters": map[string]string{"integration.request.path.id": "method.request.path.id"},
	})
	add(made["rootResourceId"].(string), "f", map[string]any{
		"type": "AWS_PROXY", "httpMethod": "POST",
		"uri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:f/invocations",
	})
	call(t, server, "POST", base+"/deployments", map[string]any{"stageName": "prod", "tracingEnabled": tracingEnabled})
	return server.URL() + "/_aws/execute-api/" + made["id"].(string) + "/prod"
}

const (
	callerTrace  = "4bf92f3577b34da6a3ce929d0e0e4736"
	callerParent = "00f067aa0ba902b7"
)

// A REST API's request continues its caller's trace, the backend continues the call's
// span, and spans say what happened and nothing that a record redacts.
func TestTraces_restApi(t *testing.T) {
	traces, backend := newCollector(t), newSeen(t, "{}")
	server := start(t, traced(traces.URL))
	base := makeRestApi(t, server, backend.URL, true)
	response := sendTraced(t, base+"/pets/1?token=secret", "traceparent", "00-"+callerTrace+"-"+callerParent+"-01", "Authorization", "Bearer secret")
	stop(t, server)

	exchange, called := traces.span("GET /pets/{id}", tracev1.Span_SPAN_KIND_SERVER), traces.span("call_integration", tracev1.Span_SPAN_KIND_CLIENT)
	if hex.EncodeToString(exchange.TraceId) != callerTrace || hex.EncodeToString(exchange.ParentSpanId) != callerParent {
		t.Errorf("the exchange's span is %x under %x", exchange.TraceId, exchange.ParentSpanId)
	}
	if !bytes.Equal(called.TraceId, exchange.TraceId) || !bytes.Equal(called.ParentSpanId, exchange.SpanId) {
		t.Errorf("the call's span is %x under %x", called.TraceId, called.ParentSpanId)
	}
	if called.StartTimeUnixNano < exchange.StartTimeUnixNano || called.EndTimeUnixNano > exchange.EndTimeUnixNano || called.EndTimeUnixNano <= called.StartTimeUnixNano {
		t.Error("the call is not within the exchange")
	}
	parent, got := hex.EncodeToString(called.SpanId), backend.last()
	if want := "00-" + callerTrace + "-" + parent + "-01"; got.Get("Traceparent") != want {
		t.Errorf("the backend got traceparent %s, want %s", got.Get("Traceparent"), want)
	}
	if want := "Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=" + parent + ";Sampled=1"; got.Get("X-Amzn-Trace-Id") != want {
		t.Errorf("the backend got %s, want %s", got.Get("X-Amzn-Trace-Id"), want)
	}
	for key, want := range map[string]string{
		"gatehouse.api_type": "REST", "gatehouse.stage": "prod", "http.route": "/pets/{id}", "http.request.method": "GET", "url.path": "/pets/1",
		"http.response.status_code": "int_value:200", "gatehouse.request_id": response.Header.Get("x-amzn-RequestId"),
	} {
		if got := attribute(exchange, key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	if got := attribute(called, "url.full"); got != backend.URL+"/1" {
		t.Errorf("url.full is %q", got)
	}
	traces.mu.Lock()
	defer traces.mu.Unlock()
	for _, span := range traces.spans {
		if strings.Contains(span.String(), "secret") {
			t.Errorf("a secret in %s", span)
		}
	}
	if len(traces.keys) == 0 || traces.keys[0] != "a key" || traces.resource[0].Value.GetStringValue() != "gatehouse" {
		t.Errorf("keys %q, resource %v", traces.keys, traces.resource)
	}
}

func stop(t *testing.T, server *App) {
	t.Helper()
	if err := server.Stop(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// A failed request's span has its error id, and a function gets the call as its parent.
func TestTraces_function(t *testing.T) {
	traces, function := newCollector(t), newSeen(t, `{"statusCode":"no number"}`)
	server := start(t, traced(traces.URL, func(settings *config.Config) { settings.FunctionEndpoints = map[string]string{"*": function.URL} }))
	base := makeRestApi(t, server, "http://127.0.0.1:1", true)
	response := sendTraced(t, base+"/f", "X-Amzn-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1")
	unreachable := sendTraced(t, base+"/pets")
	stop(t, server)
	if response.StatusCode != http.StatusBadGateway || unreachable.StatusCode < http.StatusInternalServerError {
		t.Fatal(response.Status, unreachable.Status)
	}
	exchange := traces.span("GET /f", tracev1.Span_SPAN_KIND_SERVER)
	if hex.EncodeToString(exchange.TraceId) != "5759e988bd862e3fe1be46a994272793" || hex.EncodeToString(exchange.ParentSpanId) != "53995c3f42cd8ad8" {
		t.Errorf("%x under %x", exchange.TraceId, exchange.ParentSpanId)
	}
	if attribute(exchange, "gatehouse.error_id") != "GH-L201" || exchange.Status.GetCode() != tracev1.Status_STATUS_CODE_ERROR {
		t.Errorf("%s", exchange)
	}
	var called *tracev1.Span
	for _, span := range traces.spans {
		if bytes.Equal(span.ParentSpanId, exchange.SpanId) && span.Kind == tracev1.Span_SPAN_KIND_CLIENT {
			called = span
		}
	}
	if called == nil || attribute(called, "aws.lambda.invoked_arn") != "arn:aws:lambda:us-east-1:000000000000:function:f" {
		t.Fatalf("the call is %v", called)
	}
	want := "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=" + hex.EncodeToString(called.SpanId) + ";Sampled=1"
	if got := function.last().Get("X-Amzn-Trace-Id"); got != want {
		t.Errorf("the function got %s, want %s", got, want)
	}
	if failed := traces.span("GET /pets", tracev1.Span_SPAN_KIND_SERVER); attribute(failed, "error.type") == "" || len(failed.ParentSpanId) != 0 {
		t.Errorf("%s", failed)
	}
}

// Without tracingEnabled the caller decides, and one that says no is never traced.
func TestTraces_sampled(t *testing.T) {
	traces, backend := newCollector(t), newSeen(t, "{}")
	server := start(t, traced(traces.URL))
	base := makeRestApi(t, server, backend.URL, false)
	sendTraced(t, base+"/pets")
	if got := backend.last().Get("X-Amzn-Trace-Id"); !strings.HasPrefix(got, "Root=1-") || strings.Contains(got, ";") {
		t.Errorf("an exchange that is not traced told %s", got)
	}
	sendTraced(t, base+"/pets/1", "traceparent", "00-"+callerTrace+"-"+callerParent+"-00")
	if got := backend.last().Get("Traceparent"); got != "00-"+callerTrace+"-"+callerParent+"-00" {
		t.Errorf("the caller's traceparent became %s", got)
	}
	sendTraced(t, base+"/pets/2", "X-Amzn-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1")
	stop(t, server)
	only := traces.span("GET /pets/{id}", tracev1.Span_SPAN_KIND_SERVER)
	if attribute(only, "url.path") != "/pets/2" {
		t.Errorf("%s", only)
	}
	for _, span := range traces.spans {
		if !bytes.Equal(span.TraceId, only.TraceId) {
			t.Errorf("a span of another trace: %s", span)
		}
	}
}

func TestTraces_httpApi(t *testing.T) {
	traces, backend := newCollector(t), newSeen(t, "{}")
	server := start(t, traced(traces.URL))
	api := call(t, server, "POST", "/v2/apis", map[string]any{"name": "h", "protocolType": "HTTP", "target": backend.URL, "routeKey": "GET /pets"})["apiId"].(string)
	response := sendTraced(t, server.URL()+"/_aws/execute-api/"+api+"/$default/pets", "traceparent", "00-"+callerTrace+"-"+callerParent+"-01")
	stop(t, server)
	exchange, called := traces.span("GET /pets", tracev1.Span_SPAN_KIND_SERVER), traces.span("call_integration", tracev1.Span_SPAN_KIND_CLIENT)
	if !bytes.Equal(called.ParentSpanId, exchange.SpanId) || hex.EncodeToString(exchange.TraceId) != callerTrace || hex.EncodeToString(exchange.ParentSpanId) != callerParent {
		t.Errorf("%s\n%s", exchange, called)
	}
	if got, want := backend.last().Values("Traceparent"), "00-"+callerTrace+"-"+hex.EncodeToString(called.SpanId)+"-01"; len(got) != 1 || got[0] != want {
		t.Errorf("the backend got %q, want %q", got, want)
	}
	if attribute(exchange, "gatehouse.api_type") != "HTTP" || attribute(exchange, "http.route") != "/pets" || attribute(exchange, "gatehouse.request_id") != response.Header.Get("Apigw-Requestid") {
		t.Errorf("%s", exchange)
	}
}

func TestTraces_webSocketApi(t *testing.T) {
	traces, backend := newCollector(t), newSeen(t, "{}")
	server := start(t, traced(traces.URL))
	api := call(t, server, "POST", "/v2/apis", map[string]any{"name": "chat", "protocolType": "WEBSOCKET", "routeSelectionExpression": "$request.body.action"})["apiId"].(string)
	path := "/v2/apis/" + api
	integration := call(t, server, "POST", path+"/integrations", map[string]any{"integrationType": "HTTP_PROXY", "integrationMethod": "POST", "integrationUri": backend.URL})["integrationId"].(string)
	for _, key := range []string{"$connect", "$default", "$disconnect"} {
		call(t, server, "POST", path+"/routes", map[string]any{"routeKey": key, "target": "integrations/" + integration})
	}
	deployment := call(t, server, "POST", path+"/deployments", map[string]any{})["deploymentId"]
	call(t, server, "POST", path+"/stages", map[string]any{"stageName": "prod", "deploymentId": deployment})

	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	dialer := ws.Dialer{Header: ws.HandshakeHeaderHTTP{"Traceparent": {"00-" + callerTrace + "-" + callerParent + "-01"}}}
	client, _, _, err := dialer.Dial(ctx, "ws://"+server.Addr()+"/_aws/execute-api/"+api+"/prod")
	if err != nil {
		t.Fatal(err)
	}
	connecting := backend.last()
	if err := wsutil.WriteClientText(client, []byte(`{}`)); err != nil {
		t.Fatal(err)
	}
	backend.await(2)
	message := backend.last()
	_ = client.Close()
	backend.await(3)
	stop(t, server)

	connect, sent := traces.span("$connect", tracev1.Span_SPAN_KIND_SERVER), traces.span("$default", tracev1.Span_SPAN_KIND_SERVER)
	if hex.EncodeToString(connect.TraceId) != callerTrace || hex.EncodeToString(connect.ParentSpanId) != callerParent {
		t.Errorf("%s", connect)
	}
	if bytes.Equal(sent.TraceId, connect.TraceId) || len(sent.ParentSpanId) != 0 || attribute(sent, "gatehouse.connection_id") != attribute(connect, "gatehouse.connection_id") ||
		attribute(sent, "gatehouse.event_type") != "MESSAGE" || attribute(sent, "gatehouse.api_type") != "WEBSOCKET" {
		t.Errorf("%s\n%s", connect, sent)
	}
	if len(connect.Links) != 0 {
		t.Errorf("the handshake links to %v", connect.Links)
	}
	for _, linked := range []*tracev1.Span{sent, traces.span("$disconnect", tracev1.Span_SPAN_KIND_SERVER)} {
		if len(linked.Links) != 1 || !bytes.Equal(linked.Links[0].TraceId, connect.TraceId) || !bytes.Equal(linked.Links[0].SpanId, connect.SpanId) {
			t.Errorf("%s links to %v, want the span %x of trace %x", linked.Name, linked.Links, connect.SpanId, connect.TraceId)
		}
	}
	for _, pair := range []struct {
		span *tracev1.Span
		told http.Header
	}{{connect, connecting}, {sent, message}} {
		want := "00-" + hex.EncodeToString(pair.span.TraceId) + "-" + hex.EncodeToString(traces.callOf(pair.span).SpanId) + "-01"
		if got := pair.told.Get("Traceparent"); got != want {
			t.Errorf("the backend got %s, want %s", got, want)
		}
	}
}

// await waits until so many requests came.
func (s *seen) await(count int) {
	for deadline := time.Now().Add(patience); s.count() < count && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
}

func (s *seen) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.headers)
}

// callOf is the client span under an exchange's.
func (c *collector) callOf(exchange *tracev1.Span) *tracev1.Span {
	c.t.Helper()
	for _, span := range c.spans {
		if bytes.Equal(span.ParentSpanId, exchange.SpanId) && span.Kind == tracev1.Span_SPAN_KIND_CLIENT {
			return span
		}
	}
	c.t.Fatalf("no call under %s", exchange)
	return nil
}

// A collector that is away costs requests nothing; what is lost is counted.
func TestTraces_collectorAway(t *testing.T) {
	backend := newSeen(t, "{}")
	server := start(t, traced("http://127.0.0.1:1"))
	base := makeRestApi(t, server, backend.URL, true)
	for range 10 {
		if response := sendTraced(t, base+"/pets/1"); response.StatusCode != http.StatusOK {
			t.Fatal(response.Status)
		}
	}
	if text := string(fetched(t, server.URL()+"/metrics")); !strings.Contains(text, "gatehouse_dropped_traces_total") {
		t.Error(text)
	}
	began := time.Now()
	stop(t, server)
	if took := time.Since(began); took > 8*time.Second {
		t.Errorf("stopping took %s", took)
	}
}

func fetched(t *testing.T, url string) []byte {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
