package httpapi

import (
	"net/http"
	"strings"
	"time"

	"gatehouse/internal/authorizer"
	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/iam"
	"gatehouse/internal/integration"
	"gatehouse/internal/mapping"
	"gatehouse/internal/plan"
)

// exchange is one request on its way: what was given, and one group of fields for the
// results of each step, under the step's name. A step reads what earlier ones wrote.
// Exchanges are pooled: nothing may keep one, or its slices, after Serve.
type exchange struct {
	pipeline *Pipeline
	in       *inbound.Request // its Headers have names in lower case
	stage    *plan.HttpStage  // read once; a plan never changes under a request
	record   *record.Notes    // nil without a Recorder; kept with the exchange

	// find_route; route stays nil for a preflight that no route catches
	route          *plan.HttpRoute
	captures       []plan.Capture
	pathParameters []integration.Field // decoded

	// authorize
	grant     *authorizer.Grant // nil without an authorizer
	signer    iam.AccessKey     // its Principal is nil but for AWS_IAM
	authError string            // $context.authorizer.error

	// map_request; context belongs to map_response too
	outbound outbound
	context  *mapping.Context // nil until a mapping needs it

	// call_integration
	answer answer

	// map_response, answer_preflight, or render_fault.go
	response response
	// answered ends the steps with a response and without a fault.
	answered bool

	fault    *fault.Fault
	finished time.Time
}

// outbound is what goes to the backend: an HTTP request, or an event for a function.
type outbound struct {
	request     integration.Request
	functionArn string
	event       []byte
	// service is the name that the request is signed for; empty for other integrations.
	service, region string
}

// answer is what the backend gave.
type answer struct {
	statusCode int
	header     http.Header
	body       []byte
	// invokeStatusCode is the status of Lambda's own answer, 0 without one.
	invokeStatusCode int
	requestId        string // the backend's own request id
	latency          time.Duration
	called           bool
	errorMessage     string // $context.integration.error
}

// response is what the client gets.
type response struct {
	statusCode int
	header     http.Header
	body       []byte
}

// newExchange takes an exchange from the pool, empty but for its slices.
func (p *Pipeline) newExchange(stage *plan.HttpStage, in *inbound.Request) *exchange {
	e, ok := p.exchanges.Get().(*exchange)
	if !ok {
		e = &exchange{}
	}
	e.pipeline, e.stage, e.in = p, stage, in
	e.response.header = http.Header{}
	if p.Recorder != nil {
		e.beginRecord()
	}
	return e
}

func (e *exchange) beginRecord() {
	if e.record == nil {
		e.record = new(record.Notes)
	}
	n, in := e.record, e.in
	n.Method = e.stage.Recorded
	n.RequestId, n.ExtendedRequestId, n.HttpMethod, n.Path = in.ExtendedRequestId, in.ExtendedRequestId, in.HTTP.Method, in.Path
	n.Received, n.Trace, n.DomainName, n.BasePath = in.Received, in.Trace, in.DomainName(), in.BasePath
	n.RequestLength = len(in.SentBody)
	e.pipeline.Recorder.Begin(n)
}

// release empties e, so that nothing of a client outlives its request, and gives it back.
func (p *Pipeline) release(e *exchange) {
	if e.context != nil {
		e.context.Release()
	}
	clear(e.pathParameters)
	if e.record != nil {
		e.record.Reset()
	}
	captures, parameters := e.captures[:0], e.pathParameters[:0]
	*e = exchange{record: e.record, captures: captures, pathParameters: parameters}
	p.exchanges.Put(e)
}

// header returns the values of a header joined by commas; name is in lower case.
func (e *exchange) header(name string) (string, bool) { return joined(e.in.Headers, name) }

func joined(fields []integration.Field, name string) (string, bool) {
	text, found := "", false
	for _, field := range fields {
		switch {
		case field.Name != name:
		case found:
			text += "," + field.Value
		default:
			text, found = field.Value, true
		}
	}
	return text, found
}

// functionArn fills a URI and reads the function from it.
func (e *exchange) functionArn(uri *plan.Uri) string {
	filled := uri.Fill(func(string) (string, bool) { return "", false }, e.stage.Variables)
	functionArn, ok := plan.FunctionArnOf(filled)
	if !ok {
		return ""
	}
	return functionArn
}

// routeArn is what the request is authorized against.
func (e *exchange) routeArn() string {
	return e.apiArn() + "/" + e.stage.StageName + "/" + e.in.HTTP.Method + "/" + strings.TrimPrefix(e.in.Path, "/")
}

func (e *exchange) apiArn() string {
	return "arn:aws:execute-api:" + e.stage.Region + ":" + e.stage.AccountId + ":" + e.stage.ApiId
}

// requestId is $context.requestId: HTTP APIs have one id, in the short form.
func (e *exchange) requestId() string { return e.in.ExtendedRequestId }
