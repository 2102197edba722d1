package websocketapi

import (
	"strconv"
	"strings"
	"time"

	"gatehouse/internal/apikey"
	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
	"gatehouse/internal/value"
)

// contextVariable is one variable of $context. ok is false where it has no value.
type contextVariable func(e *exchange) (value string, ok bool)

// contextVariables is $context (guide: apigateway-websocket-api-mapping-template-reference.md
// and websocket-api-logging.md). Variables of services that Gatehouse has not (WAF,
// Cognito identities) have no value.
var contextVariables = map[string]contextVariable{
	"accountId":              func(e *exchange) (string, bool) { return some(e.stage.AccountId) },
	"apiId":                  func(e *exchange) (string, bool) { return some(e.stage.ApiId) },
	"authorizer.principalId": func(e *exchange) (string, bool) { return e.authorizerMember("principalId") },
	"connectedAt":            func(e *exchange) (string, bool) { return milliseconds(e.connection.ConnectedAt), true },
	"connectionId":           func(e *exchange) (string, bool) { return some(e.connection.Id) },
	"deploymentId":           func(e *exchange) (string, bool) { return some(e.stage.DeploymentId) },
	"domainName":             func(e *exchange) (string, bool) { return some(e.domainName) },
	"domainPrefix":           func(e *exchange) (string, bool) { prefix, _, _ := strings.Cut(e.domainName, "."); return some(prefix) },
	"eventType":              func(e *exchange) (string, bool) { return some(e.eventType) },
	"extendedRequestId":      func(e *exchange) (string, bool) { return some(e.requestId) },
	"messageDirection":       func(*exchange) (string, bool) { return "IN", true },
	"messageId":              func(e *exchange) (string, bool) { return some(e.messageId) },
	"requestId":              func(e *exchange) (string, bool) { return some(e.requestId) },
	"requestTime":            func(e *exchange) (string, bool) { return formatRequestTime(e.received), true },
	"requestTimeEpoch":       func(e *exchange) (string, bool) { return milliseconds(e.received), true },
	"routeKey": func(e *exchange) (string, bool) {
		return ofRoute(e, func(r *plan.WebSocketRoute) string { return r.RouteKey })
	},
	"operationName": func(e *exchange) (string, bool) {
		return ofRoute(e, func(r *plan.WebSocketRoute) string { return r.OperationName })
	},
	"stage":              func(e *exchange) (string, bool) { return some(e.stage.StageName) },
	"identity.sourceIp":  func(e *exchange) (string, bool) { return some(e.connection.SourceIp) },
	"identity.userAgent": func(e *exchange) (string, bool) { return some(e.connection.UserAgent) },
	"identity.apiKey":    apiKeyVariable,
	"identity.apiKeyId":  apiKeyIdVariable,
	"identity.accountId": ofPrincipal(func(i *identity) string { return i.principal.Account }),
	"identity.caller":    ofPrincipal(func(i *identity) string { return i.principal.UserID }),
	"identity.user":      ofPrincipal(func(i *identity) string { return i.principal.UserID }),
	"identity.userArn":   ofPrincipal(func(i *identity) string { return i.principal.ARN }),
	"identity.accessKey": ofPrincipal(func(i *identity) string { return i.accessKey }),
	"status":             func(e *exchange) (string, bool) { return someNumber(e.statusCode) },
	"error.message":      func(e *exchange) (string, bool) { return ofFault(e, func() string { return loggedMessage(e.fault) }) },
	"error.messageString": func(e *exchange) (string, bool) {
		return ofFault(e, func() string { return quoteJSON(loggedMessage(e.fault)) })
	},
	"error.responseType": func(e *exchange) (string, bool) {
		return ofFault(e, func() string { return e.fault.Entry.ResponseType })
	},
	"integration.error":       func(e *exchange) (string, bool) { return some(e.answer.errorMessage) },
	"integrationErrorMessage": func(e *exchange) (string, bool) { return some(e.answer.errorMessage) },
	"integration.latency":     integrationLatency,
	"integrationLatency":      integrationLatency,
	"integration.status":      func(e *exchange) (string, bool) { return someNumber(e.answer.statusCode) },
	"integrationStatus":       func(e *exchange) (string, bool) { return someNumber(e.answer.statusCode) },
	"integration.integrationStatus": func(e *exchange) (string, bool) {
		return someNumber(e.answer.invokeStatusCode)
	},
	"integration.requestId": func(e *exchange) (string, bool) { return some(e.answer.requestId) },
	"awsEndpointRequestId":  func(e *exchange) (string, bool) { return some(e.answer.requestId) },
	"error.validationErrorString": func(e *exchange) (string, bool) {
		return ofFault(e, func() string { return e.fault.ValidationError })
	},
	"disconnectReason": func(e *exchange) (string, bool) {
		if e.closing == nil {
			return "", false
		}
		return e.closing.Reason, true
	},
	"disconnectStatusCode": func(e *exchange) (string, bool) {
		if e.closing == nil {
			return "", false
		}
		return someNumber(e.closing.Code)
	},
}

// templateVariableNames are the variables that a template sees when it iterates over
// $context: the table of the guide.
var templateVariableNames = []string{
	"apiId", "authorizer.principalId", "connectedAt", "connectionId", "domainName", "eventType", "extendedRequestId",
	"identity.accountId", "identity.apiKey", "identity.apiKeyId", "identity.caller", "identity.cognitoAuthenticationProvider",
	"identity.cognitoAuthenticationType", "identity.cognitoIdentityId", "identity.cognitoIdentityPoolId", "identity.sourceIp",
	"identity.user", "identity.userAgent", "identity.userArn", "messageId", "requestId", "requestTime", "requestTimeEpoch", "routeKey", "stage", "status",
}

const authorizerPrefix = "authorizer."

// contextVariable looks a variable up by its name without "$context.".
func (e *exchange) contextVariable(name string) (string, bool) {
	if variable, ok := contextVariables[name]; ok {
		return variable(e)
	}
	if member, ok := strings.CutPrefix(name, authorizerPrefix); ok {
		return e.authorizerMember(member)
	}
	return "", false
}

// ContextVariable implements mapping.Variables: what templates and mappings see.
func (e *exchange) ContextVariable(name string) (value.Value, bool) {
	switch name {
	case "requestTimeEpoch":
		return value.OfLong(e.received.UnixMilli()), true
	case "connectedAt":
		return value.OfLong(e.connection.ConnectedAt.UnixMilli()), true
	}
	text, ok := e.contextVariable(name)
	if !ok {
		return value.Value{}, false
	}
	return value.OfString(text), true
}

// authorizerMember is what an authorizer function said of the client, as text.
func (e *exchange) authorizerMember(name string) (string, bool) {
	if e.identity == nil || e.identity.grant == nil {
		return "", false
	}
	if name == "principalId" {
		return some(e.identity.grant.PrincipalId)
	}
	for _, member := range e.identity.grant.ContextStrings() {
		if member.Name == name {
			return member.Value, true
		}
	}
	return "", false
}

// loggedMessage is a fault's message, of a signature mismatch its first line: the others
// repeat what the client sent, its session token included.
func loggedMessage(f *fault.Fault) string {
	if f.Id() != fault.SignatureMismatch {
		return f.Message
	}
	first, _, _ := strings.Cut(f.Message, "\n")
	return first
}

// apiKeyVariable is the key's value; logs get no more of it than AWS's show.
func apiKeyVariable(e *exchange) (string, bool) {
	if e.identity == nil {
		return "", false
	}
	if e.finished.IsZero() {
		return some(e.identity.apiKey)
	}
	return some(apikey.Mask(e.identity.apiKey))
}

func apiKeyIdVariable(e *exchange) (string, bool) {
	if e.identity == nil {
		return "", false
	}
	return some(e.identity.apiKeyId)
}

func some(text string) (string, bool) { return text, text != "" }

func someNumber(number int) (string, bool) {
	if number == 0 {
		return "", false
	}
	return strconv.Itoa(number), true
}

func wholeMilliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

func milliseconds(at time.Time) string { return strconv.FormatInt(at.UnixMilli(), 10) }

func ofRoute(e *exchange, get func(*plan.WebSocketRoute) string) (string, bool) {
	if e.route == nil {
		return "", false
	}
	return some(get(e.route))
}

func ofPrincipal(get func(*identity) string) contextVariable {
	return func(e *exchange) (string, bool) {
		if e.identity == nil || e.identity.principal == nil {
			return "", false
		}
		return some(get(e.identity))
	}
}

func ofFault(e *exchange, get func() string) (string, bool) {
	if e.fault == nil {
		return "", false
	}
	return some(get())
}

func integrationLatency(e *exchange) (string, bool) {
	if !e.answer.called {
		return "", false
	}
	return wholeMilliseconds(e.answer.latency), true
}

// requestTimeLayout is the Common Log Format's.
const requestTimeLayout = "02/Jan/2006:15:04:05 -0700"

func formatRequestTime(at time.Time) string { return at.UTC().Format(requestTimeLayout) }
