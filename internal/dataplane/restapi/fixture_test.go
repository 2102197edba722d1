package restapi_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/apigw"
	"gatehouse/internal/authorizer"
	compiler "gatehouse/internal/compile/restapi"
	"gatehouse/internal/dataplane"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/dataplane/restapi"
	"gatehouse/internal/dataplane/stagecache"
	"gatehouse/internal/deployment/deploymenttest"
	"gatehouse/internal/fixture"
	"gatehouse/internal/integration"
	"gatehouse/internal/origin"
	"gatehouse/internal/plan"
	"gatehouse/internal/rawheader"
	"gatehouse/internal/throttle"
)

var update = flag.Bool("update", false, "rewrite the expected sections of the fixtures")

// TestBehaviour serves each fixture over a real connection:
//
//	api        a deploymenttest API
//	stage      an apigw.Stage; "prod" without one
//	backend    what the HTTP backend answers, as HTTP, or "failure {kind}"
//	backend 2, function 2 … hold from that request on
//	function   what the function answers: JSON, "error {name}", or "FunctionError" and JSON
//	authorizer what the function named auth answers: JSON, or "FunctionError" and JSON
//	vpc endpoint  the VPC endpoint that requests arrive at, "vpce-…,vpc-…"
//	usage plans  keys and plans, as usagePlansFile (check_usage_plan_test.go)
//	request    what the client sends, as HTTP; request 2, request 3 … follow
//	asked      what the authorizer is sent
//	outbound   what the backend gets
//	response   what the client gets
//	fault      what the diagnosis says; absent for a complete exchange
//	record     the steps and facts, where a fixture has the section
//	access log the line, where the stage writes one
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
	first, _, _ := strings.Cut(archive.Comment, "\n")
	if !strings.HasPrefix(first, "Source: ") {
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
		world.answerFrom(archive, suffix)
		got := world.exchange(t, request)
		for _, name := range []string{"asked", "outbound", "response", "fault", "record", "access log"} {
			compareSection(t, archive, name+suffix, got[name])
		}
	}
	if *update {
		if err := archive.Write(path); err != nil {
			t.Fatal(err)
		}
	}
}

// answerFrom lets the backend and the function answer something else from a request on.
func (w *world) answerFrom(archive *fixture.Archive, suffix string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if backend, ok := archive.Get("backend" + suffix); ok {
		w.backend = backend
	}
	if function, ok := archive.Get("function" + suffix); ok {
		w.function = function
	}
}

func compareSection(t *testing.T, archive *fixture.Archive, name, got string) {
	want, ok := archive.Get(name)
	if strings.HasPrefix(name, "record") && !ok {
		return
	}
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

const (
	testAccount = "123456789012"
	testRegion  = "us-east-1"
)

// world is everything around one API: its backend, its client, its clock.
type world struct {
	serving  sync.WaitGroup // the requests that the handler has not left
	mu       sync.Mutex
	backend  string
	function string
	// authorizerAnswer is what the function named auth answers; asked is what it was sent.
	authorizerAnswer, asked string
	token                   string
	outbound                string
	line                    string // of the access log
	last                    *record.Record
	encoded                 []byte // last, as it is kept
	random                  uint64
	address                 string
	// redacts keeps records as the server does by default.
	redacts bool
	// wholeEvent prints the events of AWS_PROXY; their fixtures have "event" in the name.
	wholeEvent bool
}

func newWorld(t *testing.T, archive *fixture.Archive) *world {
	t.Helper()
	w := &world{}
	w.backend, _ = archive.Get("backend")
	w.function, _ = archive.Get("function")
	w.authorizerAnswer, _ = archive.Get("authorizer")
	throttles := throttle.New(fixedNow)
	caches, err := stagecache.New(64<<20, fixedNow, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(caches.Close)
	handler := &dataplane.Handler{
		Published: func() *plan.Table { return nil }, Now: func() time.Time { return fixedTime }, Random: w.nextRandom,
		Rest: &restapi.Pipeline{
			Backends: w, Functions: w, Throttles: throttles, StageCaches: caches, UsagePlans: checkerOf(t, archive, throttles), Recorder: w, AccessLogger: w,
			Now: func() time.Time { return fixedTime }, Random: w.nextRandom, Authenticator: testSigner(),
			Authorizers: &authorizer.Functions{Invoker: w, Cache: authorizer.NewCache(fixedNow)},
			Tokens:      authorizer.NewTokens(authorizer.NewKeySets(provider{}, fixedNow), fixedNow), UserPoolIssuer: testIssuerOf,
		},
	}
	table := compileTable(t, archive)
	handler.Published = func() *plan.Table { return table }
	w.listen(t, atVpcEndpoint(t, archive, handler))
	return w
}

func atVpcEndpoint(t *testing.T, archive *fixture.Archive, handler *dataplane.Handler) http.Handler {
	t.Helper()
	ids, ok := archive.Get("vpc endpoint")
	if !ok {
		return handler
	}
	endpoint, err := origin.ParseVpcEndpoint(strings.TrimSpace(ids) + "=127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return handler.At(endpoint)
}

func compileTable(t *testing.T, archive *fixture.Archive) *plan.Table {
	t.Helper()
	api, _ := archive.Get("api")
	snapshot, err := deploymenttest.Parse([]byte(api))
	if err != nil {
		t.Fatal(err)
	}
	stage := apigw.Stage{StageName: "prod", DeploymentId: "d1"}
	if text, ok := archive.Get("stage"); ok {
		if err := json.Unmarshal([]byte(text), &stage); err != nil {
			t.Fatal(err)
		}
	}
	compiled, _ := compiler.Compile(&snapshot, &stage, compiler.Options{Scope: apigw.Scope{Account: testAccount, Region: testRegion}})
	served := &plan.Api{Id: snapshot.RestApi.Id, Stages: map[string]*plan.RestStage{stage.StageName: compiled}}
	return plan.NewTable(1, map[string]*plan.Api{served.Id: served})
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
	w.asked, w.token, w.outbound, w.line, w.last = "", "", "", "", nil
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
	reader := bufio.NewReader(connection)
	got := map[string]string{"response": printResponse(t, reader, strings.HasPrefix(request, "HEAD "))}
	w.waitForEnd(got)
	w.hideToken(got)
	return got
}

// waitForEnd collects what the pipeline leaves behind after it has written.
func (w *world) waitForEnd(got map[string]string) {
	w.serving.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	got["asked"], got["outbound"], got["access log"] = w.asked, w.outbound, w.line
	if w.last != nil {
		got["fault"], got["record"] = printFault(w.last), printRecord(w.last)
	}
}

// repeats is {{a*100}}, a hundred times "a".
var repeats = regexp.MustCompile(`\{\{(.)\*(\d+)\}\}`)

// requestBytes makes HTTP of a fixture's request: line ends, Content-Length, a base64
// body, a signature.
func (w *world) requestBytes(t *testing.T, text string) []byte {
	t.Helper()
	text = repeats.ReplaceAllStringFunc(text, func(match string) string {
		parts := repeats.FindStringSubmatch(match)
		count, _ := strconv.Atoi(parts[2])
		return strings.Repeat(parts[1], count)
	})
	head, body, _ := strings.Cut(text, "\n\n")
	body = strings.TrimSuffix(body, "\n")
	lines := strings.Split(strings.TrimSuffix(head, "\n"), "\n")
	content := fixtureBody(t, body)
	if !strings.Contains(head, "Host:") {
		lines = append(lines, "Host: "+deploymenttest.ApiId+".execute-api.us-east-1.amazonaws.com")
	}
	lines = w.tokenLines(t, lines)
	lines = signLines(t, lines, content)
	lower := strings.ToLower(head)
	if len(content) > 0 && !strings.Contains(lower, "content-length:") && !strings.Contains(lower, "transfer-encoding:") {
		lines = append(lines, "Content-Length: "+strconv.Itoa(len(content)))
	}
	return append([]byte(strings.Join(lines, "\r\n")+"\r\n\r\n"), content...)
}

// fixtureBody is a body of a fixture: text, "base64:…", "size:N", or with \r\n and \x00
// written out.
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
	return []byte(strings.ReplaceAll(body, `\r\n`, "\r\n"))
}

// printResponse prints what came over the wire, headers in order of names as they
// were spelled, without Date.
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

// Call implements restapi.Backends.
func (w *world) Call(_ context.Context, request *integration.Request) (*integration.Response, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.outbound = printOutbound(request)
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
	if encoded, ok := strings.CutPrefix(string(content), "base64:"); ok {
		content, err = base64.StdEncoding.DecodeString(encoded)
	}
	return &integration.Response{StatusCode: answer.StatusCode, Header: answer.Header, Body: content, Latency: 12 * time.Millisecond}, err
}

func printOutbound(request *integration.Request) string {
	lines := []string{request.Method + " " + request.URL}
	if request.Host != "" {
		lines = append(lines, "Host: "+request.Host)
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

var functionErrors = map[string]error{
	"denied":    &integration.InvokeDenied{FunctionArn: "f", SourceArn: "s", Nearest: `statement "apigw-test" allows another stage`},
	"not-found": integration.ErrFunctionNotFound, "throttled": integration.ErrInvokeThrottled, "timeout": integration.ErrInvokeTimeout,
	"too-large": integration.ErrInvokeTooLarge, "panic": nil,
}

// Invoke implements integration.Invoker.
func (w *world) Invoke(_ context.Context, invocation *integration.Invocation) (*integration.InvocationResult, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if strings.HasSuffix(invocation.FunctionArn, ":auth") {
		return w.answerAuthorizer(invocation), nil
	}
	w.outbound = "invoke " + invocation.FunctionArn + "\nsource " + invocation.SourceArn + "\n"
	result := &integration.InvocationResult{StatusCode: 200, RequestId: "11111111-2222-3333-4444-555555555555", Latency: 12 * time.Millisecond}
	if invocation.Async {
		w.outbound += "asynchronous\n"
		result.StatusCode = 202
	}
	if w.wholeEvent || !bytes.HasPrefix(invocation.Payload, []byte(`{"resource":`)) {
		w.outbound += "\n" + indentJSON(invocation.Payload) + "\n"
	}
	if name, ok := strings.CutPrefix(strings.TrimSpace(w.function), "error "); ok {
		if name == "panic" {
			panic("as the fixture says")
		}
		return nil, functionErrors[name]
	}
	payload := w.function
	if rest, ok := strings.CutPrefix(payload, "FunctionError\n"); ok {
		payload, result.FunctionError = rest, "Unhandled"
	}
	if !invocation.Async {
		result.Payload = []byte(strings.TrimSuffix(payload, "\n"))
	}
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
func (w *world) Begin(n *record.Notes) bool {
	n.Redacted = w.redacts
	return true
}

// End implements record.Recorder.
func (w *world) End(n *record.Notes) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last, w.encoded = n.Record(), bytes.Clone(n.Encode())
}

// Write implements restapi.AccessLogger.
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
		{"validation error", f.ValidationError}, {"log", f.LogLine},
	} {
		if part.text != "" {
			text += part.label + ": " + part.text + "\n"
		}
	}
	return text
}

func printRecord(r *record.Record) string {
	var b strings.Builder
	for _, step := range r.Steps {
		b.WriteString(step.Name + "\n")
		for _, fact := range step.Facts {
			b.WriteString("  " + fact.Kind.String() + ": " + fact.Text)
			for _, field := range fact.Fields {
				b.WriteString(" " + field.Name + "=" + field.Value)
			}
			b.WriteString(strings.ReplaceAll(string(fact.Body), "\n", `\n`) + "\n")
		}
	}
	return b.String()
}
