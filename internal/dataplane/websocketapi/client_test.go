package websocketapi_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
	"go.uber.org/goleak"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/authorizer"
	compiler "gatehouse/internal/compile/websocketapi"
	"gatehouse/internal/compile/websocketapi/snapshottest"
	"gatehouse/internal/connections"
	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/dataplane/websocketapi"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
	"gatehouse/internal/rawheader"
	"gatehouse/internal/throttle"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a server of one WebSocket API, with its functions, backend and connections.
type world struct {
	t         testing.TB
	pipeline  *websocketapi.Pipeline
	directory *connections.Directory
	stage     *plan.WebSocketStage
	address   string
	// dial connects a client; a test that decides about time sets it to that of pipes.
	dial func() (net.Conn, error)

	mu       sync.Mutex
	events   []string // what functions were sent, in order
	function func(*integration.Invocation) (*integration.InvocationResult, error)
	backend  func(*integration.Request) (*integration.Response, error)
	sent     []integration.Request
	arrived  chan struct{} // one for each event
	lines    []string
}

func (w *world) Invoke(_ context.Context, call *integration.Invocation) (*integration.InvocationResult, error) {
	w.mu.Lock()
	w.events = append(w.events, string(call.Payload))
	function := w.function
	w.mu.Unlock()
	select {
	case w.arrived <- struct{}{}:
	default:
	}
	if function == nil {
		return answer(`{"statusCode": 200}`), nil
	}
	return function(call)
}

func answer(payload string) *integration.InvocationResult {
	return &integration.InvocationResult{StatusCode: 200, Payload: []byte(payload)}
}

func (w *world) Call(_ context.Context, request *integration.Request) (*integration.Response, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent = append(w.sent, *request)
	return w.backend(request)
}

func (w *world) Write(_ string, line string, _ time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines = append(w.lines, line)
}

// event waits until functions were sent n events and returns the n-th.
func (w *world) event(n int) map[string]any {
	w.t.Helper()
	deadline := time.After(patience)
	for {
		w.mu.Lock()
		if len(w.events) >= n {
			text := w.events[n-1]
			w.mu.Unlock()
			var event map[string]any
			if err := json.Unmarshal([]byte(text), &event); err != nil {
				w.t.Fatalf("event %d: %v: %s", n, err, text)
			}
			return event
		}
		w.mu.Unlock()
		select {
		case <-w.arrived:
		case <-deadline:
			w.t.Fatalf("event %d never came", n)
		}
	}
}

func at(event map[string]any, path string) any {
	var found any = event
	for name := range strings.SplitSeq(path, ".") {
		object, _ := found.(map[string]any)
		found = object[name]
	}
	return found
}

const lambda = `"IntegrationType": "AWS_PROXY", "IntegrationMethod": "POST", "IntegrationUri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations"`

// echo is an API whose messages come back.
const echo = `{"Routes": {"$default": {"Answers": true, "Integration": {"IntegrationType": "MOCK", "RequestTemplates": {"$default": "{\"statusCode\":200}"}},
 "IntegrationResponses": {"$default": {"ResponseTemplates": {"$default": "pong"}}}}}}`

func newWorld(t testing.TB, api string, change ...func(*world)) *world {
	t.Helper()
	snapshot, err := snapshottest.Parse([]byte(api))
	if err != nil {
		t.Fatal(err)
	}
	return newWorldOf(t, &snapshot, apigwv2.Stage{StageName: "prod", DeploymentId: "d1"}, change...)
}

func newWorldOf(t testing.TB, snapshot *apigwv2.Snapshot, stage apigwv2.Stage, change ...func(*world)) *world {
	t.Helper()
	w := &world{t: t, arrived: make(chan struct{}, 100)}
	w.stage, _ = compiler.Compile(snapshot, &stage, compiler.Options{Scope: apigw.Scope{Account: "123456789012", Region: "us-east-1"}})
	ids := &connections.Ids{Key: make([]byte, 32), Random: rand.Uint64}
	node := connections.NodeOf("here")
	registry := connections.NewRegistry(ids, node, time.Now)
	w.directory = &connections.Directory{Ids: ids, Node: node, Registry: registry}
	w.pipeline = &websocketapi.Pipeline{
		Registry: registry, Limits: websocketapi.DefaultLimits(), Backends: w, Functions: w, Throttles: throttle.New(time.Now),
		Authorizers: &authorizer.Functions{Invoker: w, Cache: authorizer.NewCache(time.Now)}, AccessLogger: w,
		Now: time.Now, Random: rand.Uint64,
	}
	for _, c := range change {
		c(w)
	}
	if w.dial == nil {
		w.listen()
	}
	return w
}

func (w *world) listen() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	w.address = listener.Addr().String()
	w.dial = func() (net.Conn, error) {
		socket, err := net.Dial("tcp", w.address)
		if err == nil {
			err = socket.SetDeadline(time.Now().Add(patience))
		}
		return socket, err
	}
	w.serveAt(listener)
}

// patience is how long these tests wait for what has to come, however busy the machine is.
const patience = time.Minute

// pipes is a listener without sockets: within a bubble of synctest, time passes only once
// nobody has anything to do.
type pipes struct {
	accepted chan net.Conn
	closed   chan struct{}
	once     sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.accepted:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { p.once.Do(func() { close(p.closed) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// overPipes lets clients connect over pipes.
func overPipes(w *world) {
	listener := &pipes{accepted: make(chan net.Conn), closed: make(chan struct{})}
	w.dial = func() (net.Conn, error) {
		ours, theirs := net.Pipe()
		listener.accepted <- theirs
		return ours, nil
	}
	w.serveAt(listener)
}

func (w *world) serveAt(listener net.Listener) {
	server := &http.Server{Handler: http.HandlerFunc(w.serve), ConnContext: rawheader.ConnContext, ReadHeaderTimeout: time.Minute}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = server.Serve(rawheader.Listener(listener)) }()
	w.t.Cleanup(func() {
		_ = server.Close()
		<-ended
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := w.pipeline.Close(ctx); err != nil {
			w.t.Error(err)
		}
	})
}

// serve is what package dataplane does before the pipeline.
func (w *world) serve(writer http.ResponseWriter, r *http.Request) {
	in := &inbound.Request{HTTP: r, RequestId: "00000000-0000-4000-8000-000000000001", TraceId: "Root=1-2-3", Received: time.Now(),
		Path: r.URL.Path, Host: "a1b2c3d4e5.execute-api.localhost", SourceIp: "127.0.0.1", Query: inbound.ParseQuery(r.URL.RawQuery), DefaultEndpoint: true}
	for _, field := range rawheader.Fields(r) {
		if !integration.DropsRequestHeader(field.Name) {
			in.Headers = append(in.Headers, integration.Field(field))
		}
	}
	w.pipeline.Serve(writer, w.stage, in)
}

// peer is the client's end of a connection.
type peer struct {
	t testing.TB
	net.Conn
	reader *bufio.Reader
}

// connect makes a connection that must succeed.
func (w *world) connect(headers ...string) *peer {
	w.t.Helper()
	p, status, head := w.handshake("/", headers...)
	if status != http.StatusSwitchingProtocols {
		w.t.Fatalf("the handshake was answered with %d: %s", status, head)
	}
	return p
}

// handshake sends a handshake and reads the answer's head, and the body of a refusal.
func (w *world) handshake(path string, headers ...string) (*peer, int, string) {
	w.t.Helper()
	socket, err := w.dial()
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = socket.Close() })
	lines := append([]string{
		"GET " + path + " HTTP/1.1", "Host: a1b2c3d4e5.execute-api.localhost", "Upgrade: websocket", "Connection: keep-alive, Upgrade",
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", "User-Agent: test/1",
	}, headers...)
	if _, err := io.WriteString(socket, strings.Join(lines, "\r\n")+"\r\n\r\n"); err != nil {
		w.t.Fatal(err)
	}
	reader := bufio.NewReader(socket)
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	text := fmt.Sprint(response.Header)
	if response.StatusCode != http.StatusSwitchingProtocols {
		body, _ := io.ReadAll(response.Body)
		text += "\n" + string(body)
	} else if got := response.Header.Get("Sec-WebSocket-Accept"); got != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		w.t.Errorf("Sec-WebSocket-Accept %q", got) // RFC 6455, section 1.3
	}
	return &peer{t: w.t, Conn: socket, reader: reader}, response.StatusCode, text
}

// send sends a text message.
func (p *peer) send(text string) {
	p.t.Helper()
	p.frame(ws.NewTextFrame([]byte(text)))
}

func (p *peer) frame(f ws.Frame) {
	p.t.Helper()
	if err := ws.WriteFrame(p.Conn, ws.MaskFrame(f)); err != nil {
		p.t.Fatal(err)
	}
}

// ping sends a ping and waits for its pong.
func (p *peer) ping() {
	p.t.Helper()
	p.frame(ws.NewPingFrame(nil))
	if f, err := ws.ReadFrame(p.reader); err != nil || f.Header.OpCode != ws.OpPong { //nolint:staticcheck // our own server
		p.t.Fatalf("waiting for a pong: %v %v", f.Header, err)
	}
}

// receive reads the next message, its frames joined.
func (p *peer) receive() (string, ws.OpCode) {
	p.t.Helper()
	data, opCode, err := wsutil.ReadData(struct {
		io.Reader
		io.Writer
	}{p.reader, p.Conn}, ws.StateClientSide)
	if err != nil {
		p.t.Fatalf("receiving: %v", err)
	}
	return string(data), opCode
}

func (p *peer) expect(want string) {
	p.t.Helper()
	if got, _ := p.receive(); got != want {
		p.t.Errorf("received %q, want %q", got, want)
	}
}

// closed reads up to the close frame and returns its code and reason.
func (p *peer) closed() (ws.StatusCode, string) {
	p.t.Helper()
	for {
		f, err := ws.ReadFrame(p.reader) //nolint:staticcheck // the peer is our own server
		if err != nil {
			p.t.Fatalf("waiting for a close frame: %v", err)
		}
		if f.Header.OpCode == ws.OpClose {
			code, reason := ws.ParseCloseFrameData(f.Payload)
			return code, reason
		}
	}
}

// ended waits for the end of the stream.
func (p *peer) ended() {
	p.t.Helper()
	if _, err := io.Copy(io.Discard, p.reader); err != nil && !errors.Is(err, net.ErrClosed) && !strings.Contains(err.Error(), "reset") {
		p.t.Errorf("waiting for the end: %v", err)
	}
}
