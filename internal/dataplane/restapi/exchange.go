package restapi

import (
	"net/http"
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
	in       *inbound.Request
	stage    *plan.RestStage // read once; a plan never changes under a request
	record   *record.Notes   // nil without a Recorder; kept with the exchange

	// find_method
	httpMethod     string // the request's, after X-HTTP-Method-Override
	method         *plan.Method
	settings       *plan.MethodSettings
	captures       []plan.Capture
	pathParameters []integration.Field // decoded

	// authorize
	principal Principal
	// signer is who signed, with its policies; its principal is nil but for AWS_IAM.
	signer iam.AccessKey
	// authorizerContext is what an authorizer said of the client, as strings:
	// principalId, its context, and claims.{name}.
	authorizerContext []integration.Field
	grant             *authorizer.Grant // nil without an authorizer
	// How the client was let in, for access logs.
	authentication, authorization, authorizing phase

	// check_usage_plan
	apiKey   string // the value that the request showed; empty where the method needs none
	apiKeyId string // the key's that it is; empty for an unknown one

	// map_request; input belongs to map_response too
	outbound       outbound
	input          mapping.Input // without a Context until a template or mapping needs it
	requestPayload mapping.Payload

	// check_cache; empty where nothing is cached
	caching caching

	// call_integration, or check_cache
	answer answer

	// select_integration_response
	selected *plan.IntegrationResponse // nil for proxies

	// map_response, or gateway_response.go
	response           response
	responsePayload    mapping.Payload
	hasResponsePayload bool

	fault    *fault.Fault
	finished time.Time
	values   []string // of one mapping, while it is evaluated
}

// outbound is what goes to the backend.
type outbound struct {
	httpMethod string
	url        string
	host       string // a mapped Host header
	header     http.Header
	body       []byte
	binary     bool // body is not text
	// functionArn and async belong to Lambda functions.
	functionArn string
	async       bool
	// service and region are those of an AWS service, for which the request is signed.
	service, region string
	// mockStatusCode belongs to MOCK.
	mockStatusCode int
}

// answer is what the backend gave.
type answer struct {
	statusCode int
	headers    []integration.Field
	body       []byte
	// selection is what selection patterns are matched against: the status code, or a
	// function's errorMessage.
	selection string
	// proxy is a function's answer, read; nil but for AWS_PROXY.
	proxy *integration.ProxyResponse
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
	headers    []integration.Field
	body       []byte
}

func (r *response) reset() {
	r.statusCode, r.headers, r.body = 0, r.headers[:0], nil
}

// set replaces a header, whatever its case, or adds it.
func (r *response) set(name, value string) {
	kept := r.headers[:0]
	for _, header := range r.headers {
		if !equalNames(header.Name, name) {
			kept = append(kept, header)
		}
	}
	r.headers = append(kept, integration.Field{Name: name, Value: value})
}

func (r *response) add(name, value string) {
	r.headers = append(r.headers, integration.Field{Name: name, Value: value})
}

func (r *response) get(name string) string {
	for _, header := range r.headers {
		if equalNames(header.Name, name) {
			return header.Value
		}
	}
	return ""
}

// newExchange takes an exchange from the pool, empty but for its slices.
func (p *Pipeline) newExchange(stage *plan.RestStage, in *inbound.Request) *exchange {
	e, ok := p.exchanges.Get().(*exchange)
	if !ok {
		e = &exchange{}
	}
	e.pipeline, e.stage, e.in = p, stage, in
	e.httpMethod = in.HTTP.Method
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
	n.RequestId, n.ExtendedRequestId, n.HttpMethod, n.Path = in.RequestId, in.ExtendedRequestId, in.HTTP.Method, in.Path
	n.Received, n.Trace, n.DomainName, n.BasePath = in.Received, in.Trace, in.DomainName(), in.BasePath
	e.pipeline.Recorder.Begin(n)
}

// release empties e, so that nothing of a client outlives its request, and gives it back.
func (p *Pipeline) release(e *exchange) {
	if e.input.Context != nil {
		e.input.Context.Release()
	}
	clear(e.pathParameters)
	clear(e.response.headers)
	clear(e.values)
	if e.record != nil {
		e.record.Reset()
	}
	captures, parameters, headers, values := e.captures[:0], e.pathParameters[:0], e.response.headers[:0], e.values[:0]
	*e = exchange{record: e.record, captures: captures, pathParameters: parameters, values: values}
	e.response.headers = headers
	p.exchanges.Put(e)
}
