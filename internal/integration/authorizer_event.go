package integration

import (
	"strings"
)

// AppendTokenEvent appends what a TOKEN authorizer of a REST API is sent (guide:
// api-gateway-lambda-authorizer-input.md).
func AppendTokenEvent(dst []byte, methodArn, token string) []byte {
	dst = append(dst, `{"type":"TOKEN"`...)
	dst = appendMember(dst, "methodArn", methodArn)
	dst = appendMember(dst, "authorizationToken", token)
	return append(dst, '}')
}

// AppendRequestEvent appends what a REQUEST authorizer of a REST API is sent (same
// page): the proxy event without its body. What is empty is {} and not null.
func (e *ProxyEvent) AppendRequestEvent(dst []byte, methodArn string) []byte {
	dst = append(dst, `{"type":"REQUEST"`...)
	dst = appendMember(dst, "methodArn", methodArn)
	dst = appendMember(dst, "resource", e.Resource)
	dst = appendMember(dst, "path", e.Path)
	dst = appendMember(dst, "httpMethod", e.HttpMethod)
	dst = appendObject(dst, "headers", e.Headers, appendFields)
	dst = appendObject(dst, "multiValueHeaders", e.Headers, appendMultiValueFields)
	dst = appendObject(dst, "queryStringParameters", e.Query, appendFields)
	dst = appendObject(dst, "multiValueQueryStringParameters", e.Query, appendMultiValueFields)
	dst = appendObject(dst, "pathParameters", e.PathParameters, appendFields)
	dst = appendObject(dst, "stageVariables", e.StageVariables, appendFields)
	dst = append(dst, `,"requestContext":`...)
	return append(e.RequestContext.appendJSON(dst), '}')
}

// AppendAuthorizerEvent appends what an authorizer of an HTTP API is sent with payload
// format 1.0 (guide: http-api-lambda-authorizer.md).
func (e *HttpProxyEvent) AppendAuthorizerEvent(dst []byte, methodArn string, identity []string) []byte {
	joined := strings.Join(identity, ",")
	dst = append(dst, `{"version":"1.0","type":"REQUEST"`...)
	dst = appendMember(dst, "methodArn", methodArn)
	dst = appendMember(dst, "identitySource", joined)
	dst = appendMember(dst, "authorizationToken", joined)
	dst = appendMember(dst, "resource", e.Resource)
	dst = appendMember(dst, "path", e.Path)
	dst = appendMember(dst, "httpMethod", e.HttpMethod)
	dst = appendObject(dst, "headers", e.Headers, appendFields)
	dst = appendObject(dst, "queryStringParameters", e.Query, appendFields)
	dst = appendObject(dst, "pathParameters", e.PathParameters, appendFields)
	dst = appendObject(dst, "stageVariables", e.StageVariables, appendFields)
	dst = append(dst, `,"requestContext":`...)
	return append(e.RequestContext.appendHttpJSON(dst), '}')
}

// AppendAuthorizerEvent appends what an authorizer of an HTTP API is sent with payload
// format 2.0 (same page). Without an identity, identitySource is null.
func (e *HttpEvent) AppendAuthorizerEvent(dst []byte, routeArn string, identity []string) []byte {
	dst = append(dst, `{"version":"2.0","type":"REQUEST"`...)
	dst = appendMember(dst, "routeArn", routeArn)
	dst = append(dst, `,"identitySource":`...)
	dst = appendStrings(dst, identity)
	dst = appendMember(dst, "routeKey", e.RouteKey)
	dst = appendMember(dst, "rawPath", e.RawPath)
	dst = appendMember(dst, "rawQueryString", e.RawQueryString)
	dst = appendCookies(dst, e.Headers)
	dst = append(dst, `,"headers":`...)
	dst = appendJoined(dst, headersWithoutCookies(e.Headers))
	dst = appendOptionalObject(dst, "queryStringParameters", e.Query)
	dst = append(dst, `,"requestContext":`...)
	dst = e.RequestContext.appendJSON(dst)
	dst = appendOptionalObject(dst, "pathParameters", e.PathParameters)
	dst = appendOptionalObject(dst, "stageVariables", e.StageVariables)
	return append(dst, '}')
}

func appendStrings(dst []byte, texts []string) []byte {
	if len(texts) == 0 {
		return append(dst, "null"...)
	}
	dst = append(dst, '[')
	for i, text := range texts {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, text)
	}
	return append(dst, ']')
}
