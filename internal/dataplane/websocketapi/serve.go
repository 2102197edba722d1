package websocketapi

import (
	"bufio"
	"crypto/sha1" //nolint:gosec // RFC 6455 names it; it protects nothing
	"encoding/base64"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"gatehouse/internal/connections"
	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
	"gatehouse/internal/rawheader"
)

// Serve takes a handshake through $connect. The connection exists once the route's
// integration has let the client in; the answer is a plain HTTP response otherwise.
func (p *Pipeline) Serve(w http.ResponseWriter, stage *plan.WebSocketStage, in *inbound.Request) {
	e := p.newExchange(stage, eventConnect)
	e.in, e.domainName, e.trace = in, strings.Clone(in.Host), in.Trace
	e.connection = p.Registry.Begin(connections.Stage{
		AccountId: stage.AccountId, Region: stage.Region, ApiId: stage.ApiId, StageName: stage.StageName,
	}, strings.Clone(in.SourceIp), strings.Clone(in.HTTP.UserAgent()))
	if f := checkHandshake(in, stage); f != nil {
		p.recordRefusal(e, f)
		p.refuse(w, e, f)
		return
	}
	p.serveExchange(e)
	if e.fault != nil {
		p.refuse(w, e, e.fault)
		return
	}
	p.accept(w, e)
}

// recordRefusal leaves a record of a handshake that reached no route.
func (p *Pipeline) recordRefusal(e *exchange, f *fault.Fault) {
	p.beginRecord(e)
	if e.record == nil {
		return
	}
	e.record.BeginStep(record.NameStep(stepReceive), 0)
	e.fault = f
	e.noteRefused()
	e.record.Path, e.record.Fault, e.record.StatusCode = e.in.Path, f, statusCodeOf(f)
	e.record.Duration = p.Now().Sub(e.received)
	p.endRecord(e)
}

// stepReceive is the only step of a handshake that is none, or not at the stage's URL.
const stepReceive = "receive"

// refuse answers a handshake with an HTTP status.
func (p *Pipeline) refuse(w http.ResponseWriter, e *exchange, f *fault.Fault) {
	e.fault = f
	p.Registry.End(e.connection, connections.Closing{At: p.Now(), By: connections.ByGateway, Code: statusCodeOf(f), Reason: "the handshake was refused"})
	body := renderFrame(e)
	header := w.Header()
	header["Content-Type"] = []string{"application/json"}
	header["Content-Length"] = []string{strconv.Itoa(len(body))}
	header["x-amzn-RequestId"] = []string{e.in.RequestId}
	header["x-amzn-ErrorType"] = []string{errorTypeOf(f)}
	header["x-amz-apigw-id"] = []string{e.requestId}
	if statusCodeOf(f) == http.StatusUpgradeRequired {
		header["Upgrade"], header["Connection"] = []string{"websocket"}, []string{"Upgrade"}
	}
	fault.SetHelp(header, e.in.HelpBase, f, e.requestId)
	w.WriteHeader(statusCodeOf(f))
	_, _ = w.Write(body) // a client that is gone needs no answer
}

// Headers of the handshake (RFC 6455, section 4).
const (
	headerUpgrade    = "Upgrade"
	headerConnection = "Connection"
	headerKey        = "Sec-Websocket-Key"
	headerVersion    = "Sec-Websocket-Version"
	headerProtocol   = "Sec-Websocket-Protocol"
	version13        = "13"
	keyBytes         = 16
)

// checkHandshake refuses what is no WebSocket handshake, or not at the stage's root.
func checkHandshake(in *inbound.Request, stage *plan.WebSocketStage) *fault.Fault {
	r := in.HTTP
	switch {
	case in.Fault != nil:
		return in.Fault
	case stage.Api.DisableExecuteApiEndpoint && in.DefaultEndpoint:
		return fault.New(fault.EndpointDisabled)
	case in.Path != "/" && in.Path != "":
		f := fault.New(fault.NoWebSocketRoute)
		f.Found, f.Wanted = "the path "+in.Path, "the stage's own URL, with nothing behind it"
		return f
	case r.Method != http.MethodGet || r.ProtoMajor != 1 || !hasToken(r.Header[headerUpgrade], "websocket") || !hasToken(r.Header[headerConnection], "upgrade"):
		return notAnUpgrade(r.Method + " over " + r.Proto + " without Upgrade: websocket")
	case r.Header.Get(headerVersion) != version13:
		return notAnUpgrade("Sec-WebSocket-Version " + r.Header.Get(headerVersion))
	}
	if key, err := base64.StdEncoding.DecodeString(r.Header.Get(headerKey)); err != nil || len(key) != keyBytes {
		return notAnUpgrade("a Sec-WebSocket-Key that is not 16 bytes of base64")
	}
	return nil
}

func notAnUpgrade(found string) *fault.Fault {
	f := fault.New(fault.NotAnUpgrade)
	f.Found, f.Wanted = found, "a WebSocket handshake, version 13"
	return f
}

// hasToken says whether a comma-separated header has a token, compared without case.
func hasToken(values []string, token string) bool {
	return slices.ContainsFunc(values, func(value string) bool {
		return slices.ContainsFunc(strings.Split(value, ","), func(item string) bool { return strings.EqualFold(strings.TrimSpace(item), token) })
	})
}

// accept completes the handshake and leaves the connection to a goroutine of its own, so
// that the server's is free with all it holds.
func (p *Pipeline) accept(w http.ResponseWriter, e *exchange) {
	rawheader.Release(e.in.HTTP)
	key := e.in.HTTP.Header.Get(headerKey)
	socket, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		p.refuse(w, e, notAnUpgrade("a connection that cannot be taken over: "+err.Error()))
		return
	}
	c := p.newClient(e, socket)
	c.early = earlyBytes(buffered)
	// The connection is there for backends before the client knows it is; what they send
	// meanwhile waits for the writer, which comes behind the handshake.
	c.writing = true
	p.clients.Add(2) // the writer and the reader
	p.Registry.Open(e.connection, c)
	_ = writeHandshake(socket, key, e.protocol, p.Now().Add(writeTimeout)) // a broken socket is the reader's to find
	go c.write()
	go c.serve()
}

func (p *Pipeline) newClient(e *exchange, socket net.Conn) *client {
	if remembering, ok := socket.(interface{ Inner() net.Conn }); ok {
		socket = remembering.Inner() // which has nothing left to remember
	}
	c := &client{pipeline: p, connection: e.connection, domainName: e.domainName, identity: e.identity, handshake: e.trace.AsLink(), socket: socket}
	if p.Stage == nil {
		c.stage = e.stage
	}
	c.frames.from, c.frames.limits = c, &p.Limits
	c.touch()
	return c
}

// earlyBytes copies what the client sent before it had our answer.
func earlyBytes(buffered *bufio.ReadWriter) []byte {
	waiting := buffered.Reader.Buffered()
	if waiting == 0 {
		return nil
	}
	peeked, err := buffered.Reader.Peek(waiting)
	if err != nil {
		return nil
	}
	return append([]byte(nil), peeked...)
}

// acceptGuid is RFC 6455's, section 1.3.
const acceptGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

func writeHandshake(socket net.Conn, key, protocol string, deadline time.Time) error {
	sum := sha1.Sum([]byte(key + acceptGuid)) //nolint:gosec // as above
	answer := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
		base64.StdEncoding.EncodeToString(sum[:]) + "\r\n"
	if protocol != "" {
		answer += "Sec-WebSocket-Protocol: " + protocol + "\r\n"
	}
	if err := socket.SetDeadline(deadline); err != nil {
		return err
	}
	if _, err := socket.Write([]byte(answer + "\r\n")); err != nil {
		return err
	}
	return socket.SetDeadline(time.Time{})
}
