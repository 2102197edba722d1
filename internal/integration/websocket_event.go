package integration

import (
	"encoding/base64"
	"strconv"
)

// WebSocketEvent is what an AWS_PROXY integration of a WebSocket API sends to its
// function: a client connects, sends a message, or has gone. Members without a value are
// left out (observed on AWS: public samples of 2023 and later).
type WebSocketEvent struct {
	// Headers and Query belong to $connect; $disconnect has a few headers, messages none.
	Headers        []Field
	Query          []Field
	StageVariables []Field
	RequestContext WebSocketRequestContext
	// Body belongs to messages. HasBody tells an empty message from none.
	Body            []byte
	HasBody         bool
	IsBase64Encoded bool // encode Body as base64
}

// WebSocketRequestContext is the event's requestContext.
type WebSocketRequestContext struct {
	RouteKey string
	// Authorizer is what an authorizer said, its values as JSON text; nil leaves the
	// member out.
	Authorizer           []Field
	MessageId            string
	EventType            string // CONNECT, MESSAGE or DISCONNECT
	ExtendedRequestId    string
	RequestTime          string // 09/Apr/2015:12:34:56 +0000
	Stage                string
	ConnectedAt          int64 // milliseconds
	RequestTimeEpoch     int64 // milliseconds
	Identity             WebSocketIdentity
	RequestId            string
	DomainName           string
	ConnectionId         string
	ApiId                string
	DisconnectStatusCode int // the close code; 0 but for DISCONNECT
	DisconnectReason     string
}

// WebSocketIdentity is the event's requestContext.identity; empty members are left out.
type WebSocketIdentity struct {
	AccountId, Caller, AccessKey, User, UserArn, UserAgent, SourceIp, ApiKey, ApiKeyId string
}

// AppendJSON appends the event's JSON to dst.
func (e *WebSocketEvent) AppendJSON(dst []byte) []byte {
	dst = append(dst, '{')
	dst = e.appendRequest(dst)
	dst = append(dst, `"requestContext":`...)
	dst = e.RequestContext.appendJSON(dst)
	if e.HasBody {
		dst = append(dst, `,"body":`...)
		if e.IsBase64Encoded {
			dst = append(dst, '"')
			dst = base64.StdEncoding.AppendEncode(dst, e.Body)
			dst = append(dst, '"')
		} else {
			dst = appendString(dst, string(e.Body))
		}
	}
	dst = append(dst, `,"isBase64Encoded":`...)
	return append(strconv.AppendBool(dst, e.IsBase64Encoded), '}')
}

// AppendAuthorizerEvent appends what a REQUEST authorizer of $connect is sent (guide:
// apigateway-websocket-api-lambda-auth.md).
func (e *WebSocketEvent) AppendAuthorizerEvent(dst []byte, methodArn string) []byte {
	dst = append(dst, `{"type":"REQUEST"`...)
	dst = appendMember(dst, "methodArn", methodArn)
	dst = appendFields(dst, "headers", e.Headers)
	dst = appendMultiValueFields(dst, "multiValueHeaders", e.Headers)
	dst = appendObject(dst, "queryStringParameters", e.Query, appendFields)
	dst = appendObject(dst, "multiValueQueryStringParameters", e.Query, appendMultiValueFields)
	dst = appendObject(dst, "stageVariables", e.StageVariables, appendFields)
	dst = append(dst, `,"requestContext":`...)
	return append(e.RequestContext.appendJSON(dst), '}')
}

// appendRequest appends the members before requestContext, each followed by a comma.
func (e *WebSocketEvent) appendRequest(dst []byte) []byte {
	opened := len(dst)
	if len(e.Headers) > 0 {
		dst = appendFields(dst, "headers", e.Headers)
		dst = appendMultiValueFields(dst, "multiValueHeaders", e.Headers)
	}
	if len(e.Query) > 0 {
		dst = appendFields(dst, "queryStringParameters", e.Query)
		dst = appendMultiValueFields(dst, "multiValueQueryStringParameters", e.Query)
	}
	if len(e.StageVariables) > 0 {
		dst = appendFields(dst, "stageVariables", e.StageVariables)
	}
	if len(dst) == opened {
		return dst
	}
	dst = append(dst[:opened], dst[opened+1:]...) // appendName begins with a comma
	return append(dst, ',')
}

func (c *WebSocketRequestContext) appendJSON(dst []byte) []byte {
	dst = append(dst, `{"routeKey":`...)
	dst = appendString(dst, c.RouteKey)
	if c.Authorizer != nil {
		dst = append(dst, `,"authorizer":`...)
		dst = appendRawObject(dst, c.Authorizer)
	}
	if c.DisconnectStatusCode != 0 {
		dst = appendNumber(dst, "disconnectStatusCode", int64(c.DisconnectStatusCode))
	}
	dst = appendOptionalMember(dst, "messageId", c.MessageId)
	dst = appendMember(dst, "eventType", c.EventType)
	dst = appendMember(dst, "extendedRequestId", c.ExtendedRequestId)
	dst = appendMember(dst, "requestTime", c.RequestTime)
	dst = appendMember(dst, "messageDirection", "IN")
	if c.DisconnectStatusCode != 0 {
		dst = appendMember(dst, "disconnectReason", c.DisconnectReason)
	}
	dst = appendMember(dst, "stage", c.Stage)
	dst = appendNumber(dst, "connectedAt", c.ConnectedAt)
	dst = appendNumber(dst, "requestTimeEpoch", c.RequestTimeEpoch)
	dst = append(dst, `,"identity":`...)
	dst = c.Identity.appendJSON(dst)
	dst = appendMember(dst, "requestId", c.RequestId)
	dst = appendMember(dst, "domainName", c.DomainName)
	dst = appendMember(dst, "connectionId", c.ConnectionId)
	return append(appendMember(dst, "apiId", c.ApiId), '}')
}

func appendNumber(dst []byte, name string, value int64) []byte {
	return strconv.AppendInt(appendName(dst, name), value, 10)
}

func (i *WebSocketIdentity) appendJSON(dst []byte) []byte {
	opened := len(dst)
	for _, member := range [...]Field{
		{"userArn", i.UserArn}, {"apiKeyId", i.ApiKeyId}, {"userAgent", i.UserAgent}, {"accountId", i.AccountId}, {"caller", i.Caller},
		{"sourceIp", i.SourceIp}, {"apiKey", i.ApiKey}, {"accessKey", i.AccessKey}, {"user", i.User},
	} {
		dst = appendOptionalMember(dst, member.Name, member.Value)
	}
	if len(dst) == opened {
		dst = append(dst, '{')
	} else {
		dst[opened] = '{' // in place of the first comma
	}
	return append(dst, '}')
}
