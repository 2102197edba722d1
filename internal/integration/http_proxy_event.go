package integration

import "strconv"

// HttpProxyEvent is what an HTTP API's AWS_PROXY integration sends with payload format
// 1.0 (guide: http-api-develop-integrations-lambda.md). Its members are ProxyEvent's;
// it names its version, and what REST APIs leave out is null.
type HttpProxyEvent struct {
	ProxyEvent
}

// AppendJSON appends the event's JSON to dst.
func (e *HttpProxyEvent) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"version":"1.0","resource":`...)
	dst = appendString(dst, e.Resource)
	dst = e.appendRequest(dst)
	dst = append(dst, `,"requestContext":`...)
	dst = e.RequestContext.appendHttpJSON(dst)
	dst = appendFields(dst, "pathParameters", e.PathParameters)
	dst = appendFields(dst, "stageVariables", e.StageVariables)
	return append(e.appendBody(dst), '}')
}

func (e *HttpProxyEvent) appendRequest(dst []byte) []byte {
	dst = appendMember(dst, "path", e.Path)
	dst = appendMember(dst, "httpMethod", e.HttpMethod)
	dst = appendFields(dst, "headers", e.Headers)
	dst = appendMultiValueFields(dst, "multiValueHeaders", e.Headers)
	dst = appendFields(dst, "queryStringParameters", e.Query)
	return appendMultiValueFields(dst, "multiValueQueryStringParameters", e.Query)
}

func (c *ProxyRequestContext) appendHttpJSON(dst []byte) []byte {
	dst = append(dst, `{"accountId":`...)
	dst = appendString(dst, c.AccountId)
	dst = appendMember(dst, "apiId", c.ApiId)
	if c.Authorizer != nil {
		dst = append(dst, `,"authorizer":`...)
		dst = appendRawObject(dst, c.Authorizer)
	}
	dst = appendMember(dst, "domainName", c.DomainName)
	dst = appendMember(dst, "domainPrefix", c.DomainPrefix)
	dst = appendMember(dst, "extendedRequestId", c.ExtendedRequestId)
	dst = appendMember(dst, "httpMethod", c.HttpMethod)
	dst = append(dst, `,"identity":`...)
	dst = c.Identity.appendHttpJSON(dst)
	dst = appendMember(dst, "path", c.Path)
	dst = appendMember(dst, "protocol", c.Protocol)
	dst = appendMember(dst, "requestId", c.RequestId)
	dst = appendMember(dst, "requestTime", c.RequestTime)
	dst = append(dst, `,"requestTimeEpoch":`...)
	dst = strconv.AppendInt(dst, c.RequestTimeEpoch, 10)
	dst = appendNullableMember(dst, "resourceId", c.ResourceId)
	dst = appendMember(dst, "resourcePath", c.ResourcePath)
	dst = appendMember(dst, "stage", c.Stage)
	return append(dst, '}')
}

func (i *ProxyIdentity) appendHttpJSON(dst []byte) []byte {
	dst = append(dst, `{"accessKey":`...)
	dst = appendStringOrNull(dst, i.AccessKey)
	dst = appendNullableMember(dst, "accountId", i.AccountId)
	dst = appendNullableMember(dst, "caller", i.Caller)
	dst = appendNullableMember(dst, "cognitoAuthenticationProvider", i.CognitoAuthenticationProvider)
	dst = appendNullableMember(dst, "cognitoAuthenticationType", i.CognitoAuthenticationType)
	dst = appendNullableMember(dst, "cognitoIdentityId", i.CognitoIdentityId)
	dst = appendNullableMember(dst, "cognitoIdentityPoolId", i.CognitoIdentityPoolId)
	dst = appendNullableMember(dst, "principalOrgId", i.PrincipalOrgId)
	dst = appendMember(dst, "sourceIp", i.SourceIp)
	dst = appendNullableMember(dst, "user", i.User)
	dst = appendNullableMember(dst, "userAgent", i.UserAgent)
	dst = appendNullableMember(dst, "userArn", i.UserArn)
	return append(dst, '}')
}
