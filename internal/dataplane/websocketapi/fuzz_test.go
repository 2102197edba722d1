package websocketapi

import (
	"bytes"
	"errors"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/gobwas/ws"

	"gatehouse/internal/connections"
	"gatehouse/internal/mapping"
	"gatehouse/internal/plan"
)

// FuzzFrames reads anything as frames: a message that comes out is UTF-8 within the
// limits, and an end is an error of the reader or a violation with a code to close with.
func FuzzFrames(f *testing.F) {
	f.Add([]byte("\x81\x85\x00\x00\x00\x00hello\x88\x82\x00\x00\x00\x00\x03\xe8"))
	f.Add([]byte("\x01\x81\x01\x02\x03\x04a\x89\x80\x01\x02\x03\x04\x80\x81\x01\x02\x03\x04b"))
	f.Add([]byte("\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Add([]byte("\x82\x80\x00\x00\x00\x00"))
	limits := Limits{MessagePayload: 64, FramePayload: 32}
	f.Fuzz(func(t *testing.T, sent []byte) {
		reader := &frames{from: bytes.NewReader(sent), limits: &limits}
		for {
			frame, err := reader.next()
			if err != nil {
				var broken *violation
				if errors.As(err, &broken) && (broken.code < 1002 || broken.code > 1009 || broken.reason == "") {
					t.Fatalf("a violation that cannot be sent: %+v", broken)
				}
				return
			}
			if frame.opCode == ws.OpText && (!utf8.Valid(frame.payload) || len(frame.payload) > limits.MessagePayload) {
				t.Fatalf("a message of %d bytes, UTF-8 %t", len(frame.payload), utf8.Valid(frame.payload))
			}
			if len(reader.partial) > limits.MessagePayload {
				t.Fatalf("%d bytes are kept", len(reader.partial))
			}
		}
	})
}

// FuzzSelectRoute selects by anything: a client reaches no predefined route but $default.
func FuzzSelectRoute(f *testing.F) {
	f.Add("$request.body.action", `{"action":"send"}`)
	f.Add("${request.body.a}/${request.body.b[0]}", `{"a":"x","b":[1]}`)
	f.Add(`\$connect`, `{}`)
	f.Add("$request.body..action", `[[[`)
	f.Fuzz(func(t *testing.T, expression, message string) {
		selection, err := mapping.CompileSelection(expression)
		if err != nil {
			return
		}
		api := &plan.WebSocketApi{RouteSelection: selection}
		api.SetRoutes([]*plan.WebSocketRoute{{RouteKey: "$connect"}, {RouteKey: "$default"}, {RouteKey: "$disconnect"}, {RouteKey: "send"}})
		stage := &plan.WebSocketStage{Api: api, Settings: make([]plan.WebSocketRouteSettings, len(api.Routes))}
		p := &Pipeline{Now: time.Now, Random: func() uint64 { return 0 }}
		e := p.newExchange(stage, eventMessage)
		e.connection, e.message = &connections.Connection{}, []byte(message)
		if fault := selectRoute(e); fault != nil || e.route.RouteKey == "$connect" || e.route.RouteKey == "$disconnect" {
			t.Fatalf("%q over %q selects %v: %v", expression, message, e.route, fault)
		}
	})
}

// What is written is what a client reads, whatever its length.
func TestAppendFrames(t *testing.T) {
	for _, length := range []int{0, 1, 125, 126, 127, 65535, 65536, 70000} {
		for _, limit := range []int{100, 32768, 1 << 20} {
			message := bytes.Repeat([]byte("x"), length)
			reader := bytes.NewReader(appendFrames(nil, ws.OpText, message, limit))
			var got []byte
			for final := false; !final; {
				frame, err := ws.ReadFrame(reader) //nolint:staticcheck // our own frames
				if err != nil || len(frame.Payload) > limit {
					t.Fatalf("%d in %d: %d bytes, %v", length, limit, len(frame.Payload), err)
				}
				got, final = append(got, frame.Payload...), frame.Header.Fin
			}
			if !bytes.Equal(got, message) || reader.Len() != 0 {
				t.Errorf("%d in %d: %d bytes, %d are left", length, limit, len(got), reader.Len())
			}
		}
	}
}
