package telemetry_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/logs"
	"gatehouse/internal/telemetry"
	"gatehouse/internal/tracing"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var received = time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)

// exchange is what an HTTP integration leaves behind.
func exchange(level string, traced bool) *record.Notes {
	r := record.NewNotes(&record.Method{AccountId: "123456789012", Region: "us-east-1", ApiId: "a1b2c3", StageName: "prod"}, record.Exchange{RequestId: "id-1", ExtendedRequestId: "ext=", HttpMethod: "POST", Path: "/pets/1", Received: received})
	r.Redacted, r.Method.DataTraceEnabled, r.Method.LoggingLevel, r.Method.ResourcePath = true, traced, level, "/pets/{id}"
	r.BeginStep(record.NameStep("find_method"), 0)
	r.NoteFields(record.RequestPath, []record.Field{{Name: "id", Value: "1"}})
	r.NoteFields(record.RequestQuery, []record.Field{{Name: "a", Value: "b"}})
	r.NoteFields(record.RequestHeaders, []record.Field{
		{Name: "Authorization", Value: "Bearer abcdefghijk338c72"}, {Name: "x-api-key", Value: "short"}, {Name: "Content-Type", Value: "application/json"},
	})
	r.NoteBody(record.RequestBody, []byte(`{"n":1}`))
	r.BeginStep(record.NameStep("validate_request"), 0)
	r.Note(record.ValidatedModel, "Pet")
	r.BeginStep(record.NameStep("map_request"), 0)
	r.Note(record.EndpointUri, "https://backend/pets?key=secret")
	r.NoteFields(record.EndpointHeaders, nil)
	r.NoteBody(record.EndpointBody, []byte(`{"m":1}`))
	r.BeginStep(record.NameStep("call_integration"), 0)
	r.Note(record.Sending, "https://backend/pets?key=secret")
	if r.Verbose() {
		r.Note(record.IntegrationLatency, "Status: 200, Integration latency: 12 ms")
	}
	r.NoteFields(record.EndpointReplyHeaders, []record.Field{{Name: "Set-Cookie", Value: "session=0123456789abcdef"}})
	r.NoteBody(record.EndpointReplyBody, []byte("answer"))
	r.BeginStep(record.NameStep("map_response"), 0)
	r.NoteBody(record.MethodResponseBody, []byte("answer"))
	r.NoteFields(record.MethodResponseHeaders, []record.Field{{Name: "Content-Type", Value: "text/plain"}})
	r.StatusCode, r.Duration, r.Called = 200, 20*time.Millisecond, true
	return r
}

// The lines were reported from AWS; that the level INFO has these without data trace is
// unconfirmed in part.
func TestExecutionLines(t *testing.T) {
	head := []string{
		"Extended Request Id: ext=",
		"Verifying Usage Plan for request: id-1. API Key:  API Stage: a1b2c3/prod",
		"API Key  authorized because method 'POST /pets/{id}' does not require API Key. Request will not contribute to throttle or quota limits",
		"Usage Plan check succeeded for API Key  and API Stage a1b2c3/prod",
		"Starting execution for request: id-1",
		"HTTP Method: POST, Resource Path: /pets/{id}",
	}
	info := append(append([]string{}, head...),
		"Request validation succeeded for content type application/json",
		"Sending request to https://backend/pets",
		"Received response. Status: 200, Integration latency: 12 ms",
		"Successfully completed execution", "Method completed with status: 200")
	if diff := cmp.Diff(info, telemetry.ExecutionLines(exchange(record.LevelInfo, false).Record())); diff != "" {
		t.Errorf("INFO:\n%s", diff)
	}
	traced := append(append([]string{}, head...),
		"Method request path: {id=1}", "Method request query string: {a=b}",
		"Method request headers: {Authorization=******************338c72, x-api-key=*****, Content-Type=application/json}",
		`Method request body before transformations: {"n":1}`,
		"Request validation succeeded for content type application/json",
		"Endpoint request URI: https://backend/pets?key=secret", "Endpoint request headers: {}",
		`Endpoint request body after transformations: {"m":1}`,
		"Sending request to https://backend/pets?key=secret",
		"Received response. Status: 200, Integration latency: 12 ms",
		"Endpoint response body before transformations: answer", "Endpoint response headers: {Set-Cookie=******************abcdef}",
		"Method response body after transformations: answer", "Method response headers: {Content-Type=text/plain}",
		"Successfully completed execution", "Method completed with status: 200")
	if diff := cmp.Diff(traced, telemetry.ExecutionLines(exchange(record.LevelInfo, true).Record())); diff != "" {
		t.Errorf("data trace:\n%s", diff)
	}
	failed := exchange(record.LevelError, false)
	failed.Fault, failed.StatusCode = fault.New(fault.MalformedProxyResponse), 502
	failed.Fault.LogLine = "configuration error: Malformed Lambda proxy response"
	want := []string{"Execution failed due to configuration error: Malformed Lambda proxy response", "Method completed with status: 502"}
	if diff := cmp.Diff(want, telemetry.ExecutionLines(failed.Record())); diff != "" {
		t.Errorf("ERROR:\n%s", diff)
	}
	failed.Fault = fault.New(fault.BodyInvalid)
	failed.Fault.ValidationError = `[object has missing required properties (["name"])]`
	want[0] = `Request body does not match model schema for content type application/json: [object has missing required properties (["name"])]`
	if diff := cmp.Diff(want, telemetry.ExecutionLines(failed.Record())); diff != "" {
		t.Errorf("validation:\n%s", diff)
	}
}

func TestExecutionLines_function(t *testing.T) {
	r := record.NewNotes(&record.Method{}, record.Exchange{})
	r.Method.LoggingLevel, r.Method.ResourcePath = record.LevelInfo, "/"
	r.BeginStep(record.NameStep("call_integration"), 0)
	r.Note(record.Sending, "arn:aws:lambda:eu-west-1:123456789012:function:f:live")
	lines := strings.Join(telemetry.ExecutionLines(r.Record()), "\n")
	want := "Sending request to https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:f:live/invocations"
	if !strings.Contains(lines, want) {
		t.Error(lines)
	}
}

// functionExchange is what an exchange with a function leaves behind.
func functionExchange(failed bool) *record.Notes {
	like := exchange(record.LevelInfo, true)
	r := record.NewNotes(like.Method, like.Exchange)
	r.Redacted = true
	r.Trace = &tracing.Context{Root: "1-5c755b5d-07b29b94e632d3da19d88789"}
	r.BeginStep(record.NameStep("map_request"), 0)
	r.Note(record.EndpointUri, "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations")
	r.NoteBody(record.EndpointBody, []byte(`{}`))
	r.BeginStep(record.NameStep("call_integration"), 0)
	r.Note(record.Sending, "arn:aws:lambda:us-east-1:123456789012:function:f")
	r.Note(record.IntegrationLatency, "Status: 200, Integration latency: 12 ms")
	r.Note(record.EndpointRequestId, "57593f79-6e46-4a6f-91b1-f5d848cc2059")
	r.NoteFields(record.EndpointReplyHeaders, []record.Field{{Name: "Content-Type", Value: "application/json"}})
	r.NoteBody(record.EndpointReplyBody, []byte(`{"errorMessage":"no"}`))
	if failed {
		r.Fault, r.StatusCode = fault.New(fault.FunctionError), 502
		r.Fault.LogLine = "Lambda execution failed with status 200 due to customer function error: no. Lambda request id: 57593f79-6e46-4a6f-91b1-f5d848cc2059"
	}
	return r
}

// The lines and their order are those of public logs of 2019 (with data trace, X-Ray and a
// function that failed) and 2026 (the form of the last line).
func TestExecutionLog_function(t *testing.T) {
	var kept written
	logs := telemetry.NewExecutionLogs(&kept, "p", func(*record.Record) []string { return []string{"Diagnosis"} })
	recorder := &telemetry.Recorder{Recent: telemetry.NewRecent(10, 1<<20), ExecutionLogs: logs}
	recorder.End(functionExchange(true))
	logs.Close()
	const url = "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations"
	want := []string{
		"Endpoint request URI: " + url,
		"Endpoint request headers: {x-amzn-lambda-integration-tag=id-1, X-Amz-Date=20250102T030405Z, x-amzn-apigateway-api-id=a1b2c3, " +
			"X-Amz-Source-Arn=arn:aws:execute-api:us-east-1:123456789012:a1b2c3/prod/POST/pets/{id}, Accept=application/json, User-Agent=AmazonAPIGateway_a1b2c3}",
		"Endpoint request body after transformations: {}",
		"Sending request to " + url,
		"Received response. Status: 200, Integration latency: 12 ms",
		`Endpoint response body before transformations: {"errorMessage":"no"}`,
		"Endpoint response headers: {Content-Type=application/json}",
		"Lambda execution failed with status 200 due to customer function error: no. Lambda request id: 57593f79-6e46-4a6f-91b1-f5d848cc2059",
		"Method completed with status: 502",
		"AWS Integration Endpoint RequestId : 57593f79-6e46-4a6f-91b1-f5d848cc2059",
		"X-ray Tracing ID : Root=1-5c755b5d-07b29b94e632d3da19d88789",
		"Diagnosis",
	}
	for i := range want {
		want[i] = "(id-1) " + want[i]
	}
	if diff := cmp.Diff(want, kept.lines[max(0, len(kept.lines)-len(want)):]); diff != "" {
		t.Error(diff)
	}
}

// A throttle of the stage ends the log where a usage plan does (public log of 2019).
func TestExecutionLines_stageThrottle(t *testing.T) {
	r := exchange(record.LevelInfo, false)
	r.Fault, r.StatusCode = fault.New(fault.Throttled), 429
	r.Fault.LogLine = "Key throttle limit exceeded for RestApi a1b2c3, Stage prod, Resource k0w8mc, HttpMethod POST. Limit: 1.00 Burst: 1"
	want := []string{
		"Extended Request Id: ext=", "Verifying Usage Plan for request: id-1. API Key:  API Stage: a1b2c3/prod", r.Fault.LogLine, "Method completed with status: 429",
	}
	if diff := cmp.Diff(want, telemetry.ExecutionLines(r.Record())); diff != "" {
		t.Error(diff)
	}
}

// What AWS logs of WebSocket APIs is unconfirmed.
func TestExecutionLines_webSocket(t *testing.T) {
	r := record.NewNotes(&record.Method{ApiId: "a1b2c3", StageName: "prod", ProtocolType: record.ProtocolWebSocket}, record.Exchange{RequestId: "id-1", ExtendedRequestId: "id-1", HttpMethod: "MESSAGE", Path: "conn="})
	r.Method.LoggingLevel, r.Method.ResourcePath, r.StatusCode = record.LevelInfo, "send", 200
	lines := strings.Join(telemetry.ExecutionLines(r.Record()), "\n")
	for _, want := range []string{
		"authorized because route 'send' does not require API Key", "WebSocket Request Route: [send]\nWebSocket API [a1b2c3] received message from client [Connection Id: conn=].",
	} {
		if !strings.Contains(lines, want) {
			t.Errorf("no %q in\n%s", want, lines)
		}
	}
}

// written keeps log lines.
type written struct {
	mu    sync.Mutex
	lines []string
	ids   map[logs.StreamId]bool
}

// Write implements telemetry.LogWriter.
func (w *written) Write(id logs.StreamId, _ time.Time, line string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines = append(w.lines, line)
	if w.ids == nil {
		w.ids = map[logs.StreamId]bool{}
	}
	w.ids[id] = true
}

// The lines are AWS's: zappa/Zappa#52, and re:Post, api-gateway-429-limit; the order of
// a key that passed is that of a public log of 2016, its lines of the key itself are those of
// brefphp/bref#534.
func TestExecutionLines_apiKey(t *testing.T) {
	const masked = "************************F0yrv6"
	r := exchange(record.LevelInfo, false)
	r.BeginStep(record.NameStep("check_usage_plan"), 0)
	r.Note(record.ApiKey, masked)
	r.Note(record.ApiKeyId, "v7y79n2re7")
	got := telemetry.ExecutionLines(r.Record())
	want := []string{
		"Extended Request Id: ext=", "Verifying Usage Plan for request: id-1. API Key: " + masked + " API Stage: a1b2c3/prod",
		"Usage Plan check succeeded for API Key " + masked + " and API Stage a1b2c3/prod", "Starting execution for request: id-1",
		"HTTP Method: POST, Resource Path: /pets/{id}", "API Key: " + masked, "API Key ID: v7y79n2re7",
	}
	if diff := cmp.Diff(want, got[:len(want)]); diff != "" {
		t.Error(diff)
	}
	for _, id := range []fault.Id{fault.ApiKeyRefused, fault.QuotaExceeded, fault.Throttled} {
		r.Fault = fault.New(id)
		r.Fault.LogLine, r.StatusCode = "API Key "+masked+" was refused", 403
		want := []string{want[0], want[1], "API Key " + masked + " was refused", "Method completed with status: 403"}
		if diff := cmp.Diff(want, telemetry.ExecutionLines(r.Record())); diff != "" {
			t.Errorf("%s: %s", id, diff)
		}
	}
	r.Method.LoggingLevel = record.LevelError
	if diff := cmp.Diff([]string{"API Key " + masked + " was refused", "Method completed with status: 403"}, telemetry.ExecutionLines(r.Record())); diff != "" {
		t.Errorf("errors only: %s", diff)
	}
}

// TestLevels: a stage's level says which requests are logged; all are kept.
func TestLevels(t *testing.T) {
	for _, c := range []struct {
		level  string
		failed bool
		want   bool
	}{{record.LevelOff, true, false}, {"", true, false}, {record.LevelError, false, false}, {record.LevelError, true, true}, {record.LevelInfo, false, true}} {
		w := &written{}
		recorder := &telemetry.Recorder{
			Recent: telemetry.NewRecent(10, 1<<20), ExecutionLogs: telemetry.NewExecutionLogs(w, "p", func(*record.Record) []string { return []string{"Diagnosis"} }),
		}
		r := exchange(c.level, false)
		if c.failed {
			r.Fault = fault.New(fault.NoRoute)
		}
		recorder.End(r)
		recorder.ExecutionLogs.Close()
		if got := len(w.lines) > 0; got != c.want {
			t.Errorf("%s, failed %v: %d lines", c.level, c.failed, len(w.lines))
		}
		if _, ok := recorder.Recent.Find("ext="); !ok {
			t.Errorf("%s: the request was not kept", c.level)
		}
		for id := range w.ids {
			if id.Group != "API-Gateway-Execution-Logs_a1b2c3/prod" || len(id.Stream) != 32 || id.Account != "123456789012" || id.Region != "us-east-1" {
				t.Errorf("%+v", id)
			}
		}
		if c.want && w.lines[len(w.lines)-1] != "(id-1) Diagnosis" {
			t.Errorf("last line %q", w.lines[len(w.lines)-1])
		}
	}
}

// A failure that found no method is logged at ERROR and INFO; a success without a route, as of
// a WebSocket client that connects where there is no $connect, is not.
func TestLevels_noMethod(t *testing.T) {
	for _, c := range []struct {
		level  string
		failed bool
		want   bool
	}{{record.LevelOff, true, false}, {record.LevelError, true, true}, {record.LevelInfo, true, true}, {record.LevelInfo, false, false}} {
		w := &written{}
		recorder := &telemetry.Recorder{Recent: telemetry.NewRecent(10, 1<<20), ExecutionLogs: telemetry.NewExecutionLogs(w, "p", nil)}
		r := exchange(c.level, false)
		method := *r.Method
		method.ResourcePath, method.ResourceId = "", ""
		if r.Method = &method; c.failed {
			r.Fault = fault.New(fault.NoRoute)
		}
		recorder.End(r)
		recorder.ExecutionLogs.Close()
		if got := len(w.lines) > 0; got != c.want {
			t.Errorf("%s, failed %v: %q", c.level, c.failed, w.lines)
		}
	}
}

func TestTruncate(t *testing.T) {
	if line := strings.Repeat("x", 1024); telemetry.Truncate(line) != line {
		t.Error("1024 bytes were cut")
	}
	if got := telemetry.Truncate(strings.Repeat("x", 1025)); len(got) != 1024 || !strings.HasSuffix(got, "x [TRUNCATED]") {
		t.Errorf("%d bytes: %s", len(got), got[1000:])
	}
	for i := range 4 {
		if got := telemetry.Truncate(strings.Repeat("x", i) + strings.Repeat("😀", 300)); len(got) > 1024 || !utf8.ValidString(got) || !strings.HasSuffix(got, "😀 [TRUNCATED]") {
			t.Errorf("%d letters before: %d bytes, ends in %q", i, len(got), got[len(got)-20:])
		}
	}
	if got := telemetry.Truncate(strings.Repeat("\x80", 2000)); len(got) < 1020 || len(got) > 1024 {
		t.Errorf("%d bytes of what is no text", len(got))
	}
}

func TestAccessLogs(t *testing.T) {
	w := &written{}
	accessLogs := telemetry.AccessLogs{Writer: w, Process: "p"}
	accessLogs.Write("arn:aws:logs:eu-west-1:111122223333:log-group:access/prod", "a line\n", received)
	accessLogs.Write("arn:aws:logs:eu-west-1:111122223333:log-group:access/prod:*", "another", received)
	accessLogs.Write("arn:aws:firehose:eu-west-1:111122223333:deliverystream/amazon-apigateway-x", "nowhere", received)
	if diff := cmp.Diff([]string{"a line", "another"}, w.lines); diff != "" {
		t.Error(diff)
	}
	for id := range w.ids {
		if id.Group != "access/prod" || id.Account != "111122223333" || id.Region != "eu-west-1" {
			t.Errorf("%+v", id)
		}
	}
}

func TestRecent(t *testing.T) {
	recent := telemetry.NewRecent(100, 1<<20)
	for i := range 250 {
		r := exchange("", false)
		r.RequestId, r.StatusCode = fmt.Sprint(i), 200+i
		recent.Add(r)
	}
	if count, bytes := recent.Size(); count != 100 || bytes > 1<<20 {
		t.Errorf("%d requests, %d bytes", count, bytes)
	}
	if _, ok := recent.Find("149"); ok {
		t.Error("149 is still there")
	}
	if found, ok := recent.Find("150"); !ok || found.StatusCode != 350 || len(found.Steps) != 5 {
		t.Errorf("150: %+v, %v", found, ok)
	}
	list := recent.List(3, func(r *record.Record) bool { return r.StatusCode%2 == 0 })
	if len(list) != 3 || list[0].RequestId != "248" || list[2].RequestId != "244" {
		t.Errorf("%d listed", len(list))
	}
	if all := recent.List(1000, func(*record.Record) bool { return true }); len(all) != 100 {
		t.Errorf("%d in all", len(all))
	}
}

// TestRecent_bytes: large requests push out more than one.
func TestRecent_bytes(t *testing.T) {
	const most = 1 << 20
	recent := telemetry.NewRecent(10_000, most)
	for i := range 200 {
		r := exchange("", true)
		r.RequestId = fmt.Sprint(i)
		r.NoteBody(record.MethodResponseBody, make([]byte, record.MaxBody))
		recent.Add(r)
		if count, bytes := recent.Size(); bytes > most || count < 1 {
			t.Fatalf("%d requests, %d bytes", count, bytes)
		}
	}
	if _, ok := recent.Find("199"); !ok {
		t.Error("the latest is not there")
	}
}

// TestRecorder_concurrent is for the race detector.
func TestRecorder_concurrent(t *testing.T) {
	recorder := &telemetry.Recorder{Recent: telemetry.NewRecent(50, 1<<20), Metrics: telemetry.NewMetrics(), ExecutionLogs: telemetry.NewExecutionLogs(&written{}, "p", nil)}
	var working sync.WaitGroup
	for worker := range 4 {
		working.Go(func() {
			for i := range 200 {
				method := &record.Method{AccountId: "1", ApiId: "a", LoggingLevel: []string{"INFO", "OFF"}[i%2]}
				r := record.NewNotes(method, record.Exchange{RequestId: fmt.Sprint(worker, "-", i), HttpMethod: "GET"})
				recorder.Begin(r)
				r.BeginStep(record.NameStep("find_method"), 0)
				r.NoteFields(record.RequestHeaders, []record.Field{{Name: "Host", Value: "h"}})
				recorder.End(r)
				if found := recorder.Recent.List(5, func(*record.Record) bool { return true }); len(found) > 0 && len(found[0].Steps) != 1 {
					t.Errorf("%d steps", len(found[0].Steps))
				}
				_ = recorder.Metrics.Text()
			}
		})
	}
	working.Wait()
	recorder.ExecutionLogs.Close()
}

func TestMetrics(t *testing.T) {
	m := telemetry.NewMetrics(telemetry.LostLogLines(func() uint64 { return 7 }))
	for _, statusCode := range []int{200, 404, 502} {
		r := exchange("", false)
		r.StatusCode, r.IntegrationLatency = statusCode, 12*time.Millisecond
		if statusCode >= 400 {
			r.Fault = fault.New(fault.MalformedProxyResponse)
		}
		m.Observe(r.Method, &r.Exchange)
	}
	unknown := record.NewNotes(&record.Method{ApiId: "made up by \"a client\""}, record.Exchange{HttpMethod: "EVIL"})
	unknown.StatusCode, unknown.Fault = 404, fault.New(fault.UnknownApi)
	m.Observe(unknown.Method, &unknown.Exchange)
	text := m.Text()
	labels := `{api="a1b2c3",stage="prod",resource="/pets/{id}",method="POST"`
	for _, line := range []string{
		"gatehouse_count_total" + labels + "} 3", "gatehouse_4xxerror_total" + labels + "} 1", "gatehouse_5xxerror_total" + labels + "} 1",
		"gatehouse_cachehitcount_total" + labels + "} 0", "gatehouse_latency_seconds_bucket" + labels + `,le="0.025"} 3`,
		"gatehouse_latency_seconds_bucket" + labels + `,le="0.01"} 0`, "gatehouse_latency_seconds_sum" + labels + "} 0.06",
		"gatehouse_integrationlatency_seconds_count" + labels + "} 3", "gatehouse_integrationlatency_seconds_bucket" + labels + `,le="+Inf"} 3`,
		`gatehouse_errors_total{api="a1b2c3",stage="prod",error_id="GH-L201"} 2`, `gatehouse_errors_total{api="",stage="",error_id="GH-R104"} 1`,
		"# TYPE gatehouse_latency_seconds histogram", "gatehouse_dropped_log_lines_total 7",
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("%s is not in:\n%s", line, text)
		}
	}
	if strings.Contains(text, "made up") || strings.Contains(text, "EVIL") {
		t.Error("what a client made up is a label")
	}
	if diff := cmp.Diff(map[string]int64{"GH-L201": 2, "GH-R104": 1}, m.Occurrences()); diff != "" {
		t.Error(diff)
	}
}

// The names are those of the guide: http-api-metrics.md, apigateway-websocket-api-logging.md.
func TestMetrics_kinds(t *testing.T) {
	m := telemetry.NewMetrics()
	request := func(change func(*record.Notes)) {
		r := exchange("", false)
		r.Called = false
		change(r)
		m.Observe(r.Method, &r.Exchange)
	}
	request(func(r *record.Notes) {
		r.Method.ProtocolType, r.HttpMethod, r.Method.ResourcePath, r.RequestLength, r.ResponseLength, r.StatusCode = record.ProtocolHttp, "GET", "GET /pets", 10, 32, 404
	})
	socket := func(event, route string, change func(*record.Notes)) {
		request(func(r *record.Notes) {
			r.Method.ProtocolType, r.HttpMethod, r.Method.ResourcePath = record.ProtocolWebSocket, event, route
			change(r)
		})
	}
	socket("CONNECT", "$connect", func(r *record.Notes) { r.StatusCode = 403 })
	socket("MESSAGE", "send", func(r *record.Notes) { r.Called, r.ResponseLength = true, 5 })
	socket("MESSAGE", "send", func(r *record.Notes) { r.Called, r.StatusCode = true, 400 })
	socket("MESSAGE", "send", func(r *record.Notes) {
		r.Called, r.StatusCode, r.Fault = true, 500, fault.New(fault.IntegrationTimeout)
	})
	text := m.Text()
	http, connect, send := `{api="a1b2c3",stage="prod",resource="/pets",method="GET"} `, `{api="a1b2c3",stage="prod",resource="$connect",method="CONNECT"} `, `{api="a1b2c3",stage="prod",resource="send",method="MESSAGE"} `
	for _, line := range []string{
		"gatehouse_count_total" + http + "1", "gatehouse_4xxerror_total" + http + "1", "gatehouse_dataprocessed_bytes_total" + http + "42",
		"gatehouse_connectcount_total" + connect + "1", "gatehouse_clienterror_total" + connect + "1", "gatehouse_messagecount_total" + send + "4",
		"gatehouse_integrationerror_total" + send + "1", "gatehouse_executionerror_total" + send + "1", "gatehouse_integrationlatency_seconds_count" + send + "3",
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("%s is not in:\n%s", line, text)
		}
	}
	for _, line := range []string{"gatehouse_count_total" + send, "gatehouse_latency_seconds_count" + send, "gatehouse_cachehitcount_total" + http, "gatehouse_messagecount_total" + http} {
		if strings.Contains(text, line) {
			t.Errorf("%s is in:\n%s", line, text)
		}
	}
}

func TestMetrics_bounded(t *testing.T) {
	m := telemetry.NewMetrics()
	for i := range 3000 {
		r := exchange("", false)
		r.Method.ResourcePath = fmt.Sprint("/", i)
		m.Observe(r.Method, &r.Exchange)
	}
	text := m.Text()
	if series := strings.Count(text, "gatehouse_count_total{"); series > 1001 {
		t.Errorf("%d series", series)
	}
	if !strings.Contains(text, `gatehouse_count_total{api="other",stage="other",resource="other",method="other"} 2000`) {
		t.Error("what is over the bound is not counted")
	}
}

// What a client made up does not become a label.
func TestMetrics_madeUpMethods(t *testing.T) {
	m := telemetry.NewMetrics()
	for i := range 1500 {
		r := exchange("", false)
		r.Method.ProtocolType, r.Method.ResourcePath, r.HttpMethod = record.ProtocolHttp, "$default", fmt.Sprint("M", i)
		m.Observe(r.Method, &r.Exchange)
	}
	r := exchange("", false)
	r.Method.ProtocolType, r.Method.ResourcePath, r.HttpMethod = record.ProtocolHttp, "$default", "GET"
	m.Observe(r.Method, &r.Exchange)
	text := m.Text()
	if series := strings.Count(text, "gatehouse_count_total{"); series != 2 {
		t.Errorf("%d series", series)
	}
	for _, want := range []string{`resource="$default",method="other"} 1500`, `resource="$default",method="GET"} 1`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text[:1000])
		}
	}
}

// Stages that are gone make room for those that are served, and the count of their errors
// is kept.
func TestMetrics_forgetsStages(t *testing.T) {
	m := telemetry.NewMetrics()
	m.Serves = func(apiId, stageName string) bool { return apiId == "new" && stageName == "prod" }
	observe := func(api, path string) {
		r := exchange("", false)
		r.Method.ApiId, r.Method.ResourcePath, r.Fault = api, path, fault.New(fault.InvokeDenied)
		m.Observe(r.Method, &r.Exchange)
	}
	for i := range 1200 {
		observe(fmt.Sprint("gone", i), "/")
	}
	for i := range 10 {
		observe("new", fmt.Sprint("/", i))
	}
	text := m.Text()
	if strings.Contains(text, `api="gone7",`) || !strings.Contains(text, `gatehouse_count_total{api="new",stage="prod",resource="/9",method="POST"} 1`) {
		t.Error("stages that are gone keep served ones from being counted")
	}
	if got := m.Occurrences()[string(fault.InvokeDenied)]; got != 1210 {
		t.Errorf("%d occurrences", got)
	}
}
