package httpapi

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"gatehouse/internal/authorizer"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
)

// eventRoom is about the size of an event without a body.
const eventRoom = 2048

const payloadFormat1 = "1.0"

// mapFunctionEvent makes the event for a function.
func mapFunctionEvent(e *exchange) *fault.Fault {
	e.outbound.functionArn = e.functionArn(e.route.Integration.Uri)
	if e.outbound.functionArn == "" {
		f := fault.New(fault.FunctionNotFound)
		f.Checked, f.Found = "the integration's URI "+e.route.Integration.Uri.Text(), "no function's ARN, with the stage variables put in"
		return f
	}
	room := make([]byte, 0, eventRoom+len(e.in.Body))
	if e.route.Integration.PayloadFormatVersion == payloadFormat1 {
		event := e.proxyEvent()
		e.outbound.event = event.AppendJSON(room)
		return nil
	}
	event := e.httpEvent()
	e.outbound.event = event.AppendJSON(room)
	return nil
}

// authorizerEvent makes the event for a Lambda authorizer.
func (e *exchange) authorizerEvent(identity []string) []byte {
	if e.route.Function.Form == authorizer.FormRequest1 {
		event := e.proxyEvent()
		event.RequestContext.Authorizer = nil
		return event.AppendAuthorizerEvent(make([]byte, 0, eventRoom), e.routeArn(), identity)
	}
	event := e.httpEvent()
	return event.AppendAuthorizerEvent(make([]byte, 0, eventRoom), e.routeArn(), identity)
}

// isBase64 says whether a function gets the body as base64. A compressed body is no
// text, whatever its type (unconfirmed).
func (e *exchange) isBase64() bool {
	if coding, ok := e.header("content-encoding"); ok && coding != "identity" {
		return true
	}
	contentType, _ := e.header("content-type")
	return integration.SendsBase64(contentType)
}

// eventPath is the path that events and $context show, with the stage or the base path:
// decoded, and cut at a "?" that this uncovers (captures of AWS's events in public
// reports, for both formats). REST APIs and function URLs leave it encoded.
func (e *exchange) eventPath() string {
	path, _, _ := strings.Cut(decodePath(e.in.EventPath), "?")
	return path
}

// httpEvent is the request in payload format 2.0.
func (e *exchange) httpEvent() integration.HttpEvent {
	return integration.HttpEvent{
		RouteKey: e.route.RouteKey, RawPath: e.eventPath(), RawQueryString: e.in.HTTP.URL.RawQuery,
		Headers: e.in.Headers, Query: e.in.Query, PathParameters: e.pathParameters, StageVariables: e.stage.VariableFields,
		Body: e.in.Body, IsBase64Encoded: e.isBase64(),
		RequestContext: integration.HttpRequestContext{
			AccountId: e.stage.AccountId, ApiId: e.stage.ApiId, Authorizer: e.httpAuthorizer(),
			DomainName: e.in.Host, DomainPrefix: e.in.DomainPrefix, Method: e.in.HTTP.Method, Path: e.eventPath(), Protocol: protocol,
			SourceIp: e.in.SourceIp, UserAgent: e.in.HTTP.UserAgent(), RequestId: e.requestId(), RouteKey: e.route.RouteKey,
			Stage: e.stage.StageName, Time: formatRequestTime(e.in.Received), TimeEpoch: e.in.Received.UnixMilli(),
		},
	}
}

// httpAuthorizer is requestContext.authorizer of payload format 2.0.
func (e *exchange) httpAuthorizer() []integration.Field {
	switch {
	case e.signer.Principal != nil:
		return []integration.Field{{Name: "iam", Value: e.iamObject()}}
	case e.grant == nil:
		return nil
	case e.route.Jwt != nil:
		return []integration.Field{{Name: "jwt", Value: `{"claims":` + objectOf(e.grant.Claims) + `,"scopes":` + e.scopes() + `}`}}
	case e.grant.Context == nil:
		return []integration.Field{{Name: "lambda", Value: "null"}}
	default:
		return []integration.Field{{Name: "lambda", Value: rawObjectOf(e.grant.Context)}}
	}
}

// scopes are the token's, and null for a route that asks for none (seen on AWS).
func (e *exchange) scopes() string {
	if len(e.route.AuthorizationScopes) == 0 {
		return "null"
	}
	text, err := json.Marshal(e.grant.Scopes)
	if err != nil {
		return "null"
	}
	return string(text)
}

func (e *exchange) iamObject() string {
	return `{"accessKey":` + quoteJSON(e.signer.ID) + `,"accountId":` + quoteJSON(e.signer.Principal.Account) + `,"callerId":` + quoteJSON(e.signer.Principal.UserID) +
		`,"cognitoIdentity":null,"principalOrgId":null,"userArn":` + quoteJSON(e.signer.Principal.ARN) + `,"userId":` + quoteJSON(e.signer.Principal.UserID) + `}`
}

// proxyEvent is the request in payload format 1.0. resourceId is the route key and path
// has the stage (public reports).
func (e *exchange) proxyEvent() integration.HttpProxyEvent {
	resource := e.route.Path
	if e.route.IsDefault() {
		resource = e.route.RouteKey
	}
	event := integration.ProxyEvent{
		Resource: resource, Path: e.eventPath(), HttpMethod: e.in.HTTP.Method, Headers: e.in.Headers, Query: e.in.Query,
		PathParameters: e.pathParameters, StageVariables: e.stage.VariableFields, Body: e.in.Body, IsBase64Encoded: e.isBase64(),
		RequestContext: integration.ProxyRequestContext{
			AccountId: e.stage.AccountId, ApiId: e.stage.ApiId, Authorizer: e.proxyAuthorizer(), DomainName: e.in.Host,
			DomainPrefix: e.in.DomainPrefix, ExtendedRequestId: e.requestId(), HttpMethod: e.in.HTTP.Method, Path: e.eventPath(),
			Protocol: protocol, RequestId: e.requestId(), RequestTime: formatRequestTime(e.in.Received),
			RequestTimeEpoch: e.in.Received.UnixMilli(), ResourceId: e.route.RouteKey, ResourcePath: resource, Stage: e.stage.StageName,
			Identity: integration.ProxyIdentity{SourceIp: e.in.SourceIp, UserAgent: e.in.HTTP.UserAgent()},
		},
	}
	if e.signer.Principal != nil {
		identity := &event.RequestContext.Identity
		identity.AccessKey, identity.AccountId, identity.Caller = e.signer.ID, e.signer.Principal.Account, e.signer.Principal.UserID
		identity.User, identity.UserArn = e.signer.Principal.UserID, e.signer.Principal.ARN
	}
	return integration.HttpProxyEvent{ProxyEvent: event}
}

// proxyAuthorizer is requestContext.authorizer of payload format 1.0.
func (e *exchange) proxyAuthorizer() []integration.Field {
	switch {
	case e.grant == nil:
		return []integration.Field{{Name: "claims", Value: "null"}, {Name: "scopes", Value: "null"}}
	case e.route.Jwt != nil:
		return []integration.Field{{Name: "claims", Value: objectOf(e.grant.Claims)}, {Name: "scopes", Value: e.scopes()}}
	}
	var fields []integration.Field
	for _, member := range e.grant.ContextStrings() {
		fields = append(fields, integration.Field{Name: member.Name, Value: quoteJSON(member.Value)})
	}
	if e.grant.PrincipalId != "" {
		fields = append(fields, integration.Field{Name: "principalId", Value: quoteJSON(e.grant.PrincipalId)})
	}
	return append(fields, integration.Field{Name: "integrationLatency", Value: strconv.FormatInt(e.grant.Latency.Milliseconds(), 10)})
}

// objectOf is a JSON object of texts.
func objectOf(fields []integration.Field) string {
	var b strings.Builder
	for i, field := range fields {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(quoteJSON(field.Name) + ":" + quoteJSON(field.Value))
	}
	return "{" + b.String() + "}"
}

// rawObjectOf is a JSON object of values that are JSON already.
func rawObjectOf(fields []integration.Field) string {
	var b strings.Builder
	for i, field := range fields {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(quoteJSON(field.Name) + ":" + field.Value)
	}
	return "{" + b.String() + "}"
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

// protocol is HTTP/1.1 also for clients that speak HTTP/2 (guide: http-api-logging-variables.md).
const protocol = "HTTP/1.1"

// requestTimeLayout is the Common Log Format's.
const requestTimeLayout = "02/Jan/2006:15:04:05 -0700"

func formatRequestTime(at time.Time) string { return at.UTC().Format(requestTimeLayout) }
