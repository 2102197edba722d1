// Package record is what an exchange leaves behind for people: which steps ran, how
// long each took, which facts decided, and the fault that ended it. The execution log,
// the diagnosis and the console are written from it; the pipelines only note facts.
//
// It renders nothing and stores nothing. While no Recorder wants an exchange, its
// Record is nil, and every method of a nil Record does nothing and allocates nothing.
//
// Begin at Recorder.
package record

import (
	"bytes"
	"strings"
	"time"

	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/tracing"
)

// Recorder is told of exchanges.
type Recorder interface {
	// Begin returns the Record to fill for an exchange, or nil when nobody wants it.
	Begin(subject Subject) *Record
	// End takes a Record that is complete. The Recorder owns it from then on.
	End(record *Record)
}

// Subject says what an exchange is about, as far as that is known at its beginning.
type Subject struct {
	AccountId, Region, ApiId, StageName, DeploymentId string
	RequestId, ExtendedRequestId                      string
	HttpMethod, Path                                  string
	Received                                          time.Time
	// ProtocolType is HTTP or WEBSOCKET, as AWS's Api has it; empty for REST APIs, and
	// ControlPlane for a refused operation.
	ProtocolType string
	// DomainName is the custom domain name that a request came to, and BasePath the part of
	// its path that a mapping or routing rule took, "/v1"; empty at an API's own endpoint.
	DomainName, BasePath string
	// Trace is the exchange's place in a trace; nil while it is not traced. It is not kept
	// by AppendTo.
	Trace *tracing.Context
}

// The protocol types of what is no REST API.
const (
	ProtocolHttp      = "HTTP"
	ProtocolWebSocket = "WEBSOCKET"
	// ControlPlane marks an operation that was refused; its ResourcePath is the operation,
	// such as apigateway:DeleteVpcLink.
	ControlPlane = "CONTROL_PLANE"
	// FunctionUrl marks a request to a function URL that failed; its ApiId is the URL's id.
	FunctionUrl = "FUNCTION_URL"
)

// Record is one exchange.
type Record struct {
	Subject
	// ResourcePath and LoggingLevel are known once a method is found.
	ResourcePath, ResourceId string
	LoggingLevel             string // OFF, ERROR or INFO
	DataTraceEnabled         bool
	Steps                    []Step
	// Fault is what ended the exchange early; nil for a complete one.
	Fault      *fault.Fault
	StatusCode int
	Duration   time.Duration
	// RequestLength is the bytes of the body that the client sent, for HTTP APIs; AppendTo
	// does not keep it. ResponseLength is those of the body that the client got.
	RequestLength, ResponseLength int
	// IntegrationLatency is how long the backend took; Called says that it was called.
	IntegrationLatency time.Duration
	Called             bool
	// Cache says what a stage's cache had; AppendTo does not keep it.
	Cache CacheResult
	// Redacted keeps values of headers that may be secret, all values of query parameters
	// and all payloads out of the Record while data trace is off, and masks credentials
	// while it is on. A Recorder that keeps Records sets it.
	Redacted bool

	hidden string  // a secret of the request that no payload or value may show
	facts  []Fact  // what Steps[i].Facts are parts of
	fields []Field // what Facts[i].Fields are parts of
}

// CacheResult is what the cache of a stage had of an answer.
type CacheResult uint8

// The results.
const (
	CacheNone CacheResult = iota // the answer is not cached
	CacheHit
	CacheMiss
)

// Step is one step of the pipeline that ran.
type Step struct {
	Name     string // the step's name, which is its file's
	Started  time.Duration
	Duration time.Duration
	Facts    []Fact
}

// Fact is something that a step found and that decided what came next.
type Fact struct {
	Kind Kind
	Text string
	// Fields is used by facts that are lists of names and values.
	Fields []Field
	// Body is used by facts that are payloads. It is the record's own copy, cut at MaxBody;
	// nil where it was redacted. Size is the payload's size, bytes.
	Body []byte
	Size int
}

// Field is a name and a value of a Fact.
type Field = integration.Field

// Bounds of what a Record keeps, bytes: of a payload, and of a path.
const (
	MaxBody = 64 * 1024
	MaxPath = 10240
)

// Kind says what a Fact tells.
type Kind string

// The kinds of facts. Each names the line of AWS's execution log that is written from
// it, where there is one.
const (
	Route                 Kind = "route"                   // HTTP Method: GET, Resource Path: /pets
	RequestPath           Kind = "method-request-path"     // Method request path: {id=1}
	RequestQuery          Kind = "method-request-query"    // Method request query string: {}
	RequestHeaders        Kind = "method-request-headers"  // Method request headers: {}
	RequestBody           Kind = "method-request-body"     // Method request body before transformations:
	Authorizer            Kind = "authorizer"              // Starting authorizer: a1b2c3 for request:
	AuthorizerIdentity    Kind = "authorizer-identity"     // Incoming identity: masked
	AuthorizerUri         Kind = "authorizer-uri"          // the function that was asked
	AuthorizerBody        Kind = "authorizer-request-body" // what it was sent
	AuthorizerReply       Kind = "authorizer-result"       // Authorizer result body before parsing:
	AuthorizerPolicy      Kind = "authorizer-policy"       // Using valid authorizer policy for principal: masked
	Principal             Kind = "principal"               // who was authorized
	PolicyDecision        Kind = "policy-decision"         // which statement of the resource policy decided
	ThrottleLevel         Kind = "throttle-level"          // the bucket that was empty
	ApiKey                Kind = "api-key"                 // the value that the request showed, masked
	ApiKeyId              Kind = "api-key-id"              // the key that it is the value of
	UsagePlanId           Kind = "usage-plan-id"           // the plan that decided
	ApiKeyReason          Kind = "api-key-reason"          // why the key was refused
	ValidatedModel        Kind = "validated-model"         // the model the body was checked against
	TemplateChosen        Kind = "template-chosen"         // content type of the template, or why there was none
	EndpointUri           Kind = "endpoint-request-uri"    // Endpoint request URI:
	EndpointHeaders       Kind = "endpoint-request-header" // Endpoint request headers:
	EndpointBody          Kind = "endpoint-request-body"   // Endpoint request body after transformations:
	Sending               Kind = "sending"                 // Sending request to
	IntegrationLatency    Kind = "integration-latency"     // Received response. Status: 200, Integration latency: N ms
	EndpointReplyHeaders  Kind = "endpoint-response-header"
	EndpointReplyBody     Kind = "endpoint-response-body"
	EndpointRequestId     Kind = "endpoint-request-id" // AWS Integration Endpoint RequestId :
	PatternTried          Kind = "selection-pattern-tried"
	PatternChosen         Kind = "selection-pattern-chosen"
	MethodResponseBody    Kind = "method-response-body" // Method response body after transformations:
	MethodResponseHeaders Kind = "method-response-headers"
	GatewayResponse       Kind = "gateway-response" // the type that rendered the fault
	Base64AsText          Kind = "base64-as-text"   // why a base64 body was not decoded
	TemplateOutput        Kind = "template-output"  // where and why a template's output is not JSON, which a backend refused
	TemplateMend          Kind = "template-mend"    // a change of the template that gives JSON, as package blame writes it
	Cache                 Kind = "cache"            // HIT or MISS, the answer's age, and by which key
	CacheControl          Kind = "cache-control"    // why a client that asked for a fresh answer did not get one
	PlainToTls            Kind = "plain-to-tls"     // a load balancer refused plain HTTP; the command that mends it
)

// DecidedBySetting stands in a fact CacheControl before the key of the method setting
// that asks for authorization.
const DecidedBySetting = "; asked for by the method setting "

// Enabled says whether facts are wanted.
func (r *Record) Enabled() bool { return r != nil }

// Traced says whether payloads and the values of fields are wanted. Ask before making
// a list of fields.
func (r *Record) Traced() bool { return r != nil && (!r.Redacted || r.DataTraceEnabled) }

// Verbose says whether texts are wanted that only the execution log shows. Ask before
// making one.
func (r *Record) Verbose() bool { return r.Traced() || r != nil && r.LoggingLevel == LevelInfo }

// The logging levels of a stage's methods.
const (
	LevelOff   = "OFF"
	LevelError = "ERROR"
	LevelInfo  = "INFO"
)

// BeginStep notes that a step begins, so long after the exchange was received.
func (r *Record) BeginStep(name string, since time.Duration) {
	if r != nil {
		r.Steps = append(r.Steps, Step{Name: name, Started: since})
	}
}

// EndStep notes that the step has ended.
func (r *Record) EndStep(since time.Duration) {
	if r != nil && len(r.Steps) > 0 {
		step := &r.Steps[len(r.Steps)-1]
		step.Duration = since - step.Started
	}
}

// Note adds a fact to the step that runs. The URI of the endpoint is kept for execution
// logs alone: where the request went tells the same. Its query string is kept only where
// payloads are.
func (r *Record) Note(kind Kind, text string) {
	switch {
	case kind == EndpointUri && !r.Verbose():
		return
	case kind == Sending && !r.Traced():
		text, _, _ = strings.Cut(text, "?") // query strings may hold secrets
	}
	if kind == Sending || kind == EndpointUri {
		text = WithoutPassword(text)
	}
	if r != nil {
		text = r.hide(text)
	}
	r.add(Fact{Kind: kind, Text: text})
}

// Hide keeps a secret that the exchange has from then on out of every payload, value and
// text that is noted: an API key, which backends are sent.
func (r *Record) Hide(secret string) {
	if r != nil {
		r.hidden = secret
	}
}

// hide masks the secret in a text.
func (r *Record) hide(text string) string {
	if r.hidden == "" {
		return text
	}
	return strings.ReplaceAll(text, r.hidden, masked(r.hidden))
}

// NoteFields adds a copy of a list of names and values; of an empty list, and of path
// parameters, which the path shows, only where payloads are wanted.
func (r *Record) NoteFields(kind Kind, fields []Field) {
	if r == nil || !r.Traced() && (len(fields) == 0 || kind == RequestPath) {
		return
	}
	start := len(r.fields)
	r.fields = append(r.fields, fields...)
	own := r.fields[start:len(r.fields):len(r.fields)]
	switch {
	case !r.Traced():
		redact(kind, own)
	case r.Redacted:
		maskSecrets(own)
	}
	for i := range own {
		own[i].Value = r.hide(own[i].Value)
	}
	r.add(Fact{Kind: kind, Fields: own})
}

// NoteBody adds a copy of a payload; without data trace its size alone, and nothing of
// an empty one.
func (r *Record) NoteBody(kind Kind, body []byte) {
	switch {
	case r == nil:
	case r.Traced():
		r.add(Fact{Kind: kind, Body: r.copyBody(body), Size: len(body)})
	case len(body) > 0 && kind != MethodResponseBody: // whose size is ResponseLength
		r.add(Fact{Kind: kind, Size: len(body)})
	}
}

// copyBody masks before it cuts, so that no part of the secret is left at the cut.
func (r *Record) copyBody(body []byte) []byte {
	if r.hidden != "" && bytes.Contains(body, []byte(r.hidden)) {
		body = bytes.ReplaceAll(body, []byte(r.hidden), []byte(masked(r.hidden)))
		return body[:min(len(body), MaxBody)]
	}
	return append([]byte(nil), body[:min(len(body), MaxBody)]...)
}

func (r *Record) add(fact Fact) {
	if r == nil || len(r.Steps) == 0 {
		return
	}
	step := &r.Steps[len(r.Steps)-1]
	start := len(r.facts) - len(step.Facts)
	r.facts = append(r.facts, fact)
	step.Facts = r.facts[start:len(r.facts):len(r.facts)]
}
