package httpapi_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/authorizer"
	compiler "gatehouse/internal/compile/httpapi"
	"gatehouse/internal/compile/httpapi/snapshottest"
	"gatehouse/internal/dataplane"
	"gatehouse/internal/dataplane/httpapi"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fixture"
	"gatehouse/internal/integration"
	"gatehouse/internal/integration/services"
	"gatehouse/internal/loadbalancer"
	"gatehouse/internal/plan"
	"gatehouse/internal/rawheader"
	"gatehouse/internal/throttle"
)

var update = flag.Bool("update", false, "rewrite the expected sections of the fixtures")

// TestBehaviour serves each fixture over a real connection:
//
//	api         a snapshottest API
//	stage       an apigwv2.Stage; $default without one
//	domain      a plan.Domain that leads to it
//	services    endpoints of AWS services, "sqs http://sqs.test" a line
//	backend     what the HTTP backend answers, as HTTP, or "failure {kind}"
//	function    what the function answers: JSON, "error {name}", or "FunctionError" and JSON
//	authorizer  what the function named auth answers, likewise
//	request     what the client sends, as HTTP; request 2, request 3 … follow. A line
//	            "Token: {claims}" is a bearer token, "Sign: {key}" a signature
//	asked       what the authorizer was sent
//	outbound    what the backend got
//	response    what the client gets
//	fault       what the diagnosis says; absent for a complete exchange
//	access log  the line, where the stage writes one
func TestBehaviour(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { testFixture(t, path) })
	}
}

func testFixture(t *testing.T, path string) {
	archive, err := fixture.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(archive.Comment, "Source: ") {
		t.Errorf("the first line must begin with %q and say how we know", "Source: ")
	}
	world := newWorld(t, archive)
	world.wholeEvent = strings.Contains(path, "event")
	for i := 1; ; i++ {
		suffix := ""
		if i > 1 {
			suffix = " " + strconv.Itoa(i)
		}
		request, ok := archive.Get("request" + suffix)
		if !ok {
			break
		}
		got := world.exchange(t, request)
		for _, name := range []string{"asked", "outbound", "response", "fault", "access log"} {
			compareSection(t, archive, name+suffix, got[name])
		}
	}
	if *update {
		if err := archive.Write(path); err != nil {
			t.Fatal(err)
		}
	}
}

func compareSection(t *testing.T, archive *fixture.Archive, name, got string) {
	want, ok := archive.Get(name)
	if *update {
		if ok || got != "" {
			archive.Set(name, got)
		}
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// fixedTime is when every fixture happens.
var fixedTime = time.Date(2025, time.January, 2, 3, 4, 5, 678e6, time.UTC)

func fixedNow() time.Time { return fixedTime }

const (
	testAccount = "123456789012"
	testRegion  = "us-east-1"
)

// world is everything around one API: its backend, its functions, its client, its clock.
type world struct {
	serving                       sync.WaitGroup // the requests that the handler has not left
	mu                            sync.Mutex
	backend, function, authorizer string
	services                      map[string]string
	asked, outbound, line         string
	last                          *record.Record
	random                        uint64
	address                       string
	// wholeEvent prints the events of functions; their fixtures have "event" in the name.
	wholeEvent bool
	token      string
}

func newWorld(t *testing.T, archive *fixture.Archive) *world {
	t.Helper()
	w := &world{services: map[string]string{}}
	w.backend, _ = archive.Get("backend")
	w.function, _ = archive.Get("function")
	w.authorizer, _ = archive.Get("authorizer")
	services, _ := archive.Get("services")
	for line := range strings.Lines(services) {
		name, endpoint, _ := strings.Cut(strings.TrimSpace(line), " ")
		w.services[name] = endpoint
	}
	table := compileTable(t, archive)
	w.listen(t, &dataplane.Handler{
		Published: func() *plan.Table { return table }, Now: fixedNow, Random: w.nextRandom, Http: newPipeline(w),
	})
	return w
}

func newPipeline(w *world) *httpapi.Pipeline {
	return &httpapi.Pipeline{
		Backends: w, Functions: w, VpcLinks: w, Services: w, Recorder: w, AccessLogger: w, Authenticator: testSigner(),
		Authorizers: &authorizer.Functions{Invoker: w, Cache: authorizer.NewCache(fixedNow)},
		Tokens:      authorizer.NewTokens(authorizer.NewKeySets(provider{}, fixedNow), fixedNow),
		Throttles:   throttle.New(fixedNow), Now: fixedNow,
	}
}

func compileTable(t *testing.T, archive *fixture.Archive) *plan.Table {
	t.Helper()
	api, _ := archive.Get("api")
	snapshot, err := snapshottest.Parse([]byte(api))
	if err != nil {
		t.Fatal(err)
	}
	stage := apigwv2.Stage{StageName: "$default", DeploymentId: "d1"}
	if text, ok := archive.Get("stage"); ok {
		if err := json.Unmarshal([]byte(text), &stage); err != nil {
			t.Fatal(err)
		}
	}
	compiled, _ := compiler.Compile(&snapshot, &stage, compiler.Options{Scope: apigw.Scope{Account: testAccount, Region: testRegion}})
	served := &plan.Api{Id: snapshot.Api.ApiId, HttpStages: map[string]*plan.HttpStage{stage.StageName: compiled}}
	domains := map[string]*plan.Domain{}
	if text, ok := archive.Get("domain"); ok {
		var read plan.Domain
		if err := json.Unmarshal([]byte(text), &read); err != nil {
			t.Fatal(err)
		}
		domains[read.DomainName] = plan.NewDomain(read.DomainName, read.Rules, read.Mappings)
	}
	return plan.NewTable(1, map[string]*plan.Api{served.Id: served}).WithDomains(domains)
}

func (w *world) listen(t *testing.T, handler http.Handler) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	counted := http.HandlerFunc(func(writer http.ResponseWriter, r *http.Request) {
		w.serving.Add(1)
		defer w.serving.Done()
		handler.ServeHTTP(writer, r)
	})
	server := &http.Server{Handler: counted, ConnContext: rawheader.ConnContext, ReadHeaderTimeout: time.Minute}
	done := make(chan error, 1)
	go func() { done <- server.Serve(rawheader.Listener(listener)) }()
	w.address = listener.Addr().String()
	t.Cleanup(func() {
		_ = server.Close()
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
}

func (w *world) nextRandom() uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.random++
	return w.random * 0x9E3779B97F4A7C15
}

// exchange sends a request and returns what was seen of it.
func (w *world) exchange(t *testing.T, request string) map[string]string {
	t.Helper()
	w.asked, w.outbound, w.line, w.last, w.token = "", "", "", nil, ""
	connection, err := net.Dial("tcp", w.address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	if err := connection.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	wire := w.requestBytes(t, request)
	go func() { _, _ = connection.Write(wire) }()
	got := map[string]string{"response": printResponse(t, bufio.NewReader(connection), strings.HasPrefix(request, "HEAD "))}
	w.waitForEnd(got)
	if w.token != "" {
		for name := range got {
			got[name] = strings.ReplaceAll(got[name], w.token, "(the token)")
		}
	}
	return got
}

// waitForEnd collects what the pipeline leaves behind after it has written.
func (w *world) waitForEnd(got map[string]string) {
	w.serving.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	got["asked"], got["outbound"], got["access log"] = w.asked, w.outbound, w.line
	if w.last != nil {
		got["fault"] = printFault(w.last)
	}
}

// requestBytes makes HTTP of a fixture's request: line ends, Content-Length, a base64
// body, a token, a signature.
func (w *world) requestBytes(t *testing.T, text string) []byte {
	t.Helper()
	head, body, _ := strings.Cut(text, "\n\n")
	lines := strings.Split(strings.TrimSuffix(head, "\n"), "\n")
	content := fixtureBody(t, strings.TrimSuffix(body, "\n"))
	if !strings.Contains(head, "Host:") {
		lines = append(lines, "Host: "+snapshottest.ApiId+".execute-api.us-east-1.amazonaws.com")
	}
	for i, line := range lines {
		if content, ok := strings.CutPrefix(line, "Token: "); ok {
			w.token = signToken(t, content)
			lines[i] = "Authorization: Bearer " + w.token
		}
	}
	lines = signLines(t, lines, content)
	lower := strings.ToLower(head)
	if len(content) > 0 && !strings.Contains(lower, "content-length:") && !strings.Contains(lower, "transfer-encoding:") {
		lines = append(lines, "Content-Length: "+strconv.Itoa(len(content)))
	}
	return append([]byte(strings.Join(lines, "\r\n")+"\r\n\r\n"), content...)
}

// fixtureBody is a body of a fixture: text, "base64:…" or "size:N".
func fixtureBody(t *testing.T, body string) []byte {
	t.Helper()
	if encoded, ok := strings.CutPrefix(body, "base64:"); ok {
		decoded, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			t.Fatal(err)
		}
		return decoded
	}
	if size, ok := strings.CutPrefix(body, "size:"); ok {
		n, err := strconv.Atoi(size)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Repeat([]byte("x"), n)
	}
	return []byte(body)
}

// printResponse prints what came over the wire, headers in order of names as they were
// spelled, without Date.
func printResponse(t *testing.T, reader *bufio.Reader, isHead bool) string {
	t.Helper()
	var lines []string
	length := -1
	status, err := reader.ReadString('\n')
	if err != nil {
		t.Fatalf("reading the response: %v", err)
	}
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			t.Fatalf("reading the response: %v", err)
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			break
		}
		if strings.HasPrefix(line, "Date:") {
			continue
		}
		if value, ok := strings.CutPrefix(line, "Content-Length: "); ok {
			length, _ = strconv.Atoi(value)
		}
		lines = append(lines, line)
	}
	slices.SortStableFunc(lines, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	text := strings.TrimSpace(status) + "\n" + strings.Join(lines, "\n") + "\n"
	if isHead || length <= 0 {
		return text
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(reader, body); err != nil {
		t.Fatalf("reading the response's body: %v", err)
	}
	return text + "\n" + printBody(body) + "\n"
}

func printBody(body []byte) string {
	if !utf8.Valid(body) || bytes.ContainsAny(body, "\x00\x1f") {
		return "base64:" + base64.StdEncoding.EncodeToString(body)
	}
	return string(body)
}

// Call implements httpapi.Backends.
func (w *world) Call(_ context.Context, request *integration.Request) (*integration.Response, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.outbound += printOutbound(request)
	if kind, ok := strings.CutPrefix(strings.TrimSpace(w.backend), "failure "); ok {
		return nil, &integration.Failure{Kind: integration.FailureKind(kind), After: time.Second, Err: errors.New("as the fixture says")}
	}
	head, body, _ := strings.Cut(w.backend, "\n\n")
	answer, err := http.ReadResponse(bufio.NewReader(strings.NewReader(strings.ReplaceAll(strings.TrimSpace(head), "\n", "\r\n")+"\r\n\r\n")), nil)
	if err != nil {
		return nil, fmt.Errorf("the fixture's backend: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	content := []byte(strings.TrimSuffix(body, "\n"))
	return &integration.Response{StatusCode: answer.StatusCode, Header: answer.Header, Body: content, Latency: 12 * time.Millisecond}, nil
}

func printOutbound(request *integration.Request) string {
	lines := []string{request.Method + " " + request.URL}
	if request.Host != "" {
		lines = append(lines, "Host: "+request.Host)
	}
	if request.Dial != nil {
		lines = append(lines, "(through the VPC link, verifying "+strconv.Quote(request.ServerNameToVerify)+")")
	}
	var headers []string
	for name, values := range request.Header {
		for _, value := range values {
			headers = append(headers, name+": "+value)
		}
	}
	slices.SortStableFunc(headers, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	text := strings.Join(append(lines, headers...), "\n") + "\n"
	if len(request.Body) > 0 {
		text += "\n" + printBody(request.Body) + "\n"
	}
	return text
}

// Route implements httpapi.VpcLinks.
func (w *world) Route(link loadbalancer.LinkId, uri string, request *loadbalancer.Request) (*loadbalancer.Connection, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.outbound = "link " + link.Id + " to " + uri + " for " + request.Method + " " + request.Scheme + "://" + request.Host + request.Path + "\n"
	switch link.Id {
	case "unhealthy":
		return nil, &loadbalancer.Error{Reason: loadbalancer.ReasonNoHealthy, Message: "no healthy target"}
	case "answers":
		return &loadbalancer.Connection{Answer: &loadbalancer.Answer{StatusCode: 302, Header: http.Header{"Location": {"https://elsewhere.example.com/"}}}}, nil
	}
	return &loadbalancer.Connection{Scheme: request.Scheme, Dial: func(context.Context, string, string) (net.Conn, error) { return nil, io.EOF }}, nil
}

// Endpoint implements httpapi.Services.
func (w *world) Endpoint(service, _ string) (string, bool) {
	endpoint, ok := w.services[service]
	return endpoint, ok
}

// Sign implements httpapi.Services.
func (w *world) Sign(_ context.Context, call *services.Call) error {
	call.Request.Header.Set("Authorization", "signed for "+call.Service+" in "+call.Region+" as "+call.Caller.RoleArn)
	return nil
}

var functionErrors = map[string]error{
	"denied":    &integration.InvokeDenied{FunctionArn: "f", SourceArn: "s", Nearest: `statement "apigw-test" allows another stage`},
	"not-found": integration.ErrFunctionNotFound, "throttled": integration.ErrInvokeThrottled, "timeout": integration.ErrInvokeTimeout,
	"too-large": integration.ErrInvokeTooLarge,
}

// Invoke implements integration.Invoker.
func (w *world) Invoke(_ context.Context, invocation *integration.Invocation) (*integration.InvocationResult, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	text := "invoke " + invocation.FunctionArn + "\nsource " + invocation.SourceArn + "\n"
	if w.wholeEvent {
		text += "\n" + indentJSON(invocation.Payload) + "\n"
	}
	answer, seen := w.function, &w.outbound
	if strings.HasSuffix(invocation.FunctionArn, ":auth") {
		answer, seen = w.authorizer, &w.asked
	}
	*seen = text
	result := &integration.InvocationResult{StatusCode: 200, RequestId: "11111111-2222-3333-4444-555555555555", Latency: 12 * time.Millisecond}
	if name, ok := strings.CutPrefix(strings.TrimSpace(answer), "error "); ok {
		if name == "panic" {
			panic("as the fixture says")
		}
		return nil, functionErrors[name]
	}
	if rest, ok := strings.CutPrefix(answer, "FunctionError\n"); ok {
		answer, result.FunctionError = rest, "Unhandled"
	}
	result.Payload = []byte(strings.TrimSuffix(answer, "\n"))
	return result, nil
}

func indentJSON(payload []byte) string {
	var b bytes.Buffer
	if err := json.Indent(&b, payload, "", " "); err != nil {
		return printBody(payload)
	}
	return b.String()
}

// Begin implements record.Recorder.
func (w *world) Begin(*record.Notes) bool { return true }

// End implements record.Recorder.
func (w *world) End(n *record.Notes) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = n.Record()
}

// Write implements httpapi.AccessLogger.
func (w *world) Write(destinationArn, line string, _ time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.line = destinationArn + "\n" + line + "\n"
}

func printFault(r *record.Record) string {
	f := r.Fault
	if f == nil {
		return ""
	}
	text := string(f.Id()) + " " + f.Entry.Name + "\n"
	for _, part := range []struct{ label, text string }{
		{"checked", f.Checked}, {"found", f.Found}, {"wanted", f.Wanted}, {"nearest", f.Nearest}, {"fix", f.Fix},
	} {
		if part.text != "" {
			text += part.label + ": " + part.text + "\n"
		}
	}
	return text
}
