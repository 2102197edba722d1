package integration

import (
	"encoding/base64"
	"strconv"
)

// Field is a header or query parameter as it came, repeated names included.
type Field struct{ Name, Value string }

// ProxyEvent is what an AWS_PROXY integration of a REST API sends to its function,
// payload format 1.0 (guide: set-up-lambda-proxy-integrations.md, input format).
type ProxyEvent struct {
	Resource   string // "/pets/{id}"
	Path       string // without the stage; with a custom domain it keeps the base path
	HttpMethod string
	Headers    []Field
	Query      []Field
	// PathParameters and StageVariables come in a fixed order, so that equal requests
	// make equal events.
	PathParameters  []Field
	StageVariables  []Field
	RequestContext  ProxyRequestContext
	Body            []byte
	IsBase64Encoded bool // encode Body as base64
}

// ProxyRequestContext is the event's requestContext.
type ProxyRequestContext struct {
	ResourceId, ResourcePath, OperationName string
	// Authorizer is the authorizer's context: the values are strings as JSON text
	// already (quoted), except claims, which is an object. Nil leaves the member out.
	Authorizer        []Field
	HttpMethod        string
	ExtendedRequestId string
	RequestTime       string // 09/Apr/2015:12:34:56 +0000
	Path              string // with the stage
	AccountId         string
	Protocol          string
	Stage             string
	DomainPrefix      string
	DomainName        string
	RequestTimeEpoch  int64 // milliseconds
	RequestId         string
	Identity          ProxyIdentity
	DeploymentId      string
	ApiId             string
}

// ProxyIdentity is the event's requestContext.identity; empty members print as null.
type ProxyIdentity struct {
	CognitoIdentityPoolId, AccountId, CognitoIdentityId, Caller, SourceIp, PrincipalOrgId string
	AccessKey, CognitoAuthenticationType, CognitoAuthenticationProvider                   string
	UserArn, UserAgent, User                                                              string
	ApiKey, ApiKeyId                                                                      string // left out when empty
	VpcId, VpceId                                                                         string // left out when empty
}

// AppendJSON appends the event's JSON to dst.
func (e *ProxyEvent) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"resource":`...)
	dst = appendString(dst, e.Resource)
	dst = appendMember(dst, "path", e.Path)
	dst = appendMember(dst, "httpMethod", e.HttpMethod)
	dst = appendFields(dst, "headers", e.Headers)
	dst = appendMultiValueFields(dst, "multiValueHeaders", e.Headers)
	dst = appendFields(dst, "queryStringParameters", e.Query)
	dst = appendMultiValueFields(dst, "multiValueQueryStringParameters", e.Query)
	dst = appendFields(dst, "pathParameters", e.PathParameters)
	dst = appendFields(dst, "stageVariables", e.StageVariables)
	dst = append(dst, `,"requestContext":`...)
	dst = e.RequestContext.appendJSON(dst)
	return append(e.appendBody(dst), '}')
}

func (e *ProxyEvent) appendBody(dst []byte) []byte {
	dst = append(dst, `,"body":`...)
	switch {
	case len(e.Body) == 0:
		dst = append(dst, "null"...)
	case e.IsBase64Encoded:
		dst = append(dst, '"')
		dst = base64.StdEncoding.AppendEncode(dst, e.Body)
		dst = append(dst, '"')
	default:
		dst = appendString(dst, string(e.Body))
	}
	dst = append(dst, `,"isBase64Encoded":`...)
	return strconv.AppendBool(dst, e.IsBase64Encoded && len(e.Body) > 0)
}

func (c *ProxyRequestContext) appendJSON(dst []byte) []byte {
	dst = append(dst, `{"resourceId":`...)
	dst = appendString(dst, c.ResourceId)
	if c.Authorizer != nil {
		dst = append(dst, `,"authorizer":`...)
		dst = appendRawObject(dst, c.Authorizer)
	}
	dst = appendMember(dst, "resourcePath", c.ResourcePath)
	dst = appendOptionalMember(dst, "operationName", c.OperationName)
	dst = appendMember(dst, "httpMethod", c.HttpMethod)
	dst = appendMember(dst, "extendedRequestId", c.ExtendedRequestId)
	dst = appendMember(dst, "requestTime", c.RequestTime)
	dst = appendMember(dst, "path", c.Path)
	dst = appendMember(dst, "accountId", c.AccountId)
	dst = appendMember(dst, "protocol", c.Protocol)
	dst = appendMember(dst, "stage", c.Stage)
	dst = appendMember(dst, "domainPrefix", c.DomainPrefix)
	dst = append(dst, `,"requestTimeEpoch":`...)
	dst = strconv.AppendInt(dst, c.RequestTimeEpoch, 10)
	dst = appendMember(dst, "requestId", c.RequestId)
	dst = append(dst, `,"identity":`...)
	dst = c.Identity.appendJSON(dst)
	dst = appendMember(dst, "domainName", c.DomainName)
	dst = appendMember(dst, "deploymentId", c.DeploymentId)
	dst = appendMember(dst, "apiId", c.ApiId)
	return append(dst, '}')
}

func (i *ProxyIdentity) appendJSON(dst []byte) []byte {
	dst = append(dst, `{"cognitoIdentityPoolId":`...)
	dst = appendStringOrNull(dst, i.CognitoIdentityPoolId)
	dst = appendNullableMember(dst, "accountId", i.AccountId)
	dst = appendNullableMember(dst, "cognitoIdentityId", i.CognitoIdentityId)
	dst = appendNullableMember(dst, "caller", i.Caller)
	dst = appendMember(dst, "sourceIp", i.SourceIp)
	dst = appendNullableMember(dst, "principalOrgId", i.PrincipalOrgId)
	dst = appendNullableMember(dst, "accessKey", i.AccessKey)
	dst = appendNullableMember(dst, "cognitoAuthenticationType", i.CognitoAuthenticationType)
	dst = appendNullableMember(dst, "cognitoAuthenticationProvider", i.CognitoAuthenticationProvider)
	dst = appendNullableMember(dst, "userArn", i.UserArn)
	dst = appendOptionalMember(dst, "apiKeyId", i.ApiKeyId)
	dst = appendNullableMember(dst, "userAgent", i.UserAgent)
	dst = appendOptionalMember(dst, "apiKey", i.ApiKey)
	dst = appendOptionalMember(dst, "vpcId", i.VpcId)
	dst = appendOptionalMember(dst, "vpceId", i.VpceId)
	dst = appendNullableMember(dst, "user", i.User)
	return append(dst, '}')
}
