package websocketapi

import (
	"net/http"
	"strings"
	"time"

	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
)

// phase is one part of letting a client in: authenticating it, authorizing it, or asking
// its authorizer.
type phase struct {
	statusCode int // 0 for a phase that did not happen
	latency    time.Duration
	message    string // why it failed
}

// ran notes how a phase went that began at a moment.
func (p *phase) ran(e *exchange, began time.Time, f *fault.Fault) *fault.Fault {
	p.statusCode, p.latency = http.StatusOK, e.pipeline.Now().Sub(began)
	if f != nil {
		p.statusCode, p.message = statusCodeOf(f), loggedMessage(f)
	}
	return f
}

// accessLogVariables are those of $context that access logs alone have: how the client was
// let in (guide: websocket-api-logging.md). A member of the authorizer's own context with
// such a name is hidden by them.
var accessLogVariables = map[string]contextVariable{
	"authenticate.status":  func(e *exchange) (string, bool) { return someNumber(e.authentication.statusCode) },
	"authenticate.latency": latencyOf(func(e *exchange) *phase { return &e.authentication }),
	"authenticate.error":   func(e *exchange) (string, bool) { return some(e.authentication.message) },
	"authorize.status":     func(e *exchange) (string, bool) { return someNumber(e.authorization.statusCode) },
	"authorize.latency":    latencyOf(func(e *exchange) *phase { return &e.authorization }),
	"authorize.error":      func(e *exchange) (string, bool) { return some(e.authorization.message) },
	"authorizer.status":    func(e *exchange) (string, bool) { return someNumber(e.authorizing.statusCode) },
	"authorizer.latency":   latencyOf(func(e *exchange) *phase { return &e.authorizing }),
	"authorizer.error":     func(e *exchange) (string, bool) { return some(e.authorizing.message) },
	"authorizer.requestId": func(e *exchange) (string, bool) {
		if e.authorizerAnswered() == 0 {
			return "", false
		}
		return some(e.identity.grant.RequestId)
	},
	"authorizer.integrationStatus": func(e *exchange) (string, bool) {
		return someNumber(e.authorizerAnswered())
	},
	"authorizer.integrationLatency": func(e *exchange) (string, bool) {
		if e.authorizerAnswered() == 0 {
			return "", false
		}
		return wholeMilliseconds(e.identity.grant.Latency), true
	},
}

func latencyOf(get func(*exchange) *phase) contextVariable {
	return func(e *exchange) (string, bool) {
		p := get(e)
		return wholeMilliseconds(p.latency), p.statusCode != 0
	}
}

// authorizerAnswered is the status of the authorizer function's answer in this exchange; 0
// for one that was not asked, and for one that failed.
func (e *exchange) authorizerAnswered() int {
	if e.authorizing.statusCode == 0 || e.identity == nil || e.identity.grant == nil || e.identity.grant.Cached {
		return 0
	}
	return http.StatusOK
}

// accessLogLine fills the stage's format; what has no value is "-".
func (e *exchange) accessLogLine() string {
	var b strings.Builder
	for _, part := range e.stage.AccessLog.Format.Parts() {
		var text string
		switch part.Source {
		case plan.SourceLiteral:
			b.WriteString(part.Literal)
			continue
		case plan.SourceContext:
			text = e.loggedVariable(part.Name)
		case plan.SourceStageVariables:
			text = e.stage.Variables[part.Name]
		case plan.SourceMethodRequest:
		}
		b.WriteString(inbound.Logged(part.Name, text))
	}
	return b.String()
}

// loggedVariable is a variable's value in an access log; empty without one.
func (e *exchange) loggedVariable(name string) string {
	variable, known := accessLogVariables[name]
	if !known {
		variable = func(e *exchange) (string, bool) { return e.contextVariable(name) }
	}
	if value, ok := variable(e); ok {
		return value
	}
	return ""
}
