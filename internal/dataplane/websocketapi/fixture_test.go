package websocketapi

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	compiler "gatehouse/internal/compile/websocketapi"
	"gatehouse/internal/compile/websocketapi/snapshottest"
	"gatehouse/internal/connections"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fixture"
	"gatehouse/internal/integration"
	"gatehouse/internal/throttle"
)

var update = flag.Bool("update", false, "rewrite the expected sections of the fixtures")

// TestBehaviour serves the messages of each fixture to one connection:
//
//	api       a snapshottest API
//	stage     an apigwv2.Stage; "prod" without one
//	function  what the function answers: JSON, "error", or "FunctionError" and JSON
//	backend   what the HTTP backend answers: a status code, a line end, a body
//	message   what the client sends; message 2, message 3 … follow
//	outbound  what the backend gets
//	frames    what the client gets
//	fault     what the diagnosis says; absent for a complete exchange
func TestBehaviour(t *testing.T) {
	fixture.Each(t, "testdata/*.txtar", func(t *testing.T, archive *fixture.Archive) {
		f := newWorld(t, archive)
		var got []fixture.Section
		for i := 1; ; i++ {
			suffix := ""
			if i > 1 {
				suffix = " " + strconv.Itoa(i)
			}
			message, ok := archive.Get("message" + suffix)
			if !ok {
				break
			}
			f.outbound, f.fault = "", ""
			frames := f.exchange(strings.TrimSuffix(message, "\n"))
			got = append(got, fixture.Section{Name: "outbound" + suffix, Text: f.outbound},
				fixture.Section{Name: "frames" + suffix, Text: frames}, fixture.Section{Name: "fault" + suffix, Text: f.fault})
		}
		archive.Check(t, update, got...)
	})
}

type world struct {
	t                 *testing.T
	client            *client
	peer              net.Conn
	function, backend string
	outbound, fault   string
}

func newWorld(t *testing.T, archive *fixture.Archive) *world {
	t.Helper()
	f := &world{t: t}
	f.function, _ = archive.Get("function")
	f.backend, _ = archive.Get("backend")
	api, _ := archive.Get("api")
	snapshot, err := snapshottest.Parse([]byte(api))
	if err != nil {
		t.Fatal(err)
	}
	stage := apigwv2.Stage{StageName: "prod", DeploymentId: "d1"}
	if section, ok := archive.Get("stage"); ok {
		if err := json.Unmarshal([]byte(section), &stage); err != nil {
			t.Fatal(err)
		}
	}
	compiled, _ := compiler.Compile(&snapshot, &stage, compiler.Options{Scope: apigw.Scope{Account: "123456789012", Region: "us-east-1"}})
	now := func() time.Time { return time.Date(2025, time.January, 2, 3, 4, 5, 678e6, time.UTC) }
	random := func() uint64 { return 0x0123456789abcdef }
	registry := connections.NewRegistry(&connections.Ids{Key: make([]byte, 32), Random: random}, connections.NodeOf("here"), now)
	p := &Pipeline{
		Registry: registry, Limits: DefaultLimits(), Backends: f, Functions: f, Throttles: throttle.New(now), Recorder: f, Now: now, Random: random,
	}
	ours, theirs := net.Pipe()
	t.Cleanup(func() { _ = theirs.Close() })
	f.peer = theirs
	f.client = &client{
		pipeline: p, stage: compiled, socket: timeless{ours}, domainName: "a1b2c3d4e5.execute-api.localhost",
		connection: registry.Begin(connections.Stage{AccountId: "123456789012", Region: "us-east-1", ApiId: snapshottest.ApiId, StageName: "prod"}, "192.0.2.1", "agent/1"),
	}
	return f
}

// timeless has no deadlines: the fixtures' clock stands still.
type timeless struct{ net.Conn }

func (timeless) SetWriteDeadline(time.Time) error { return nil }

// exchange serves one message and returns the frames that came of it.
func (f *world) exchange(message string) string {
	go func() {
		f.client.pipeline.message(f.client, []byte(message))
		_ = f.client.enqueue(ws.OpPong, nil) // behind everything that the message was answered with
	}()
	var frames strings.Builder
	for {
		frame, err := ws.ReadFrame(f.peer) //nolint:staticcheck // our own frames
		if err != nil {
			f.t.Fatal(err)
		}
		if frame.Header.OpCode == ws.OpPong {
			return frames.String()
		}
		fmt.Fprintf(&frames, "%s\n", frame.Payload)
	}
}

// Invoke implements integration.Invoker.
func (f *world) Invoke(_ context.Context, call *integration.Invocation) (*integration.InvocationResult, error) {
	f.outbound = "invoke " + call.FunctionArn + "\nsource " + call.SourceArn + "\n"
	if call.Async {
		f.outbound += "asynchronously\n"
	}
	f.outbound += string(call.Payload) + "\n"
	if f.function == "error\n" {
		return nil, errors.New("the function is away")
	}
	payload, failed := strings.CutPrefix(f.function, "FunctionError\n")
	result := &integration.InvocationResult{StatusCode: http.StatusOK, Payload: []byte(payload)}
	if failed {
		result.FunctionError = "Unhandled"
	}
	return result, nil
}

// Call implements Backends.
func (f *world) Call(_ context.Context, request *integration.Request) (*integration.Response, error) {
	lines := []string{request.Method + " " + request.URL}
	for name, values := range request.Header {
		lines = append(lines, name+": "+strings.Join(values, ","))
	}
	slices.Sort(lines[1:])
	f.outbound = strings.Join(lines, "\n") + "\n\n" + string(request.Body) + "\n"
	status, body, _ := strings.Cut(f.backend, "\n")
	code, err := strconv.Atoi(status)
	if err != nil {
		return nil, &integration.Failure{Kind: integration.FailureKind(status), Address: "backend", Err: errors.New(status)}
	}
	return &integration.Response{StatusCode: code, Header: http.Header{"X-Kind": {"a"}}, Body: []byte(strings.TrimSuffix(body, "\n"))}, nil
}

// Begin implements record.Recorder.
func (f *world) Begin(*record.Notes) {}

// End implements record.Recorder.
func (f *world) End(r *record.Notes) {
	if r.Fault != nil {
		f.fault = r.Fault.Error() + "\n"
	}
}
