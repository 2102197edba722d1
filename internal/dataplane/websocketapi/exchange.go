package websocketapi

import (
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"time"

	"gatehouse/internal/connections"
	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/mapping"
	"gatehouse/internal/plan"
	"gatehouse/internal/tracing"
)

// The values of $context.eventType.
const (
	eventConnect    = "CONNECT"
	eventMessage    = "MESSAGE"
	eventDisconnect = "DISCONNECT"
)

// exchange is a handshake, a message or a disconnection on its way: what was given, and
// one group of fields for the results of each step.
type exchange struct {
	pipeline   *Pipeline
	stage      *plan.WebSocketStage // read once; a plan never changes under an exchange
	eventType  string
	requestId  string
	messageId  string // of messages
	received   time.Time
	connection *connections.Connection
	domainName string
	identity   *identity
	record     *record.Notes    // nil without a Recorder
	trace      *tracing.Context // nil while it is not traced

	in      *inbound.Request     // of a handshake
	client  *client              // of a message
	message []byte               // of a message
	closing *connections.Closing // of a disconnection

	// select_route
	route    *plan.WebSocketRoute
	settings *plan.WebSocketRouteSettings

	// authorize
	authentication, authorization, authorizing phase

	// map_request; input belongs to select_route and map_response too
	input    mapping.Input
	payload  mapping.Payload
	outbound outbound
	values   []string // of one mapping, while it is evaluated

	// call_integration
	answer answer

	// map_response
	statusCode int
	response   []byte // the message for the client; empty sends none
	protocol   string // the sub-protocol of an accepted handshake

	done     bool // there are no more steps to take
	fault    *fault.Fault
	finished time.Time
}

// outbound is what goes to the backend.
type outbound struct {
	httpMethod     string
	url            string
	host           string
	header         http.Header
	body           []byte
	binary         bool
	functionArn    string
	async          bool
	mockStatusCode int
	// service and region are those of an AWS service, for which the request is signed.
	service, region string
}

// answer is what the backend gave.
type answer struct {
	statusCode int
	headers    []integration.Field
	body       []byte
	// selection is what integration responses are matched against.
	selection        string
	proxy            *integration.ProxyResponse // of AWS_PROXY
	invokeStatusCode int
	requestId        string
	latency          time.Duration
	called           bool
	errorMessage     string
}

func (p *Pipeline) newExchange(stage *plan.WebSocketStage, eventType string) *exchange {
	e := &exchange{pipeline: p, stage: stage, eventType: eventType, requestId: p.newRequestId(), received: p.Now()}
	if p.Traced && eventType != eventConnect {
		e.trace = tracing.Origin{Now: e.received, Random: p.Random}.Continue(tracing.Sent{}, true)
	}
	return e
}

// linkTo leads from the exchange's trace, where it has one, to its connection's handshake.
func (e *exchange) linkTo(handshake *tracing.Link) {
	if e.trace != nil {
		e.trace.Link = handshake
	}
}

// noteRefused notes what a handshake that is refused was sent with, for its explanation.
// A data trace would show the values, in a log where AWS has no such line.
func (e *exchange) noteRefused() {
	if e.fault != nil && e.in != nil && !e.record.Method.DataTraceEnabled {
		e.record.NoteFields(record.RequestQuery, e.in.Query)
		e.record.NoteFields(record.RequestHeaders, e.in.Headers)
	}
}

const (
	requestIdBytes = 11 // 15 characters of base64 and one "="
	uint64Bytes    = 8
	hyphen         = 62 // in base64 for URLs
)

// newRequestId makes an id of AWS's form; $context.requestId and extendedRequestId are
// the same for WebSocket APIs (guide: apigateway-websocket-api-mapping-template-reference.md).
func (p *Pipeline) newRequestId() string {
	var raw [2 * uint64Bytes]byte
	binary.BigEndian.PutUint64(raw[:], p.Random())
	binary.BigEndian.PutUint64(raw[uint64Bytes:], p.Random())
	if raw[0]>>2 == hyphen {
		raw[0] = 0
	}
	return base64.URLEncoding.EncodeToString(raw[:requestIdBytes])
}

// execute-api ARN of the route (guide: apigateway-websocket-control-access-iam.md).
func (e *exchange) routeArn() string {
	return e.apiArn() + "/" + e.stage.StageName + "/" + e.route.RouteKey
}

func (e *exchange) apiArn() string {
	return "arn:aws:execute-api:" + e.stage.Region + ":" + e.stage.AccountId + ":" + e.stage.ApiId
}

// mappingInput is what expressions, templates and parameter mappings are given, made
// when the first of them needs it.
func (e *exchange) mappingInput() *mapping.Input {
	if e.input.Context != nil {
		return &e.input
	}
	e.payload = mapping.NewPayload(e.message)
	e.input = mapping.Input{
		Payload: &e.payload, Context: e.pipeline.contextNames().NewContext(e), StageVariables: valuesOf(e.stage.VariableFields),
	}
	if e.in != nil {
		e.input.Header, e.input.Querystring = valuesOf(e.in.Headers), valuesOf(e.in.Query)
	}
	return &e.input
}

func (p *Pipeline) contextNames() *mapping.ContextNames {
	p.namesOnce.Do(func() { p.names = mapping.NewContextNames(templateVariableNames) })
	return p.names
}

func valuesOf(fields []integration.Field) mapping.Values {
	if len(fields) == 0 {
		return nil
	}
	values := make(mapping.Values, len(fields))
	for i, field := range fields {
		values[i] = mapping.Value(field)
	}
	return values
}

func noPathParameter(string) (string, bool) { return "", false }
