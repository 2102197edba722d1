package integration

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// HttpEvent is what an HTTP API's AWS_PROXY integration and a function URL send to a
// function, payload format 2.0 (guide: http-api-develop-integrations-lambda.md). What
// is empty is left out, not null.
type HttpEvent struct {
	RouteKey       string
	RawPath        string // with the stage, except for $default
	RawQueryString string
	// Headers come as the client sent them; the event has lower-case names, the values
	// of one name joined by commas, and cookies apart.
	Headers         []Field
	Query           []Field // decoded
	PathParameters  []Field
	StageVariables  []Field
	RequestContext  HttpRequestContext
	Body            []byte
	IsBase64Encoded bool // encode Body as base64
}

// HttpRequestContext is the event's requestContext.
type HttpRequestContext struct {
	AccountId, ApiId string
	// Authorizer holds the members of requestContext.authorizer: "jwt", "lambda" or
	// "iam" with JSON text. Nil leaves the member out.
	Authorizer               []Field
	DomainName, DomainPrefix string
	Method, Path, Protocol   string
	SourceIp, UserAgent      string
	RequestId, RouteKey      string
	Stage                    string
	Time                     string // 12/Mar/2020:19:03:58 +0000
	TimeEpoch                int64  // milliseconds
	ClientCert               string // JSON text; empty leaves the member out
}

// AppendJSON appends the event's JSON to dst.
func (e *HttpEvent) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"version":"2.0"`...)
	dst = appendMember(dst, "routeKey", e.RouteKey)
	dst = appendMember(dst, "rawPath", e.RawPath)
	dst = appendMember(dst, "rawQueryString", e.RawQueryString)
	dst = appendCookies(dst, e.Headers)
	dst = append(dst, `,"headers":`...)
	dst = appendJoined(dst, headersWithoutCookies(e.Headers))
	dst = appendOptionalObject(dst, "queryStringParameters", e.Query)
	dst = append(dst, `,"requestContext":`...)
	dst = e.RequestContext.appendJSON(dst)
	dst = e.appendBody(dst)
	dst = appendOptionalObject(dst, "pathParameters", e.PathParameters)
	dst = append(dst, `,"isBase64Encoded":`...)
	dst = strconv.AppendBool(dst, e.IsBase64Encoded && len(e.Body) > 0)
	dst = appendOptionalObject(dst, "stageVariables", e.StageVariables)
	return append(dst, '}')
}

func (e *HttpEvent) appendBody(dst []byte) []byte {
	if len(e.Body) == 0 {
		return dst
	}
	dst = append(dst, `,"body":`...)
	if !e.IsBase64Encoded {
		return appendString(dst, string(e.Body))
	}
	dst = append(dst, '"')
	dst = base64.StdEncoding.AppendEncode(dst, e.Body)
	return append(dst, '"')
}

func (c *HttpRequestContext) appendJSON(dst []byte) []byte {
	dst = append(dst, `{"accountId":`...)
	dst = appendString(dst, c.AccountId)
	dst = appendMember(dst, "apiId", c.ApiId)
	if c.ClientCert != "" {
		dst = append(dst, `,"authentication":{"clientCert":`...)
		dst = append(dst, c.ClientCert...)
		dst = append(dst, '}')
	}
	if c.Authorizer != nil {
		dst = append(dst, `,"authorizer":`...)
		dst = appendRawObject(dst, c.Authorizer)
	}
	dst = appendMember(dst, "domainName", c.DomainName)
	dst = appendMember(dst, "domainPrefix", c.DomainPrefix)
	dst = append(dst, `,"http":{"method":`...)
	dst = appendString(dst, c.Method)
	dst = appendMember(dst, "path", c.Path)
	dst = appendMember(dst, "protocol", c.Protocol)
	dst = appendMember(dst, "sourceIp", c.SourceIp)
	dst = appendMember(dst, "userAgent", c.UserAgent)
	dst = append(dst, '}')
	dst = appendMember(dst, "requestId", c.RequestId)
	dst = appendMember(dst, "routeKey", c.RouteKey)
	dst = appendMember(dst, "stage", c.Stage)
	dst = appendMember(dst, "time", c.Time)
	dst = append(dst, `,"timeEpoch":`...)
	dst = strconv.AppendInt(dst, c.TimeEpoch, 10)
	return append(dst, '}')
}

// appendCookies appends the cookies of all Cookie headers, one an element.
func appendCookies(dst []byte, headers []Field) []byte {
	first := true
	for _, header := range headers {
		if !strings.EqualFold(header.Name, "Cookie") {
			continue
		}
		for cookie := range strings.SplitSeq(header.Value, ";") {
			if first {
				dst = append(dst, `,"cookies":[`...)
			} else {
				dst = append(dst, ',')
			}
			first = false
			dst = appendString(dst, strings.TrimSpace(cookie))
		}
	}
	if first {
		return dst
	}
	return append(dst, ']')
}

func headersWithoutCookies(headers []Field) []Field {
	kept := make([]Field, 0, len(headers))
	for _, header := range headers {
		if !strings.EqualFold(header.Name, "Cookie") {
			kept = append(kept, Field{Name: strings.ToLower(header.Name), Value: header.Value})
		}
	}
	return kept
}

// appendJoined appends an object in which the values of one name are joined by commas.
func appendJoined(dst []byte, fields []Field) []byte {
	return appendByName(dst, fields, appendJoinedValues)
}

func appendJoinedValues(dst []byte, from []Field) []byte {
	joined := from[0].Value
	for _, later := range from[1:] {
		if later.Name == from[0].Name {
			joined += "," + later.Value
		}
	}
	return appendString(dst, joined)
}

func appendOptionalObject(dst []byte, name string, fields []Field) []byte {
	if len(fields) == 0 {
		return dst
	}
	return appendJoined(appendName(dst, name), fields)
}

// isTextMediaType names the content types whose bodies stay text in format 2.0; anything
// else is base64 (observed on AWS).
func isTextMediaType(contentType string) bool {
	mediaType, _, _ := strings.Cut(contentType, ";")
	mediaType = strings.ToLower(strings.TrimSpace(mediaType))
	switch {
	case strings.HasPrefix(mediaType, "text/"):
		return true
	case mediaType == "application/json", mediaType == "application/xml", mediaType == "application/javascript":
		return true
	default:
		return strings.HasSuffix(mediaType, "+json") || strings.HasSuffix(mediaType, "+xml")
	}
}

// SendsBase64 says whether an HTTP API hands a body of that content type to a function
// as base64.
func SendsBase64(contentType string) bool { return !isTextMediaType(contentType) }
