// Package record is what an exchange leaves behind for people: which steps ran, how
// long each took, which facts decided, and the fault that ended it. The execution log,
// the diagnosis and the console are written from it; the pipelines only note facts.
//
// Pipelines write Notes, which are a few hundred bytes and cost a request next to nothing;
// readers get the Record that the Notes decode to. The package renders nothing and stores
// nothing. Without a Recorder there are no Notes; every method of nil Notes, or of silent
// ones, does nothing and allocates nothing.
//
// Begin at Recorder.
package record

import (
	"strings"
	"time"

	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/tracing"
)

// Recorder is told of exchanges.
type Recorder interface {
	// Begin says what is wanted of an exchange: it sets Silent and Redacted. The Notes stay the
	// pipeline's own.
	Begin(notes *Notes)
	// End takes what it wants of Notes that are complete, silent ones too, and keeps none of
	// them.
	End(notes *Notes)
}

// Method is what all exchanges with a method or route of a stage have in common. The
// compiler makes them, once for all requests; records point at them, so nobody changes one.
type Method struct {
	AccountId, Region, ApiId, StageName, DeploymentId string
	// ProtocolType is HTTP or WEBSOCKET, as AWS's Api has it; empty for REST APIs, and
	// ControlPlane for a refused operation.
	ProtocolType string
	// ResourcePath and what follows are empty for exchanges that found no method.
	// ResourcePath is the key of a route, and ResourceId its id.
	ResourcePath, ResourceId string
	LoggingLevel             string // OFF, ERROR or INFO
	DataTraceEnabled         bool
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

// own is a copy that shares no text: those of a request are parts of its head, all of which
// a record would keep.
func (m *Method) own() *Method {
	copied := *m
	for _, text := range [...]*string{
		&copied.AccountId, &copied.Region, &copied.ApiId, &copied.StageName, &copied.DeploymentId,
		&copied.ProtocolType, &copied.ResourcePath, &copied.ResourceId, &copied.LoggingLevel,
	} {
		*text = strings.Clone((*text)[:min(len(*text), MaxName)])
	}
	return &copied
}

// Exchange is what an exchange has of its own.
type Exchange struct {
	RequestId, ExtendedRequestId string
	HttpMethod, Path             string
	Received                     time.Time
	// DomainName is the custom domain name that a request came to, and BasePath the part of
	// its path that a mapping or routing rule took, "/v1"; empty at an API's own endpoint.
	DomainName, BasePath string
	// Trace is the exchange's place in a trace; nil while it is not traced. It is not
	// encoded.
	Trace *tracing.Context
	// Fault is what ended the exchange early; nil for a complete one. It is not encoded.
	Fault      *fault.Fault
	StatusCode int
	Duration   time.Duration
	// RequestLength is the bytes of the body that the client sent, for HTTP APIs; it is not
	// encoded. ResponseLength is those of the body that the client got.
	RequestLength, ResponseLength int
	// IntegrationLatency is how long the backend took; Called says that it was called.
	IntegrationLatency time.Duration
	Called             bool
	// Cache says what a stage's cache had; it is not encoded.
	Cache CacheResult
}

// Request is what a client sent.
type Request struct {
	Path, Query, Headers []Field
	Body                 []byte
}

// Summary is an exchange without its steps.
type Summary struct {
	Method
	Exchange
}

// CacheResult is what the cache of a stage had of an answer.
type CacheResult uint8

// The results.
const (
	CacheNone CacheResult = iota // the answer is not cached
	CacheHit
	CacheMiss
)

// Record is an exchange, to be read.
type Record struct {
	Summary
	Steps []Step
}

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
	// Body is used by facts that are payloads, cut at MaxBody; nil where it was redacted.
	// Size is the payload's size, bytes.
	Body []byte
	Size int
}

// Field is a name and a value of a Fact.
type Field = integration.Field

// Bounds of what a Record keeps, bytes: of a payload, of a path, and of each name of a
// Method that no compiler made.
const (
	MaxBody = 64 * 1024
	MaxName = 256
	MaxPath = 10240
)

// Kind says what a Fact tells.
type Kind byte

// The kinds of facts. Each names the line of AWS's execution log that is written from
// it, where there is one.
const (
	Route              Kind = iota // HTTP Method: GET, Resource Path: /pets
	RequestPath                    // Method request path: {id=1}
	RequestQuery                   // Method request query string: {}
	RequestHeaders                 // Method request headers: {}
	RequestBody                    // Method request body before transformations:
	Authorizer                     // Starting authorizer: a1b2c3 for request:
	AuthorizerIdentity             // Incoming identity: masked
	AuthorizerUri                  // the function that was asked
	AuthorizerBody                 // what it was sent
	AuthorizerReply                // Authorizer result body before parsing:
	AuthorizerPolicy               // Using valid authorizer policy for principal: masked
	Principal                      // who was authorized
	PolicyDecision                 // which statement of the resource policy decided
	ThrottleLevel                  // the bucket that was empty
	ApiKey                         // the value that the request showed, masked
	ApiKeyId                       // the key that it is the value of
	UsagePlanId                    // the plan that decided
	ApiKeyReason                   // why the key was refused
	ValidatedModel                 // the model the body was checked against
	TemplateChosen                 // content type of the template, or why there was none
	EndpointUri                    // Endpoint request URI:
	EndpointHeaders                // Endpoint request headers:
	EndpointBody                   // Endpoint request body after transformations:
	Sending                        // Sending request to
	IntegrationLatency             // Received response. Status: 200, Integration latency: N ms
	EndpointReplyHeaders
	EndpointReplyBody
	EndpointRequestId // AWS Integration Endpoint RequestId :
	PatternTried
	PatternChosen
	MethodResponseBody // Method response body after transformations:
	MethodResponseHeaders
	GatewayResponse // the type that rendered the fault
	Base64AsText    // why a base64 body was not decoded
	TemplateOutput  // where and why a template's output is not JSON, which a backend refused
	TemplateMend    // a change of the template that gives JSON, as package blame writes it
	Cache           // HIT or MISS, the answer's age, and by which key
	CacheControl    // why a client that asked for a fresh answer did not get one
	PlainToTls      // a load balancer refused plain HTTP; the command that mends it
	ErrorAsSuccess  // a backend's error that no pattern matched: its kind, ": " and itself
	RequestDamaged  // the body's media type, ": " and how many of its bytes were lost as text
	ResponseDamaged // the same of the response
	ProxyAnswer     // a proxy response that no proxy integration read: its statusCode, and names
	PathUnfilled    // a path parameter that stays in the integration's URI, in braces
	RouteKey        // the key that a message selected and that no route has
	LeftOut         // that the record is Brief
)

// kindNames are the kinds as explanations name them, in the same order.
var kindNames = [...]string{
	Route:                 "route",
	RequestPath:           "method-request-path",
	RequestQuery:          "method-request-query",
	RequestHeaders:        "method-request-headers",
	RequestBody:           "method-request-body",
	Authorizer:            "authorizer",
	AuthorizerIdentity:    "authorizer-identity",
	AuthorizerUri:         "authorizer-uri",
	AuthorizerBody:        "authorizer-request-body",
	AuthorizerReply:       "authorizer-result",
	AuthorizerPolicy:      "authorizer-policy",
	Principal:             "principal",
	PolicyDecision:        "policy-decision",
	ThrottleLevel:         "throttle-level",
	ApiKey:                "api-key",
	ApiKeyId:              "api-key-id",
	UsagePlanId:           "usage-plan-id",
	ApiKeyReason:          "api-key-reason",
	ValidatedModel:        "validated-model",
	TemplateChosen:        "template-chosen",
	EndpointUri:           "endpoint-request-uri",
	EndpointHeaders:       "endpoint-request-header",
	EndpointBody:          "endpoint-request-body",
	Sending:               "sending",
	IntegrationLatency:    "integration-latency",
	EndpointReplyHeaders:  "endpoint-response-header",
	EndpointReplyBody:     "endpoint-response-body",
	EndpointRequestId:     "endpoint-request-id",
	PatternTried:          "selection-pattern-tried",
	PatternChosen:         "selection-pattern-chosen",
	MethodResponseBody:    "method-response-body",
	MethodResponseHeaders: "method-response-headers",
	GatewayResponse:       "gateway-response",
	Base64AsText:          "base64-as-text",
	TemplateOutput:        "template-output",
	TemplateMend:          "template-mend",
	Cache:                 "cache",
	CacheControl:          "cache-control",
	PlainToTls:            "plain-to-tls",
	ErrorAsSuccess:        "error-as-success",
	RequestDamaged:        "request-body-damaged",
	ResponseDamaged:       "response-body-damaged",
	ProxyAnswer:           "proxy-response-unread",
	PathUnfilled:          "path-parameter-unfilled",
	RouteKey:              "route-key",
	LeftOut:               "left-out",
}

// DecidedBySetting stands in a fact CacheControl before the key of the method setting
// that asks for authorization.
const DecidedBySetting = "; asked for by the method setting "

// String is the name of the kind.
func (k Kind) String() string {
	if int(k) >= len(kindNames) {
		return ""
	}
	return kindNames[k]
}
