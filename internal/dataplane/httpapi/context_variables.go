package httpapi

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/plan"
	"gatehouse/internal/value"
)

// contextVariable is one variable of $context. ok is false where it has no value.
type contextVariable func(e *exchange) (value string, ok bool)

// contextVariables is $context of HTTP APIs: one table for parameter mappings, identity
// sources and access logs (guide: http-api-logging-variables.md). Variables of services
// that Gatehouse has not (Cognito identities, organisations) have no value.
var contextVariables = map[string]contextVariable{
	"accountId":                    func(e *exchange) (string, bool) { return some(e.stage.AccountId) },
	"apiId":                        func(e *exchange) (string, bool) { return some(e.stage.ApiId) },
	"authorizer.error":             func(e *exchange) (string, bool) { return some(e.authError) },
	"authorizer.principalId":       authorizerPrincipal,
	"awsEndpointRequestId":         func(e *exchange) (string, bool) { return some(e.answer.requestId) },
	"awsEndpointRequestId2":        func(e *exchange) (string, bool) { return some(e.answer.header.Get("X-Amz-Id-2")) },
	"customDomain.basePathMatched": func(e *exchange) (string, bool) { return some(strings.TrimPrefix(e.in.BasePath, "/")) },
	"dataProcessed":                func(e *exchange) (string, bool) { return strconv.Itoa(len(e.in.SentBody) + len(e.response.body)), true },
	"deploymentId":                 func(e *exchange) (string, bool) { return some(e.stage.DeploymentId) },
	"domainName":                   func(e *exchange) (string, bool) { return some(e.in.Host) },
	"domainPrefix":                 func(e *exchange) (string, bool) { return some(e.in.DomainPrefix) },
	"extendedRequestId":            func(e *exchange) (string, bool) { return some(e.requestId()) },
	"httpMethod":                   func(e *exchange) (string, bool) { return some(e.in.HTTP.Method) },
	"path":                         func(e *exchange) (string, bool) { return some(e.eventPath()) },
	"protocol":                     func(*exchange) (string, bool) { return protocol, true },
	"requestId":                    func(e *exchange) (string, bool) { return some(e.requestId()) },
	"requestTime":                  func(e *exchange) (string, bool) { return formatRequestTime(e.in.Received), true },
	"requestTimeEpoch":             func(e *exchange) (string, bool) { return strconv.FormatInt(e.in.Received.UnixMilli(), 10), true },
	"routeKey":                     routeKey,
	"stage":                        func(e *exchange) (string, bool) { return some(e.stage.StageName) },

	"identity.accessKey": func(e *exchange) (string, bool) { return some(e.signer.ID) },
	"identity.accountId": func(e *exchange) (string, bool) {
		return ofPrincipal(e, func() string { return e.signer.Principal.Account })
	},
	"identity.caller": func(e *exchange) (string, bool) {
		return ofPrincipal(e, func() string { return e.signer.Principal.UserID })
	},
	"identity.sourceIp": func(e *exchange) (string, bool) { return some(e.in.SourceIp) },
	"identity.user": func(e *exchange) (string, bool) {
		return ofPrincipal(e, func() string { return e.signer.Principal.UserID })
	},
	"identity.userAgent": func(e *exchange) (string, bool) { return some(e.in.HTTP.UserAgent()) },
	"identity.userArn": func(e *exchange) (string, bool) {
		return ofPrincipal(e, func() string { return e.signer.Principal.ARN })
	},

	"error.message": func(e *exchange) (string, bool) {
		return ofFault(e, func() string { return renderingOf(e.fault).message })
	},
	"error.messageString": func(e *exchange) (string, bool) {
		return ofFault(e, func() string { return quoteJSON(renderingOf(e.fault).message) })
	},
	"error.responseType": func(e *exchange) (string, bool) {
		return ofFault(e, func() string { return e.fault.Entry.ResponseType })
	},

	"integration.error":             func(e *exchange) (string, bool) { return some(e.answer.errorMessage) },
	"integration.integrationStatus": invokeStatus,
	"integration.latency":           integrationLatency,
	"integration.requestId":         func(e *exchange) (string, bool) { return some(e.answer.requestId) },
	"integration.status":            integrationStatus,
	"integrationErrorMessage":       func(e *exchange) (string, bool) { return some(e.answer.errorMessage) },
	"integrationLatency":            integrationLatency,
	"integrationStatus":             invokeStatus,
	"responseLatency":               responseLatency,
	"responseLength":                func(e *exchange) (string, bool) { return strconv.Itoa(len(e.response.body)), true },
	"status":                        func(e *exchange) (string, bool) { return someNumber(e.response.statusCode) },
}

// contextNames are the variables that mappings may name: the table's, and the claims of
// a token, which are a group of their own.
func contextNames() []string {
	return append(slices.Sorted(maps.Keys(contextVariables)), authorizerPrefix+claimsPrefix+"sub")
}

const (
	authorizerPrefix = "authorizer."
	claimsPrefix     = "claims."
)

// contextVariable looks a variable up by its name without "$context.".
func (e *exchange) contextVariable(name string) (string, bool) {
	if variable, ok := contextVariables[name]; ok {
		return variable(e)
	}
	property, ok := strings.CutPrefix(name, authorizerPrefix)
	if !ok || e.grant == nil {
		return "", false
	}
	if claim, ok := strings.CutPrefix(property, claimsPrefix); ok {
		return e.grant.Claim(claim)
	}
	return inbound.Last(e.grant.ContextStrings(), property)
}

// ContextVariable implements mapping.Variables.
func (e *exchange) ContextVariable(name string) (value.Value, bool) {
	text, ok := e.contextVariable(name)
	if !ok {
		return value.Value{}, false
	}
	return value.OfString(text), true
}

// accessLogLine fills the stage's format; what has no value is "-".
func (e *exchange) accessLogLine() string {
	var b strings.Builder
	for _, part := range e.stage.AccessLog.Format.Parts() {
		text, ok := "", false
		switch part.Source {
		case plan.SourceLiteral:
			b.WriteString(part.Literal)
			continue
		case plan.SourceContext:
			text, ok = e.contextVariable(part.Name)
		case plan.SourceStageVariables:
			text, ok = inbound.Last(e.stage.VariableFields, part.Name)
		case plan.SourceMethodRequest:
		}
		if !ok {
			text = ""
		}
		b.WriteString(inbound.Logged(part.Name, text))
	}
	return b.String()
}

func authorizerPrincipal(e *exchange) (string, bool) {
	if e.grant == nil {
		return "", false
	}
	return some(e.grant.PrincipalId)
}

func routeKey(e *exchange) (string, bool) {
	if e.route == nil {
		return "", false
	}
	return e.route.RouteKey, true
}

func some(text string) (string, bool) { return text, text != "" }

func someNumber(number int) (string, bool) {
	if number == 0 {
		return "", false
	}
	return strconv.Itoa(number), true
}

func ofPrincipal(e *exchange, get func() string) (string, bool) {
	if e.signer.Principal == nil {
		return "", false
	}
	return some(get())
}

func ofFault(e *exchange, get func() string) (string, bool) {
	if e.fault == nil {
		return "", false
	}
	return some(get())
}

// integrationStatus is what the backend's code answered; for functions their statusCode.
func integrationStatus(e *exchange) (string, bool) {
	if !e.answer.called {
		return "", false
	}
	return someNumber(e.answer.statusCode)
}

// invokeStatus is Lambda's own status for functions, else the backend's.
func invokeStatus(e *exchange) (string, bool) {
	if e.answer.invokeStatusCode != 0 {
		return someNumber(e.answer.invokeStatusCode)
	}
	return integrationStatus(e)
}

func integrationLatency(e *exchange) (string, bool) {
	if !e.answer.called {
		return "", false
	}
	return strconv.FormatInt(e.answer.latency.Milliseconds(), 10), true
}

func responseLatency(e *exchange) (string, bool) {
	if e.finished.IsZero() {
		return "", false
	}
	return strconv.FormatInt(e.finished.Sub(e.in.Received).Milliseconds(), 10), true
}
