package restapi

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
	"gatehouse/internal/dataplane/stagecache"
	"gatehouse/internal/dataplane/usageplan"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/mapping"
	"gatehouse/internal/plan"
	"gatehouse/internal/throttle"
)

// step is one part of a request's way. It returns a fault to end the exchange with a
// gateway response.
type step struct {
	name string // its file's name
	run  func(*exchange) *fault.Fault
	// untimed steps take so little time that a Record does not ask the clock; nor do those
	// that are quick for an exchange. Such a step begins where the last timed one ended.
	untimed bool
	// when says which exchanges have the step; nil is all.
	when  func(*exchange) bool
	quick func(*exchange) bool // nil is never; asked before the step
	// took says how long a step has taken that measures itself; nil has the clock asked
	// before the step too.
	took func(*exchange) time.Duration
}

// steps is what happens to a request, in order. AWS's execution logs fix a part of it:
// the authorizer comes before the usage plan, the usage plan before the method's
// execution. A method that needs a step which does not exist yet is refused by the
// compiler (plan.Refusal), never let through.
var steps = []step{
	{name: "find_method", run: findMethod, untimed: true},
	{name: "check_resource_policy", run: checkResourcePolicy, untimed: true},
	{name: "authorize", run: authorize, quick: isOpen},
	{name: "check_usage_plan", run: checkUsagePlan, untimed: true},
	{name: "throttle", run: throttleMethod, untimed: true},
	{name: "validate_request", run: validateRequest, quick: validatesNothing},
	{name: "map_request", run: mapRequest, quick: mapsRequestQuickly},
	{name: "check_cache", run: checkCache, when: isCached, untimed: true},
	{name: "call_integration", run: callIntegration, when: isUnanswered, quick: callsNobody, took: callLatency},
	{name: "select_integration_response", run: selectIntegrationResponse, untimed: true},
	{name: "map_response", run: mapResponse, quick: mapsResponseQuickly},
	{name: "write_cache", run: writeCache, when: isToBeCached, untimed: true},
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

// StageCaches keeps what integrations answered; *stagecache.Clusters does.
type StageCaches interface {
	Get(of *stagecache.Cluster, key string) (*stagecache.Found, bool)
	Put(of *stagecache.Cluster, key string, entry *stagecache.Entry, setting stagecache.Setting) bool
}

// Pipeline serves requests to REST APIs. Fields that may be nil say so.
type Pipeline struct {
	Backends  Backends
	Functions integration.Invoker
	VpcLinks  VpcLinks // nil knows no VPC link
	Services  Services // nil knows no AWS service but functions
	// Authenticator authenticates signed requests; without one, methods with AWS_IAM
	// answer as if no access key existed.
	Authenticator Authenticator
	// Authorizers asks authorizer functions, Tokens checks those of user pools; without
	// them, methods with authorizers answer 500.
	Authorizers *authorizer.Functions
	Tokens      *authorizer.Tokens
	// UserPoolIssuer says who issues the tokens of a user pool; nil is AWS.
	UserPoolIssuer func(authorizer.UserPool) string
	// StageCaches are the caches of stages; nil caches nothing.
	StageCaches StageCaches
	// UsagePlans checks API keys; without it, methods that need one answer 403.
	UsagePlans *usageplan.Checker
	Throttles  Throttles
	// AccountThrottle limits all requests of an account in a region together.
	AccountThrottle throttle.Limit
	Recorder        record.Recorder // nil records nothing
	AccessLogger    AccessLogger    // nil writes no access log
	Now             func() time.Time
	// Random makes 64 random bits, for canaries.
	Random func() uint64
	Log    *slog.Logger // nil for silence; told of bugs only

	exchanges sync.Pool // of *exchange
	namesOnce sync.Once // makes names
	names     *mapping.ContextNames
}

// Serve takes a request through the steps and answers it.
func (p *Pipeline) Serve(w http.ResponseWriter, stage *plan.RestStage, in *inbound.Request) {
	e := p.newExchange(p.chooseCanary(stage), in)
	defer p.release(e)
	e.fault = in.Fault
	if e.fault == nil {
		e.fault = p.run(e)
	} else {
		e.record.BeginStep(record.NameStep(stepReceive), 0)
		e.noteRequest()
	}
	if e.fault == nil && e.response.statusCode < http.StatusOK {
		e.fault = noFinalStatus(e)
	}
	if e.fault != nil {
		e.noteReplyHeaders()
		e.response.reset()
		renderGatewayResponse(e)
	}
	writeResponse(e, w)
	p.finish(e)
}

// noFinalStatus is the fault of a method that answers with a status from 100 to 199,
// behind which a client waits for another one (what AWS does is unconfirmed).
func noFinalStatus(e *exchange) *fault.Fault {
	f := fault.New(fault.MethodMisconfigured)
	f.Checked, f.Found, f.Wanted = "the response's status", itoa(e.response.statusCode), "a status from 200 to 599"
	return f
}

// stepReceive is the only step of a request that cannot be read; dataplane/receive.go.
const stepReceive = "receive"

const percent = 100

// chooseCanary gives a share of the requests to the stage's canary.
func (p *Pipeline) chooseCanary(stage *plan.RestStage) *plan.RestStage {
	if stage.Canary == nil {
		return stage
	}
	const buckets = 1 << 20
	if float64(p.Random()%buckets) < stage.PercentTraffic/percent*buckets {
		return stage.Canary
	}
	return stage
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
		if steps[i].when != nil && !steps[i].when(e) {
			continue
		}
		if f := steps[i].run(e); f != nil {
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
		if steps[i].when != nil && !steps[i].when(e) {
			continue
		}
		timed := !steps[i].untimed && (steps[i].quick == nil || !steps[i].quick(e))
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
		if f != nil {
			return f
		}
	}
	return nil
}

// largePayload is how many bytes take time to convert.
const largePayload = 16 << 10

func isOpen(e *exchange) bool { return e.method.AuthorizationType == plan.AuthorizationNone }

func validatesNothing(e *exchange) bool { return e.method.Validation == nil }

func callsNobody(e *exchange) bool { return e.method.Integration.Type == plan.IntegrationMock }

func mapsRequestQuickly(e *exchange) bool {
	return len(e.method.Integration.RequestTemplates) == 0 && len(e.in.Body) < largePayload
}

func mapsResponseQuickly(e *exchange) bool {
	return (e.selected == nil || len(e.selected.ResponseTemplates) == 0) && len(e.answer.body) < largePayload
}

func callLatency(e *exchange) time.Duration { return e.answer.latency }

func (p *Pipeline) logPanic(e *exchange, recovered any) {
	if p.Log != nil {
		p.Log.Error("serving a request panicked", "error", string(fault.Panicked), "panic", fmt.Sprint(recovered),
			"requestId", e.in.RequestId, "api", e.stage.ApiId, "stage", e.stage.StageName, "stack", string(debug.Stack()))
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
