package connections

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Source: ours; that ids end in "=" is the guide's example
// (apigateway-how-to-call-websocket-api-connections.md).

type socket struct {
	sent         []string
	disconnected bool
	closed       bool
	ending       *Closing
	at           time.Time
}

func (s *socket) Send(message []byte) error {
	if s.closed {
		return ErrClosed
	}
	s.sent = append(s.sent, string(message))
	return nil
}
func (s *socket) Disconnect()           { s.disconnected = true }
func (s *socket) LastActive() time.Time { return s.at }
func (s *socket) Ending() *Closing      { return s.ending }

var (
	start = time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)
	stage = Stage{AccountId: "123456789012", Region: "us-east-1", ApiId: "a1b2c3d4e5", StageName: "prod"}
	here  = NodeOf("here")
	there = NodeOf("there")
)

func newIds() *Ids {
	number := uint64(0)
	return &Ids{Key: bytes.Repeat([]byte{7}, 32), Random: func() uint64 { number++; return number }}
}

func newDirectory(node Node, now func() time.Time) *Directory {
	ids := newIds()
	return &Directory{Ids: ids, Node: node, Registry: NewRegistry(ids, node, now)}
}

func at(moment time.Time) func() time.Time { return func() time.Time { return moment } }

func TestIds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		random := rapid.Uint64().Draw(t, "random")
		node := Node(rapid.Uint32().Draw(t, "node"))
		ids := &Ids{Key: rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "key"), Random: func() uint64 { return random }}
		id := ids.New(node)
		if len(id) != IdLength || !strings.HasSuffix(id, "=") || strings.HasSuffix(id, "==") || strings.ContainsAny(id, "/+") {
			t.Fatalf("id %q", id)
		}
		if got, err := ids.Node(id); err != nil || got != node {
			t.Fatalf("node %v of %v: %v", got, node, err)
		}
		raw, _ := base64.URLEncoding.DecodeString(id)
		flip := rapid.IntRange(0, len(raw)*8-1).Draw(t, "flip")
		raw[flip/8] ^= 1 << (flip % 8)
		if _, err := ids.Node(base64.URLEncoding.EncodeToString(raw)); !errors.Is(err, ErrIdForeign) {
			t.Fatalf("a changed id: %v", err)
		}
	})
	for _, malformed := range []string{"", "x", "L0SM9cOFvHcCIhw=", strings.Repeat("A", IdLength), strings.Repeat("=", IdLength)} {
		if _, err := newIds().Node(malformed); !errors.Is(err, ErrIdMalformed) {
			t.Errorf("%q: %v", malformed, err)
		}
	}
}

func TestIds_opaque(t *testing.T) {
	ids := newIds()
	first, second := ids.New(here), ids.New(here)
	same := 0
	for i := range first {
		if first[i] == second[i] {
			same++
		}
	}
	if same > IdLength/2 {
		t.Errorf("two ids of one node have %d characters in common: %s %s", same, first, second)
	}
}

func TestDirectory_life(t *testing.T) {
	now := start
	d := newDirectory(here, func() time.Time { return now })
	c := d.Registry.Begin(stage, "192.0.2.1", "agent")
	target := Target{ConnectionId: c.Id, ApiId: stage.ApiId, StageName: stage.StageName, AccountId: stage.AccountId}

	now = now.Add(120 * time.Millisecond)
	gone := wantGone(t, d.Post(t.Context(), target, []byte("early")))
	if !gone.Connecting || !strings.Contains(gone.Error(), "$connect route has not answered yet (after 120ms)") {
		t.Errorf("while connecting: %v", gone)
	}

	end := &socket{at: start.Add(time.Minute)}
	d.Registry.Open(c, end)
	if err := d.Post(t.Context(), target, []byte("hello")); err != nil || len(end.sent) != 1 || end.sent[0] != "hello" {
		t.Errorf("posted %v: %v", end.sent, err)
	}
	if err := d.Post(t.Context(), Target{ConnectionId: c.Id}, []byte("by the id alone")); err != nil {
		t.Error(err)
	}
	info, err := d.Get(t.Context(), target)
	want := Info{Stage: stage, ConnectedAt: start, LastActiveAt: start.Add(time.Minute), SourceIp: "192.0.2.1", UserAgent: "agent"}
	if diff := cmp.Diff(want, info); err != nil || diff != "" {
		t.Errorf("info %v: %s", err, diff)
	}
	if err := d.Delete(t.Context(), target); err != nil || !end.disconnected {
		t.Errorf("delete: %v, disconnected %t", err, end.disconnected)
	}

	end.closed = true
	wantGone(t, d.Post(t.Context(), target, []byte("late")))
	d.Registry.End(c, Closing{At: now, By: ByClient, Code: 1001, Reason: "bye"})
	now = now.Add(3 * time.Minute)
	gone = wantGone(t, d.Post(t.Context(), target, []byte("late")))
	if !strings.Contains(gone.Error(), `it was closed 3m0s ago by the client, code 1001 "bye"`) {
		t.Errorf("after the end: %v", gone)
	}
	if d.Registry.Len() != 0 || len(d.Registry.Sockets()) != 0 {
		t.Errorf("%d connections are left", d.Registry.Len())
	}
}

// A connection is gone for backends from the moment that its end is decided, although
// the client may still have to answer the close frame.
func TestDirectory_ending(t *testing.T) {
	d := newDirectory(here, at(start.Add(time.Minute)))
	c := d.Registry.Begin(stage, "", "")
	end := &socket{ending: &Closing{At: start, By: ByGateway, Code: 1008, Reason: "slow", Detail: "the client did not read"}}
	d.Registry.Open(c, end)
	target := Target{ConnectionId: c.Id}
	_, got := d.Get(t.Context(), target)
	for name, err := range map[string]error{"get": got, "post": d.Post(t.Context(), target, []byte("x")), "delete": d.Delete(t.Context(), target)} {
		if gone := wantGone(t, err); gone.Closing == nil || gone.Closing.Code != 1008 || !strings.Contains(gone.Because, "1m0s ago by the gateway, code 1008 \"slow\": the client did not read") {
			t.Errorf("%s: %v", name, gone)
		}
	}
	if len(end.sent) > 0 || end.disconnected {
		t.Errorf("what ends was sent %q, disconnected again: %t", end.sent, end.disconnected)
	}
}

func TestDirectory_refusals(t *testing.T) {
	d := newDirectory(here, at(start))
	c := d.Registry.Begin(stage, "", "")
	d.Registry.Open(c, &socket{})
	for name, target := range map[string]Target{
		"another API":      {ConnectionId: c.Id, ApiId: "zzzzzzzzzz", StageName: "prod"},
		"another stage":    {ConnectionId: c.Id, ApiId: stage.ApiId, StageName: "dev"},
		"of another key":   {ConnectionId: (&Ids{Key: make([]byte, 32), Random: d.Ids.Random}).New(here)},
		"of a lost node":   {ConnectionId: d.Ids.New(there)},
		"never, same node": {ConnectionId: d.Ids.New(here)},
	} {
		if err := d.Post(t.Context(), target, nil); !errors.As(err, new(*Gone)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := d.Post(t.Context(), Target{ConnectionId: c.Id, AccountId: "999999999999"}, nil); !errors.Is(err, ErrForbidden) {
		t.Errorf("another account: %v", err)
	}
	if _, err := d.Get(t.Context(), Target{ConnectionId: "not an id"}); !errors.Is(err, ErrIdMalformed) {
		t.Errorf("malformed: %v", err)
	}
}

// peers is two nodes with a wire between them.
type peers struct {
	directories map[Node]*Directory
	err         error
}

func (p *peers) Ask(_ context.Context, node Node, request []byte) ([]byte, error) {
	if p.err != nil {
		return nil, p.err
	}
	return p.directories[node].Answer(request)
}

func TestDirectory_betweenNodes(t *testing.T) {
	wire := &peers{}
	first, second := newDirectory(here, at(start)), newDirectory(there, at(start))
	second.Ids = first.Ids
	second.Registry.ids = first.Ids
	wire.directories = map[Node]*Directory{here: first, there: second}
	first.Peers, second.Peers = wire, wire

	c := second.Registry.Begin(stage, "192.0.2.1", "agent")
	target := Target{ConnectionId: c.Id, AccountId: stage.AccountId}
	if gone := wantGone(t, first.Post(t.Context(), target, nil)); !gone.Connecting {
		t.Errorf("what the other node knows is lost: %v", gone)
	}
	end := &socket{at: start}
	second.Registry.Open(c, end)
	if err := first.Post(t.Context(), target, []byte{0, 255, 'x'}); err != nil || len(end.sent) != 1 || end.sent[0] != "\x00\xffx" {
		t.Errorf("posted %q: %v", end.sent, err)
	}
	info, err := first.Get(t.Context(), target)
	if err != nil || !info.ConnectedAt.Equal(start) || info.SourceIp != "192.0.2.1" {
		t.Errorf("info %+v: %v", info, err)
	}
	if err := first.Delete(t.Context(), target); err != nil || !end.disconnected {
		t.Errorf("delete: %v", err)
	}
	if err := first.Post(t.Context(), Target{ConnectionId: c.Id, AccountId: "999999999999"}, nil); !errors.Is(err, ErrForbidden) {
		t.Errorf("another account: %v", err)
	}
	wire.err = ErrNodeGone
	wantGone(t, first.Post(t.Context(), target, nil))
	wire.err = ErrTooLarge
	if err := first.Post(t.Context(), target, nil); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	wire.err = errors.New("no responders")
	if err := first.Post(t.Context(), target, nil); !errors.Is(err, ErrUnreachable) {
		t.Errorf("a node that does not answer: %v", err)
	}
}

func TestRegistry_remembersABoundedNumber(t *testing.T) {
	d := newDirectory(here, at(start))
	var first string
	for range maxRemembered + 1 {
		c := d.Registry.Begin(stage, "", "")
		if first == "" {
			first = c.Id
		}
		d.Registry.End(c, Closing{At: start, By: ByGateway, Code: 1001})
	}
	if gone := wantGone(t, d.Post(t.Context(), Target{ConnectionId: first}, nil)); !strings.Contains(gone.Because, "not among the last") {
		t.Error(gone)
	}
}

func wantGone(t *testing.T, err error) *Gone {
	t.Helper()
	var gone *Gone
	if !errors.As(err, &gone) {
		t.Fatalf("got %v, want a connection that is gone", err)
	}
	return gone
}

func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"operation":"post","target":{"ConnectionId":"x"},"message":"AA=="}`))
	d := newDirectory(here, at(start))
	f.Fuzz(func(t *testing.T, request []byte) {
		if answer, err := d.Answer(request); err == nil {
			if _, err := decodeReply(answer); err == nil {
				t.Fatalf("%q reached a connection", request)
			}
		}
	})
}

func BenchmarkIds(b *testing.B) {
	ids := newIds()
	for b.Loop() {
		if _, err := ids.Node(ids.New(here)); err != nil {
			b.Fatal(err)
		}
	}
}
