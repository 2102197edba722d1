package restapi

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
)

// phase is one part of letting a client in: authenticating it, asking its authorizer, or
// authorizing it.
type phase struct {
	statusCode int // 0 for a phase that did not happen
	latency    time.Duration
	message    string // why it failed
}

// ran notes how a phase went that began at a moment.
func (p *phase) ran(e *exchange, began time.Time, f *fault.Fault) *fault.Fault {
	p.statusCode, p.latency = http.StatusOK, e.pipeline.Now().Sub(began)
	if f != nil {
		p.statusCode, p.message = servedStatusCode(f.Entry), loggedMessage(f)
	}
	return f
}

// loggedMessage is a fault's message as access logs show it: of a signature mismatch its
// first line, since the others repeat what the client sent, its session token included.
func loggedMessage(f *fault.Fault) string {
	if f.Id() != fault.SignatureMismatch {
		return f.Message
	}
	first, _, _ := strings.Cut(f.Message, "\n")
	return first
}

// accessLogVariables are those of $context that access logs alone have (guide:
// api-gateway-mapping-template-reference.md). How AWS divides an authorizer's call and the
// policy that it returned between authorizer.* and authorize.* is unconfirmed. A member of
// the authorizer's own context with such a name is hidden by them.
var accessLogVariables = map[string]contextVariable{
	"authenticate.error":            phaseError(authentication),
	"authenticate.latency":          phaseLatency(authentication),
	"authenticate.status":           phaseStatus(authentication),
	"authorize.error":               phaseError(authorization),
	"authorize.latency":             phaseLatency(authorization),
	"authorize.status":              phaseStatus(authorization),
	"authorizer.error":              phaseError(authorizing),
	"authorizer.integrationLatency": authorizerLatency,
	"authorizer.integrationStatus":  authorizerStatus,
	"authorizer.latency":            phaseLatency(authorizing),
	"authorizer.requestId":          authorizerRequestId,
	"authorizer.status":             phaseStatus(authorizing),
	"customDomain.basePathMatched":  basePathMatched,
	"integration.error":             func(e *exchange) (string, bool) { return some(e.answer.errorMessage) },
	"integration.integrationStatus": invokeStatus,
	"integration.latency":           integrationLatency,
	"integration.requestId":         func(e *exchange) (string, bool) { return some(e.answer.requestId) },
	"integration.status":            integrationStatus,
	"integrationErrorMessage":       func(e *exchange) (string, bool) { return some(e.answer.errorMessage) },
	"integrationLatency":            integrationLatency,
	"integrationStatus":             invokeStatus,
	"requestId":                     loggedRequestId,
	"responseLatency":               responseLatency,
	"responseLength":                func(e *exchange) (string, bool) { return strconv.Itoa(len(e.response.body)), true },
	"status":                        func(e *exchange) (string, bool) { return someNumber(int64(e.response.statusCode)) },
	"xrayTraceId":                   loggedTraceId,
}

// accessLogLine fills the stage's format. Only variables of $context have a value in it
// (guide: set-up-logging.md), and those of the stage.
func (e *exchange) accessLogLine() string {
	var b strings.Builder
	for _, part := range e.stage.AccessLog.Format.Parts() {
		switch part.Source {
		case plan.SourceLiteral:
			b.WriteString(part.Literal)
		case plan.SourceMethodRequest:
			b.WriteByte('-')
		default:
			value, ok := e.variable(part)
			if !ok {
				value = "" // some variables have one all the same
			}
			b.WriteString(inbound.Logged(part.Name, value))
		}
	}
	return b.String()
}

// noBasePath is logged of a custom domain name whose mapping has no path (observed by others
// in 2024, DataBiosphere/azul#4348).
const noBasePath = "(none)"

func basePathMatched(e *exchange) (string, bool) {
	if e.in.BasePath == "" && e.in.DomainName() != "" {
		return noBasePath, true
	}
	return some(strings.TrimPrefix(e.in.BasePath, "/"))
}

// loggedTraceId is the id of the request's trace alone, and of a request that is not traced
// nothing (public log of 2023).
func loggedTraceId(e *exchange) (string, bool) {
	if e.in.Trace == nil {
		return "", false
	}
	return some(e.in.Trace.Root)
}

func authentication(e *exchange) *phase { return &e.authentication }
func authorization(e *exchange) *phase  { return &e.authorization }
func authorizing(e *exchange) *phase    { return &e.authorizing }

func phaseStatus(of func(*exchange) *phase) contextVariable {
	return func(e *exchange) (string, bool) { return someNumber(int64(of(e).statusCode)) }
}

func phaseError(of func(*exchange) *phase) contextVariable {
	return func(e *exchange) (string, bool) { return some(of(e).message) }
}

func phaseLatency(of func(*exchange) *phase) contextVariable {
	return func(e *exchange) (string, bool) { return wholeMilliseconds(of(e).latency), of(e).statusCode != 0 }
}

func wholeMilliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// askedAuthorizer says whether the authorizer's function answered in this exchange.
func (e *exchange) askedAuthorizer() bool {
	return e.method != nil && e.method.Function != nil && e.grant != nil && !e.grant.Cached
}

func authorizerLatency(e *exchange) (string, bool) {
	if !e.askedAuthorizer() {
		return "", false
	}
	return wholeMilliseconds(e.grant.Latency), true
}

func authorizerStatus(e *exchange) (string, bool) {
	return strconv.Itoa(http.StatusOK), e.askedAuthorizer()
}

func authorizerRequestId(e *exchange) (string, bool) {
	if !e.askedAuthorizer() {
		return "", false
	}
	return some(e.grant.RequestId)
}

// replacedRequestId stands for an id that the client chose and that is no UUID (guide:
// set-up-logging.md); the response has one of ours.
const replacedRequestId = "UUID_REPLACED_INVALID_REQUEST_ID"

func loggedRequestId(e *exchange) (string, bool) {
	if sent := e.in.HTTP.Header["X-Amzn-Requestid"]; len(sent) > 0 && sent[0] != e.in.RequestId {
		return replacedRequestId, true
	}
	return some(e.in.RequestId)
}

// integrationStatus is what the backend's code answered; for AWS_PROXY the function's
// statusCode.
func integrationStatus(e *exchange) (string, bool) {
	if !e.answer.called {
		return "", false
	}
	return someNumber(int64(e.answer.statusCode))
}

// invokeStatus is Lambda's own status for functions, else the backend's.
func invokeStatus(e *exchange) (string, bool) {
	if e.answer.invokeStatusCode != 0 {
		return someNumber(int64(e.answer.invokeStatusCode))
	}
	return integrationStatus(e)
}

func integrationLatency(e *exchange) (string, bool) {
	if !e.answer.called {
		return "", false
	}
	return wholeMilliseconds(e.answer.latency), true
}

func responseLatency(e *exchange) (string, bool) {
	return wholeMilliseconds(e.finished.Sub(e.in.Received)), true
}
