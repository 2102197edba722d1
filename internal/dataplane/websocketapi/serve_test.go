package websocketapi_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/compile/websocketapi/snapshottest"
	"gatehouse/internal/connections"
	"gatehouse/internal/integration"
)

// Source: guide, apigateway-websocket-api-routes-integrations.md (routes, $default), public
// reports (the form of error frames).
func TestRoutes(t *testing.T) {
	w := newWorld(t, `{"Routes": {
		"send": {"Answers": true, "Integration": {`+lambda+`}},
		"quiet": {"Integration": {`+lambda+`}},
		"fails": {"Integration": {`+lambda+`}},
		"$connect": {"Integration": {`+lambda+`}}, "$disconnect": {"Integration": {`+lambda+`}}}}`)
	w.function = func(call *integration.Invocation) (*integration.InvocationResult, error) {
		if !strings.HasPrefix(call.TraceId, "Root=1-") {
			t.Errorf("a function gets trace id %q", call.TraceId)
		}
		switch {
		case strings.Contains(string(call.Payload), `"routeKey":"fails"`):
			return nil, integration.ErrFunctionNotFound
		case strings.HasSuffix(call.SourceArn, "/prod/send"):
			return answer(`{"statusCode": 500, "body": "hello"}`), nil
		}
		return answer(`{"statusCode": 200, "body": "not shown"}`), nil
	}
	p := w.connect()
	connect := w.event(1)
	id, _ := at(connect, "requestContext.connectionId").(string)
	if at(connect, "requestContext.eventType") != "CONNECT" || len(id) != connections.IdLength {
		t.Errorf("event of $connect: %v", connect)
	}
	p.send(`{"action":"send"}`)
	p.expect("hello") // whatever its status
	if event := w.event(2); at(event, "body") != `{"action":"send"}` || at(event, "requestContext.routeKey") != "send" || at(event, "headers") != nil {
		t.Errorf("event of a message: %v", event)
	}
	p.send(`{"action":"quiet"}`)
	if event := w.event(3); at(event, "requestContext.connectionId") != id || at(event, "requestContext.messageId") == "" {
		t.Errorf("event of a message: %v", event)
	}
	p.send(`{"action":"fails"}`)
	wantFrame(t, p, "Internal server error", id)
	for _, message := range []string{`{"action":"nothing"}`, `not JSON`, `{"action":"$connect"}`, ``} {
		p.send(message)
		wantFrame(t, p, "Forbidden", id)
	}
	p.frame(ws.NewCloseFrame(ws.NewCloseFrameBody(4000, "bye")))
	if code, reason := p.closed(); code != 4000 || reason != "bye" {
		t.Errorf("closed with %d %q", code, reason)
	}
	p.ended()
	event := w.event(5)
	if at(event, "requestContext.disconnectStatusCode") != 4000.0 || at(event, "requestContext.disconnectReason") != "bye" ||
		at(event, "requestContext.eventType") != "DISCONNECT" || at(event, "headers.x-api-key") != "" || at(event, "body") != nil {
		t.Errorf("event of $disconnect: %v", event)
	}
}

func wantFrame(t *testing.T, p *peer, message, connectionId string) {
	t.Helper()
	got, _ := p.receive()
	if !strings.HasPrefix(got, `{"message": "`+message+`", "connectionId":"`+connectionId+`", "requestId":"`) {
		t.Errorf("received %s", got)
	}
}

// Source: guide, websocket-connect-route-subprotocol.md; 502 and 500 as in public reports.
func TestConnect(t *testing.T) {
	w := newWorld(t, `{"Routes": {"$connect": {"RequestParameters": {"route.request.querystring.token": true}, "Integration": {`+lambda+`}}}}`)
	for _, test := range []struct {
		path, answer string
		err          error
		status       int
		text         string
	}{
		{"/?token=1", `{"statusCode": 200, "headers": {"sec-websocket-protocol": "myprotocol"}}`, nil, 101, "Sec-Websocket-Protocol:[myprotocol]"},
		{"/?token=1", `{"statusCode": 204, "headers": {"Sec-WebSocket-Protocol": "a b"}}`, nil, 101, ""},
		{"/?token=1", `{"statusCode": 400}`, nil, 400, `"connectionId":"`},
		{"/?token=1", `{"statusCode": 401}`, nil, 401, ``},
		{"/?token=1", `null`, nil, 502, `{"message": "Internal server error", "connectionId":"`},
		{"/?token=1", ``, integration.ErrInvokeDenied, 500, `{"message": "Internal server error", "connectionId":"`},
		{"/", `{"statusCode": 200}`, nil, 400, `Missing required request parameters: [token]`},
		{"/elsewhere?token=1", `{"statusCode": 200}`, nil, 403, `Forbidden`},
	} {
		w.mu.Lock()
		w.function = func(*integration.Invocation) (*integration.InvocationResult, error) {
			return answer(test.answer), test.err
		}
		w.mu.Unlock()
		_, status, text := w.handshake(test.path)
		if status != test.status || !strings.Contains(text, test.text) {
			t.Errorf("%s answered %s: status %d: %s", test.path, test.answer, status, text)
		}
	}
	w.t.Cleanup(func() {
		if n := w.pipeline.Registry.Len(); n > 2 {
			t.Errorf("%d connections are kept", n)
		}
	})
}

// Source: RFC 6455, section 4.2.1; that API Gateway answers 426 is unconfirmed.
func TestHandshake_notAnUpgrade(t *testing.T) {
	w := newWorld(t, echo)
	for name, headers := range map[string][]string{
		"no upgrade": nil, "version 8": {"Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 8", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="},
		"no key": {"Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"},
	} {
		request, err := http.NewRequest(http.MethodGet, "http://"+w.address+"/", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		for _, header := range headers {
			name, value, _ := strings.Cut(header, ": ")
			request.Header.Set(name, value)
		}
		transport := &http.Transport{DisableKeepAlives: true}
		response, err := transport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusUpgradeRequired || response.Header.Get("Upgrade") != "websocket" {
			t.Errorf("%s: %s %v", name, response.Status, response.Header)
		}
	}
}

// Source: guide, limits.md (1009), websocket-api-develop-binary-media-types.md (1003); RFC 6455 otherwise.
func TestViolations(t *testing.T) {
	w := newWorld(t, echo)
	big := strings.Repeat("x", apigwv2.FramePayloadLimit)
	part := func(opCode ws.OpCode, fin bool, text string) []byte {
		return ws.MustCompileFrame(ws.MaskFrame(ws.NewFrame(opCode, fin, []byte(text))))
	}
	unmasked := ws.MustCompileFrame(ws.NewTextFrame([]byte("x")))
	reserved := part(ws.OpText, true, "x")
	reserved[0] |= 0x40
	for name, test := range map[string]struct {
		bytes []byte
		code  ws.StatusCode
	}{
		"binary":                    {part(ws.OpBinary, true, "x"), 1003},
		"frame too big":             {part(ws.OpText, true, big+"x"), 1009},
		"message too big":           {append(append(append(append(part(ws.OpText, false, big), part(ws.OpContinuation, false, big)...), part(ws.OpContinuation, false, big)...), part(ws.OpContinuation, false, big)...), part(ws.OpContinuation, true, "x")...), 1009},
		"not UTF-8":                 {part(ws.OpText, true, "\xff"), 1007},
		"UTF-8 cut by the end":      {append(part(ws.OpText, false, "\xe2\x82"), part(ws.OpContinuation, true, "")...), 1007},
		"unmasked":                  {unmasked, 1002},
		"reserved bit":              {reserved, 1002},
		"reserved operation":        {part(ws.OpCode(3), true, "x"), 1002},
		"continuation of nothing":   {part(ws.OpContinuation, true, "x"), 1002},
		"text within a message":     {append(part(ws.OpText, false, "x"), part(ws.OpText, true, "y")...), 1002},
		"fragmented ping":           {part(ws.OpPing, false, "x"), 1002},
		"long ping":                 {part(ws.OpPing, true, strings.Repeat("x", 126)), 1002},
		"close code 1005":           {part(ws.OpClose, true, "\x03\xed"), 1002},
		"close of one byte":         {part(ws.OpClose, true, "\x03"), 1002},
		"garbage":                   {[]byte("GET / HTTP/1.1\r\n\r\n"), 1002},
		"length of 64 bits, signed": {[]byte{0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0}, 1002},
	} {
		t.Run(name, func(t *testing.T) {
			p := w.connect()
			p.t = t
			if _, err := p.Write(test.bytes); err != nil {
				t.Fatal(err)
			}
			if code, reason := p.closed(); code != test.code {
				t.Errorf("closed with %d %q, want %d", code, reason, test.code)
			}
		})
	}
}

// Source: RFC 6455, sections 5.4 and 5.5.
func TestFragmentsAndControlFrames(t *testing.T) {
	w := newWorld(t, `{"Routes": {"$default": {"Answers": true, "Integration": {`+lambda+`}}}}`)
	w.function = func(call *integration.Invocation) (*integration.InvocationResult, error) {
		return answer(`{"statusCode": 200, "body": "€` + strings.Repeat("y", 70000) + `"}`), nil
	}
	p := w.connect()
	text := "€" + strings.Repeat("x", 4*apigwv2.FramePayloadLimit-3)
	for i := 0; i < 4; i++ {
		opCode := ws.OpContinuation
		if i == 0 {
			opCode = ws.OpText
		}
		p.frame(ws.NewFrame(opCode, i == 3, []byte(text[i*apigwv2.FramePayloadLimit:(i+1)*apigwv2.FramePayloadLimit])))
		if i == 3 {
			break // from here on the answer may come first
		}
		p.frame(ws.NewPingFrame([]byte{byte('0' + i)}))
		pong, err := ws.ReadFrame(p.reader) //nolint:staticcheck // our own server
		if err != nil || pong.Header.OpCode != ws.OpPong || string(pong.Payload) != string(rune('0'+i)) {
			t.Fatalf("pong %d: %v %v", i, pong, err)
		}
	}
	if event := w.event(1); at(event, "body") != text {
		t.Error("the message did not arrive whole")
	}
	if got, opCode := p.receive(); len(got) != 70003 || opCode != ws.OpText {
		t.Errorf("received %d bytes of %v", len(got), opCode)
	}
	p.frame(ws.NewPongFrame(nil))
	p.frame(ws.NewCloseFrame(nil))
	if code, _ := p.closed(); code != ws.StatusNoStatusRcvd && code != 0 {
		t.Errorf("closed with %d", code)
	}
}

// Source: guide, apigateway-how-to-call-websocket-api-connections.md; 1000 is unconfirmed.
func TestBackendPostsAndDeletes(t *testing.T) {
	w := newWorld(t, `{"Routes": {"$connect": {"Integration": {`+lambda+`}}, "$disconnect": {"Integration": {`+lambda+`}}}}`)
	var early error
	w.function = func(call *integration.Invocation) (*integration.InvocationResult, error) {
		if event := string(call.Payload); strings.Contains(event, `"CONNECT"`) {
			_, rest, _ := strings.Cut(event, `"connectionId":"`)
			id, _, _ := strings.Cut(rest, `"`)
			early = w.directory.Post(t.Context(), connections.Target{ConnectionId: id}, []byte("early"))
		}
		return answer(`{"statusCode": 200}`), nil
	}
	p := w.connect()
	var gone *connections.Gone
	if !errors.As(early, &gone) || !gone.Connecting {
		t.Errorf("posting inside of $connect: %v", early)
	}
	target := connections.Target{ConnectionId: at(w.event(1), "requestContext.connectionId").(string), ApiId: snapshottest.ApiId, StageName: "prod"}
	eventually(t, func() bool { _, err := w.directory.Get(t.Context(), target); return err == nil })
	for _, message := range []string{"hello", strings.Repeat("z", apigwv2.MessagePayloadLimit), ""} {
		if err := w.directory.Post(t.Context(), target, []byte(message)); err != nil {
			t.Fatal(err)
		}
		p.expect(message)
	}
	if err := w.directory.Post(t.Context(), target, []byte{0xff}); err != nil {
		t.Fatal(err)
	}
	if got, opCode := p.receive(); got != "\xff" || opCode != ws.OpBinary {
		t.Errorf("received %q as %v", got, opCode)
	}
	if err := w.directory.Delete(t.Context(), target); err != nil {
		t.Fatal(err)
	}
	if code, _ := p.closed(); code != ws.StatusNormalClosure {
		t.Errorf("closed with %d", code)
	}
	p.frame(ws.NewCloseFrame(ws.NewCloseFrameBody(1000, "")))
	p.ended()
	if event := w.event(2); at(event, "requestContext.disconnectStatusCode") != 1000.0 {
		t.Errorf("event of $disconnect: %v", event)
	}
	if err := w.directory.Post(t.Context(), target, []byte("late")); !errors.As(err, &gone) || !strings.Contains(err.Error(), "by the backend, code 1000") {
		t.Errorf("posting after the end: %v", err)
	}
}

func eventually(t testing.TB, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it never happened")
		}
	}
}

// Source: guide, limits.md; code 1001 is unconfirmed. A ping of the client keeps the
// connection until it is too old.
func TestIdleAndDuration(t *testing.T) {
	for name, row := range map[string]struct {
		pings int
		after time.Duration
	}{
		"idle":             {0, apigwv2.IdleConnectionTimeout},
		"idle after pings": {3, 3*9*time.Minute + apigwv2.IdleConnectionTimeout},
		"duration":         {13, apigwv2.ConnectionDuration},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, `{"Routes": {"$disconnect": {"Integration": {`+lambda+`}}}}`, overPipes)
				began := time.Now()
				p := w.connect()
				for range row.pings {
					time.Sleep(9 * time.Minute)
					p.ping()
				}
				if code, _ := p.closed(); code != ws.StatusGoingAway || time.Since(began) != row.after {
					t.Errorf("closed with %d after %s", code, time.Since(began))
				}
				_ = p.Close()
				if event := w.event(1); at(event, "requestContext.disconnectStatusCode") != 1001.0 {
					t.Errorf("event of $disconnect: %v", event)
				}
			})
		})
	}
}

// A clock that is set makes nobody idle: what is compared has its monotonic reading.
func TestActivityIsMonotonic(t *testing.T) {
	w := newWorld(t, echo)
	w.connect()
	for _, socket := range w.pipeline.Registry.Sockets() {
		if at := socket.LastActive(); !strings.Contains(at.String(), " m=") {
			t.Errorf("last active at %s", at)
		}
	}
	if count := len(w.pipeline.Registry.Sockets()); count != 1 {
		t.Errorf("%d sockets", count)
	}
}

// What a backend sends keeps a connection alive as well.
func TestActivityKeepsAConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, `{"Routes": {"$connect": {"Integration": {`+lambda+`}}}}`, overPipes)
		p := w.connect()
		target := connections.Target{ConnectionId: at(w.event(1), "requestContext.connectionId").(string)}
		for range 8 {
			time.Sleep(9 * time.Minute)
			if err := w.directory.Post(t.Context(), target, []byte("still there")); err != nil {
				t.Fatal(err)
			}
			p.expect("still there")
		}
	})
}

// A client that does not read is disconnected, and what waits for it stays bounded.
func TestSlowClient(t *testing.T) {
	w := newWorld(t, `{"Routes": {"$connect": {"Integration": {`+lambda+`}}, "$disconnect": {"Integration": {`+lambda+`}}}}`)
	w.connect()
	target := connections.Target{ConnectionId: at(w.event(1), "requestContext.connectionId").(string)}
	message := []byte(strings.Repeat("x", apigwv2.MessagePayloadLimit))
	posted := 0
	for ; posted < 1000; posted++ {
		if err := w.directory.Post(t.Context(), target, message); err != nil {
			break
		}
	}
	if posted == 1000 {
		t.Fatal("a client that reads nothing was sent 125 MB")
	}
	if event := w.event(2); at(event, "requestContext.disconnectStatusCode") != 1008.0 {
		t.Errorf("event of $disconnect: %v", event)
	}
}

// A connection that breaks is told as 1006.
func TestBrokenConnection(t *testing.T) {
	w := newWorld(t, `{"Routes": {"$disconnect": {"Integration": {`+lambda+`}}}}`)
	_ = w.connect().Close()
	if event := w.event(1); at(event, "requestContext.disconnectStatusCode") != 1006.0 {
		t.Errorf("event of $disconnect: %v", event)
	}
}
