package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"gatehouse/internal/authorizer"
	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/iam"
	"gatehouse/internal/integration"
	"gatehouse/internal/integration/services"
	"gatehouse/internal/loadbalancer"
	"gatehouse/internal/mapping"
	"gatehouse/internal/plan"
	"gatehouse/internal/sigv4"
	"gatehouse/internal/throttle"
)

// step is one part of a request's way. It returns a fault to end the exchange.
type step struct {
	name string // its file's name
	run  func(*exchange) *fault.Fault
	// slow says that the step may take time for an exchange, so that a Record asks the
	// clock; nil is never. A step that is not slow begins where the last slow one ended.
	slow func(*exchange) bool
	// took says how long a step has taken that measures itself; nil has the clock asked
	// before the step too.
	took func(*exchange) time.Duration
}

// steps is what happens to a request, in order. A route is found and authorized before
// a preflight is answered: a $default or ANY route with an authorizer catches OPTIONS
// too (guide: http-api-cors.md).
var steps = []step{
	{name: "find_route", run: findRoute},
	{name: "authorize", run: authorize, slow: isGuarded},
	{name: "answer_preflight", run: answerPreflight},
	{name: "throttle", run: throttleRoute},
	{name: "map_request", run: mapRequest, slow: hasLargeBody},
	{name: "call_integration", run: callIntegration, slow: always, took: callLatency},
	{name: "map_response", run: mapResponse, slow: hasLargeAnswer},
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

// AccessLogger takes finished lines of access logs.
type AccessLogger interface {
	Write(destinationArn string, line string, at time.Time)
}

// Authenticator says who signed a request.
type Authenticator interface {
	// Authenticate verifies a signature for the scope and returns whose it is. A refusal
	// is a *sigv4.Error.
	Authenticate(ctx context.Context, request *sigv4.Request, scope sigv4.Scope) (iam.AccessKey, error)
}

// VpcLinks finds the way through VPC links to load balancers; *loadbalancer.Router does.
type VpcLinks interface {
	// Route says how to reach a target of the listener that uri names, or what the load
	// balancer answers by itself. Its errors are *loadbalancer.Error.
	Route(link loadbalancer.LinkId, uri string, request *loadbalancer.Request) (*loadbalancer.Connection, error)
}

// Services calls AWS services for first-class integrations; *services.Endpoints does.
type Services interface {
	// Endpoint is the base URL of a service in a region; false where none is configured.
	// The names are those of signatures: "sqs", "events", "kinesis", "states", "appconfig".
	Endpoint(service, region string) (string, bool)
	// Sign adds a signature to the call's headers.
	Sign(ctx context.Context, call *services.Call) error
}

// Pipeline serves requests to HTTP APIs. Fields that may be nil say so.
type Pipeline struct {
	Backends  Backends
	Functions integration.Invoker // nil refuses
	// Authorizers asks authorizer functions, Tokens checks JSON web tokens.
	Authorizers *authorizer.Functions
	Tokens      *authorizer.Tokens
	// Authenticator authenticates signed requests; nil refuses AWS_IAM.
	Authenticator Authenticator
	VpcLinks      VpcLinks // nil refuses private integrations
	Services      Services // nil refuses service integrations
	Throttles     Throttles
	// AccountThrottle limits all requests of an account in a region together.
	AccountThrottle throttle.Limit
	Recorder        record.Recorder // nil records nothing
	AccessLogger    AccessLogger    // nil writes no access log
	Now             func() time.Time
	Log             *slog.Logger // nil for silence; told of bugs only

	exchanges sync.Pool // of *exchange
	namesOnce sync.Once // makes names
	names     *mapping.ContextNames
}

// Serve takes a request through the steps and answers it.
func (p *Pipeline) Serve(w http.ResponseWriter, stage *plan.HttpStage, in *inbound.Request) {
	e := p.newExchange(stage, in)
	defer p.release(e)
	e.fault = in.Fault
	if e.fault == nil {
		e.fault = p.run(e)
	} else {
		e.record.BeginStep(record.NameStep(stepReceive), 0)
		e.noteRequest()
	}
	if e.fault != nil {
		renderFault(e)
	}
	applyCors(e)
	noteResponse(e)
	writeResponse(e, w)
	p.finish(e)
}

// stepReceive is the only step of a request that cannot be read; dataplane/receive.go.
const stepReceive = "receive"

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
		if f := steps[i].run(e); f != nil || e.answered {
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
	since, isNow := time.Duration(0), len(e.in.SentBody) == 0 // a body may have been long in coming
	for i := range steps {
		timed := steps[i].slow != nil && steps[i].slow(e)
		if timed && !isNow && steps[i].took == nil {
			since = p.Now().Sub(e.in.Received)
		}
		e.record.BeginStep(stepNames[i], since)
		f := steps[i].run(e)
		if isNow = timed || f != nil; isNow {
			since = p.Now().Sub(e.in.Received)
		}
		if isNow && steps[i].took != nil {
			e.record.TookStep(since, steps[i].took(e))
		}
		e.record.EndStep(since)
		if f != nil || e.answered {
			return f
		}
	}
	return nil
}

// largePayload is how many bytes take time to convert.
const largePayload = 16 << 10

func always(*exchange) bool { return true }

func isGuarded(e *exchange) bool {
	return e.route != nil && e.route.AuthorizationType != plan.AuthorizationNone
}

func hasLargeBody(e *exchange) bool { return len(e.in.Body) >= largePayload }

func hasLargeAnswer(e *exchange) bool { return len(e.answer.body) >= largePayload }

func callLatency(e *exchange) time.Duration { return e.answer.latency }

func (p *Pipeline) logPanic(e *exchange, recovered any) {
	if p.Log != nil {
		p.Log.Error("serving a request panicked", "error", string(fault.Panicked), "panic", fmt.Sprint(recovered),
			"requestId", e.in.ExtendedRequestId, "api", e.stage.ApiId, "stage", e.stage.StageName, "stack", string(debug.Stack()))
	}
}

// finish leaves the exchange's traces: access log and record.
func (p *Pipeline) finish(e *exchange) {
	e.finished = p.Now()
	if e.stage.AccessLog != nil && p.AccessLogger != nil {
		p.AccessLogger.Write(e.stage.AccessLog.DestinationArn, e.accessLogLine(), e.in.Received)
	}
	if n := e.record; n != nil {
		n.Fault, n.StatusCode, n.ResponseLength = e.fault, e.response.statusCode, len(e.response.body)
		n.Duration, n.IntegrationLatency, n.Called = e.finished.Sub(e.in.Received), e.answer.latency, e.answer.called
		p.Recorder.End(n)
	}
}
