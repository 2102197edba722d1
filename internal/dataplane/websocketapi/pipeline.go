package websocketapi

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"gatehouse/internal/authorizer"
	"gatehouse/internal/connections"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/dataplane/usageplan"
	"gatehouse/internal/fault"
	"gatehouse/internal/iam"
	"gatehouse/internal/integration"
	"gatehouse/internal/loadbalancer"
	"gatehouse/internal/mapping"
	"gatehouse/internal/plan"
	"gatehouse/internal/sigv4"
	"gatehouse/internal/throttle"
)

// step is one part of the way of a handshake, a message or a disconnection. It returns a
// fault to end the exchange.
type step struct {
	name string // its file's name
	run  func(*exchange) *fault.Fault
	// slow says that the step may take time for an exchange, so that a Record asks the
	// clock; nil is never. A step that is not slow begins where the last slow one ended.
	slow func(*exchange) bool
}

// steps is what happens, in order. authorize and check_usage_plan act on $connect alone; a route without an
// integration, which $connect and $disconnect may be, ends behind validate_request.
var steps = []step{
	{name: "select_route", run: selectRoute},
	{name: "authorize", run: authorize, slow: isGuarded},
	{name: "check_usage_plan", run: checkUsagePlan},
	{name: "throttle", run: throttleRoute},
	{name: "validate_request", run: validateRequest, slow: hasModels},
	{name: "map_request", run: mapRequest, slow: always},
	{name: "call_integration", run: callIntegration, slow: always},
	{name: "map_response", run: mapResponse, slow: hasResponse},
}

// Backends calls HTTP backends; *integration.Client does.
type Backends interface {
	Call(ctx context.Context, request *integration.Request) (*integration.Response, error)
}

// Throttles takes tokens; *throttle.Limiter does.
type Throttles interface {
	Take(name string, limit throttle.Limit) throttle.Decision
	GiveBack(name string, limit throttle.Limit)
}

// Authorizers asks authorizer functions; *authorizer.Functions does.
type Authorizers interface {
	Authorize(ctx context.Context, settings *authorizer.Function, call *authorizer.Call) (*authorizer.Grant, *fault.Fault)
}

// Authenticator says who signed a request.
type Authenticator interface {
	// Authenticate verifies a signature for the scope and returns whose it is. A refusal
	// is a *sigv4.Error.
	Authenticate(ctx context.Context, request *sigv4.Request, scope sigv4.Scope) (iam.AccessKey, error)
}

// VpcLinks finds the way to private backends; *loadbalancer.Router does.
type VpcLinks interface {
	// Connect returns the way through a VPC link to what listens on a port of its
	// network load balancers. Its errors are *loadbalancer.Error.
	Connect(link loadbalancer.LinkId, scheme string, port int) (*loadbalancer.Connection, error)
}

// AccessLogger takes finished lines of access logs.
type AccessLogger interface {
	Write(destinationArn string, line string, at time.Time)
}

// Pipeline serves WebSocket APIs. Fields that may be nil say so.
type Pipeline struct {
	Registry  *connections.Registry
	Limits    Limits
	Backends  Backends
	Functions integration.Invoker // nil refuses
	// Stage finds what a stage serves now, for the messages of open connections: a new
	// deployment holds for them too. False for a stage that is gone. Nil keeps the stage
	// that the client connected to.
	Stage func(apiId, stageName string) (*plan.WebSocketStage, bool)
	// Authorizers asks authorizer functions; nil refuses them.
	Authorizers Authorizers
	// Authenticator authenticates signed requests; nil refuses AWS_IAM.
	Authenticator Authenticator
	// UsagePlans checks API keys; nil refuses clients that need one.
	UsagePlans *usageplan.Checker
	VpcLinks   VpcLinks // nil knows no VPC link
	Services   Services // nil knows no AWS service but functions
	Throttles  Throttles
	// AccountThrottle limits all requests of an account in a region together; a rate of 0
	// does not.
	AccountThrottle throttle.Limit
	Recorder        record.Recorder // nil records nothing
	AccessLogger    AccessLogger    // nil writes no access log
	// Traced has messages and disconnections begin traces; a handshake is where its Request says.
	Traced bool
	Now    func() time.Time
	Random func() uint64 // 64 random bits; the ids of requests are made of them
	Log    *slog.Logger  // nil for silence; told of bugs, and of connections that a limit ended

	clients   sync.WaitGroup // the goroutines of all connections
	notes     sync.Pool      // of *record.Notes
	namesOnce sync.Once      // makes names
	names     *mapping.ContextNames
}

// Close ends every connection with 1001 and waits until $disconnect has been told of
// each, or ctx is done. No connection may be made meanwhile.
func (p *Pipeline) Close(ctx context.Context) error {
	for _, socket := range p.Registry.Sockets() {
		if c, ok := socket.(*client); ok {
			c.begin(connections.ByGateway, closeServerEnds, "Going away")
		}
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		p.clients.Wait()
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting for %d connections to end: %w", p.Registry.Len(), context.Cause(ctx))
	}
}

// message serves one message of a client.
func (p *Pipeline) message(c *client, message []byte) {
	stage, ok := p.stageOf(c)
	if !ok {
		c.begin(connections.ByGateway, closeServerEnds, "Going away")
		return
	}
	e := p.newExchange(stage, eventMessage)
	e.client, e.connection, e.domainName, e.identity = c, c.connection, c.domainName, c.identity
	e.message, e.messageId = message, e.requestId
	e.linkTo(c.handshake)
	p.serveExchange(e)
	if e.fault != nil {
		_ = c.enqueue(messageOpCode(nil), renderFrame(e)) // a client that is gone needs no answer
		return
	}
	if len(e.response) > 0 {
		_ = c.enqueue(messageOpCode(e.response), e.response)
	}
}

// disconnected tells the $disconnect route, as well as it can.
func (p *Pipeline) disconnected(c *client, closing connections.Closing) {
	if closing.By == connections.ByGateway {
		p.closedByGateway(c, &closing)
	}
	if closing.By == connections.ByGateway && p.Log != nil {
		p.Log.Info("a WebSocket connection was closed", "error", string(fault.ConnectionClosed), "connection", c.connection.Id,
			"api", c.connection.Stage.ApiId, "code", closing.Code, "reason", closing.Reason, "detail", closing.Detail,
			"age", closing.At.Sub(c.connection.ConnectedAt).Round(time.Second), "silence", closing.At.Sub(c.LastActive()).Round(time.Second))
	}
	stage, ok := p.stageOf(c)
	if !ok || stage.Api.Route(plan.RouteKeyDisconnect) == nil {
		return
	}
	e := p.newExchange(stage, eventDisconnect)
	e.connection, e.domainName, e.identity, e.closing = c.connection, c.domainName, c.identity, &closing
	e.linkTo(c.handshake)
	p.serveExchange(e)
}

func (p *Pipeline) stageOf(c *client) (*plan.WebSocketStage, bool) {
	if p.Stage == nil {
		return c.stage, true
	}
	return p.Stage(c.connection.Stage.ApiId, c.connection.Stage.StageName)
}

// serveExchange takes e through the steps and leaves its traces.
func (p *Pipeline) serveExchange(e *exchange) {
	p.beginRecord(e)
	e.fault = p.run(e)
	p.finish(e)
}

// run takes e through the steps. A panic, which is a bug of ours, becomes a fault here
// and is logged once, here.
func (p *Pipeline) run(e *exchange) (f *fault.Fault) {
	defer func() {
		if recovered := recover(); recovered != nil {
			f = fault.New(fault.Panicked)
			f.Cause = fmt.Errorf("panic: %v", recovered)
			p.logPanic(e, recovered)
		}
	}()
	if e.record.Enabled() {
		return p.runRecorded(e)
	}
	for i := range steps {
		if f := steps[i].run(e); f != nil || e.done {
			return f
		}
	}
	return nil
}

// stepNames are the names of the steps as a record has them.
var stepNames = func() (names []record.StepName) {
	for i := range steps {
		names = append(names, record.NameStep(steps[i].name))
	}
	return names
}()

func (p *Pipeline) runRecorded(e *exchange) *fault.Fault {
	since, isNow := time.Duration(0), true
	for i := range steps {
		timed := steps[i].slow != nil && steps[i].slow(e)
		if timed && !isNow {
			since = p.Now().Sub(e.received)
		}
		e.record.BeginStep(stepNames[i], since)
		f := steps[i].run(e)
		if isNow = timed || f != nil; isNow {
			since = p.Now().Sub(e.received)
		}
		e.record.EndStep(since)
		if f != nil || e.done {
			return f
		}
	}
	return nil
}

func always(*exchange) bool { return true }

func isGuarded(e *exchange) bool {
	return e.eventType == eventConnect && e.route.AuthorizationType != plan.AuthorizationNone
}

func hasModels(e *exchange) bool { return e.route.ModelSelection != nil }

func hasResponse(e *exchange) bool { return e.route.HasResponse }

func (p *Pipeline) logPanic(e *exchange, recovered any) {
	if p.Log != nil {
		p.Log.Error("serving a WebSocket exchange panicked", "error", string(fault.Panicked), "panic", fmt.Sprint(recovered),
			"requestId", e.requestId, "api", e.stage.ApiId, "stage", e.stage.StageName, "stack", string(debug.Stack()))
	}
}

func (p *Pipeline) beginRecord(e *exchange) {
	if p.Recorder == nil {
		return
	}
	n, ok := p.notes.Get().(*record.Notes)
	if !ok {
		n = new(record.Notes)
	}
	n.Method = e.stage.Recorded
	n.RequestId, n.ExtendedRequestId, n.HttpMethod, n.Path = e.requestId, e.requestId, e.eventType, e.connection.Id
	n.Received, n.Trace = e.received, e.trace
	if e.in != nil { // its answer names it by that id too
		n.DomainName, n.BasePath, n.ExtendedRequestId = e.in.DomainName(), e.in.BasePath, e.in.RequestId
	}
	p.Recorder.Begin(n)
	e.record = n
}

// endRecord leaves the exchange's record; the exchange notes nothing from then on.
func (p *Pipeline) endRecord(e *exchange) {
	p.Recorder.End(e.record)
	e.record.Reset()
	p.notes.Put(e.record)
	e.record = nil
}

// finish leaves the exchange's traces: access log and record.
func (p *Pipeline) finish(e *exchange) {
	e.finished = p.Now()
	if e.fault != nil {
		e.statusCode = statusCodeOf(e.fault)
	}
	if e.stage.AccessLog != nil && p.AccessLogger != nil {
		p.AccessLogger.Write(e.stage.AccessLog.DestinationArn, e.accessLogLine(), e.received)
	}
	if e.record != nil {
		e.noteRefused()
		e.record.Fault, e.record.StatusCode = e.fault, e.statusCode
		e.record.Duration, e.record.ResponseLength = e.finished.Sub(e.received), len(e.response)
		e.record.IntegrationLatency, e.record.Called = e.answer.latency, e.answer.called
		p.endRecord(e)
	}
	if e.input.Context != nil {
		e.input.Context.Release()
	}
}
