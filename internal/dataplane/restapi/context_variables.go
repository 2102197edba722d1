package restapi

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"gatehouse/internal/apikey"
	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/origin"
	"gatehouse/internal/value"
)

// contextVariable is one variable of $context. ok is false where it has no value.
type contextVariable func(e *exchange) (value string, ok bool)

// contextVariables is $context: one table for mapping templates, parameter mappings,
// gateway responses and access logs, each variable computed when it is asked for
// (guide: api-gateway-mapping-template-reference.md). Variables of services that
// Gatehouse has not (WAF, X-Ray, Cognito identities) are absent and have no value.
var contextVariables = map[string]contextVariable{
	"accountId":            func(e *exchange) (string, bool) { return some(e.stage.AccountId) },
	"apiId":                func(e *exchange) (string, bool) { return some(e.stage.ApiId) },
	"awsEndpointRequestId": func(e *exchange) (string, bool) { return some(e.answer.requestId) },
	"deploymentId":         func(e *exchange) (string, bool) { return some(e.stage.DeploymentId) },
	"domainName":           func(e *exchange) (string, bool) { return some(e.in.Host) },
	"domainPrefix":         func(e *exchange) (string, bool) { return some(e.in.DomainPrefix) },
	"extendedRequestId":    func(e *exchange) (string, bool) { return some(e.in.ExtendedRequestId) },
	"httpMethod":           func(e *exchange) (string, bool) { return some(e.httpMethod) },
	"isCanaryRequest":      func(e *exchange) (string, bool) { return strconv.FormatBool(e.stage.IsCanary), true },
	"operationName":        func(e *exchange) (string, bool) { return ofMethod(e, func() string { return e.method.OperationName }) },
	"path":                 func(e *exchange) (string, bool) { return some(e.in.ContextPath) },
	"protocol":             func(*exchange) (string, bool) { return protocol, true },
	"requestId":            func(e *exchange) (string, bool) { return some(e.in.RequestId) },
	"requestTime":          func(e *exchange) (string, bool) { return formatRequestTime(e.in.Received), true },
	"requestTimeEpoch":     func(e *exchange) (string, bool) { return strconv.FormatInt(e.in.Received.UnixMilli(), 10), true },
	"resourceId":           func(e *exchange) (string, bool) { return ofMethod(e, func() string { return e.method.ResourceId }) },
	"resourcePath":         func(e *exchange) (string, bool) { return ofMethod(e, func() string { return e.method.ResourcePath }) },
	"stage":                func(e *exchange) (string, bool) { return some(e.stage.StageName) },
	"xrayTraceId":          func(e *exchange) (string, bool) { return some(e.in.TraceId) },

	"identity.accountId": func(e *exchange) (string, bool) { return some(e.principal.AccountId) },
	"identity.accessKey": func(e *exchange) (string, bool) { return some(e.principal.AccessKey) },
	"identity.apiKey":    apiKeyVariable,
	"identity.apiKeyId":  func(e *exchange) (string, bool) { return some(e.apiKeyId) },
	"identity.caller":    func(e *exchange) (string, bool) { return some(e.principal.Caller) },
	"identity.user":      func(e *exchange) (string, bool) { return some(e.principal.User) },
	"identity.userArn":   func(e *exchange) (string, bool) { return some(e.principal.UserArn) },
	"identity.sourceIp":  func(e *exchange) (string, bool) { return some(e.in.SourceIp) },
	"identity.vpcId":     func(e *exchange) (string, bool) { return ofVpcEndpoint(e, vpcId) },
	"identity.vpceId":    func(e *exchange) (string, bool) { return ofVpcEndpoint(e, vpcEndpointId) },
	"identity.userAgent": func(e *exchange) (string, bool) { return some(e.in.HTTP.UserAgent()) },

	"error.message":       func(e *exchange) (string, bool) { return ofFault(e, e.errorMessage) },
	"error.messageString": errorMessageString,
	"error.responseType": func(e *exchange) (string, bool) {
		return ofFault(e, func() string { return e.fault.Entry.ResponseType })
	},
	"error.validationErrorString": func(e *exchange) (string, bool) { return ofFault(e, func() string { return e.fault.ValidationError }) },
}

// protocol is HTTP/1.1 also for clients that speak HTTP/2 (guide, same page).
const protocol = "HTTP/1.1"

const authorizerPrefix = "authorizer."

// contextVariable looks a variable up by its name without "$context.".
func (e *exchange) contextVariable(name string) (string, bool) {
	if variable, ok := accessLogVariables[name]; ok && !e.finished.IsZero() {
		return variable(e)
	}
	if variable, ok := contextVariables[name]; ok {
		return variable(e)
	}
	if key, ok := strings.CutPrefix(name, authorizerPrefix); ok {
		return inbound.Last(e.authorizerContext, key)
	}
	return "", false
}

// templateVariableNames are the variables that a template sees when it iterates over
// $context. It is the table of the guide, api-gateway-mapping-template-reference.md,
// without what has no value here.
var templateVariableNames = []string{
	"accountId", "apiId", "authorizer.principalId", "deploymentId", "domainName", "domainPrefix", "extendedRequestId", "httpMethod",
	"identity.accountId", "identity.accessKey", "identity.apiKey", "identity.apiKeyId", "identity.caller",
	"identity.cognitoAuthenticationProvider", "identity.cognitoAuthenticationType", "identity.cognitoIdentityId",
	"identity.cognitoIdentityPoolId", "identity.principalOrgId", "identity.sourceIp", "identity.user", "identity.userAgent",
	"identity.userArn", "isCanaryRequest", "operationName", "path", "protocol", "requestId", "requestTime", "requestTimeEpoch",
	"resourceId", "resourcePath", "stage", "wafResponseCode", "webaclArn",
}

// ContextVariable implements mapping.Variables: what templates and mappings see.
func (e *exchange) ContextVariable(name string) (value.Value, bool) {
	switch name {
	case "requestTimeEpoch":
		return value.OfLong(e.in.Received.UnixMilli()), true
	case "isCanaryRequest":
		return value.OfBool(e.stage.IsCanary), true
	}
	text, ok := e.contextVariable(name)
	if !ok {
		return value.Value{}, false
	}
	return value.OfString(text), true
}

// apiKeyVariable is the key's value; logs get no more of it than AWS's show.
func apiKeyVariable(e *exchange) (string, bool) {
	if e.finished.IsZero() {
		return some(e.apiKey)
	}
	return some(apikey.Mask(e.apiKey))
}

func some(text string) (string, bool) { return text, text != "" }

func vpcId(endpoint *origin.VpcEndpoint) string         { return endpoint.VpcId }
func vpcEndpointId(endpoint *origin.VpcEndpoint) string { return endpoint.VpcEndpointId }

func ofVpcEndpoint(e *exchange, get func(*origin.VpcEndpoint) string) (string, bool) {
	if e.in.VpcEndpoint == nil {
		return "", false
	}
	return some(get(e.in.VpcEndpoint))
}

func someNumber(number int64) (string, bool) {
	if number == 0 {
		return "", false
	}
	return strconv.FormatInt(number, 10), true
}

func ofMethod(e *exchange, get func() string) (string, bool) {
	if e.method == nil {
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

// errorMessage is the fault's message, in access logs what they may show of it.
func (e *exchange) errorMessage() string {
	if e.finished.IsZero() {
		return e.fault.Message
	}
	return loggedMessage(e.fault)
}

// errorMessageString is the message as a JSON string, and null without one.
func errorMessageString(e *exchange) (string, bool) {
	switch {
	case e.fault == nil:
		return "", false
	case e.fault.Message == "":
		return "null", true
	default:
		return quoteJSON(e.errorMessage()), true
	}
}

func quoteJSON(text string) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		return `""` // a string always encodes
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// requestTimeLayout is the Common Log Format's.
const requestTimeLayout = "02/Jan/2006:15:04:05 -0700"

func formatRequestTime(at time.Time) string { return at.UTC().Format(requestTimeLayout) }
