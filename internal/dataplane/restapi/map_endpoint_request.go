package restapi

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
	"gatehouse/internal/tracing"
)

// Headers that requests to backends carry.
const (
	headerHost            = "Host"
	headerUserAgent       = "User-Agent"
	headerAccept          = "Accept"
	headerOrigin          = "Origin"
	headerTraceparent     = "Traceparent"
	headerApiId           = "X-Amzn-Apigateway-Api-Id"
	userAgentPrefix       = "AmazonAPIGateway_"
	anyHttpMethod         = "ANY"
	headerInvocationType  = "X-Amz-Invocation-Type"
	invocationTypeEvent   = "Event"
	sigV4Authorization    = "AWS4-HMAC-SHA256"
	headerAuthorization   = "Authorization"
	headerMethodOverride  = "X-HTTP-Method-Override"
	headerIntegrationMark = "integration.request."
)

// mapEndpointRequest makes the request to an HTTP backend.
func mapEndpointRequest(e *exchange) *fault.Fault {
	target := e.method.Integration
	if target.IsProxy() {
		if f := convertRequestBody(e); f != nil {
			return f
		}
	}
	e.setHttpMethod()
	mapped, f := e.mapParameters()
	if f != nil {
		return f
	}
	e.outbound.header = endpointHeaders(e, mapped.headers)
	if hosts := e.outbound.header[headerHost]; len(hosts) > 0 {
		e.outbound.host = hosts[0]
		delete(e.outbound.header, headerHost)
	}
	unfilled := ""
	e.outbound.url, unfilled = endpointUrl(e, mapped)
	if e.record.Enabled() {
		e.record.Note(record.EndpointUri, e.outbound.url)
		e.noteOutboundHeaders()
		e.record.NoteBody(record.EndpointBody, e.outbound.body)
	}
	if unfilled != "" {
		return e.unmappedPathParameter(unfilled)
	}
	return nil
}

// setHttpMethod is the integration's own; ANY forwards the client's.
func (e *exchange) setHttpMethod() {
	e.outbound.httpMethod = e.method.Integration.HttpMethod
	if e.outbound.httpMethod == anyHttpMethod {
		e.outbound.httpMethod = e.httpMethod
	}
}

// mappedParameters are the parameters of an integration request after mappings and
// overrides.
type mappedParameters struct {
	headers, query, path []integration.Field
}

// endpointHeaders makes the headers: the client's for a proxy, then the defaults, then
// what mappings set, each winning over what came before.
func endpointHeaders(e *exchange, mapped []integration.Field) http.Header {
	header := make(http.Header, len(e.in.Headers)+len(mapped)+4)
	if e.method.Integration.IsProxy() {
		passHeaders(e, header)
	} else {
		header[headerTraceId] = []string{e.in.TraceId}
		if e.in.Trace != nil {
			header[headerTraceparent] = []string{e.in.Trace.Traceparent(tracing.StepCallIntegration)}
		}
	}
	if e.method.Integration.Type != plan.IntegrationAws { // which do not get it (observed on AWS)
		header[headerApiId] = []string{e.stage.ApiId}
	}
	setDefault(header, headerAccept, contentTypeJSON)
	setDefault(header, headerUserAgent, userAgentPrefix+e.stage.ApiId)
	if len(e.outbound.body) > 0 && !e.method.Integration.IsProxy() {
		contentType := e.header(headerContentType)
		if contentType == "" {
			contentType = contentTypeJSON
		}
		header[headerContentType] = []string{contentType}
	}
	setMapped(header, mapped)
	return header
}

// passHeaders copies the client's headers, once. Host, Content-Encoding and the header
// that overrode the method stay behind, and so does a Signature Version 4 (guide:
// api-gateway-known-issues.md).
func passHeaders(e *exchange, header http.Header) {
	values := make([]string, 0, len(e.in.Headers)) // one allocation for all headers
	for _, field := range e.in.Headers {
		if passesToEndpoint(field) {
			values = addHeader(header, values, http.CanonicalHeaderKey(field.Name), field.Value)
		}
	}
}

// addHeader adds a value whose list of one lies in values, which must have room.
func addHeader(header http.Header, values []string, name, value string) []string {
	if existing, ok := header[name]; ok {
		header[name] = append(existing, value)
		return values
	}
	values = append(values, value)
	header[name] = values[len(values)-1 : len(values) : len(values)]
	return values
}

func passesToEndpoint(field integration.Field) bool {
	switch len(field.Name) {
	case len(headerHost):
		return !equalNames(field.Name, headerHost)
	case len(headerContentEncoding):
		return !equalNames(field.Name, headerContentEncoding)
	case len(headerMethodOverride):
		return !equalNames(field.Name, headerMethodOverride)
	case len(headerAuthorization):
		return !equalNames(field.Name, headerAuthorization) || !strings.HasPrefix(field.Value, sigV4Authorization)
	default:
		return true
	}
}

func setDefault(header http.Header, name, value string) {
	if _, ok := header[name]; !ok {
		header[name] = []string{value}
	}
}

// setMapped sets what mappings gave; a name that is mapped to several values has all.
func setMapped(header http.Header, mapped []integration.Field) {
	for i, field := range mapped {
		name := http.CanonicalHeaderKey(field.Name)
		if i == 0 || mapped[i-1].Name != field.Name {
			delete(header, name)
		}
		header[name] = append(header[name], field.Value)
	}
}

// endpointUrl fills the URI and appends the query string. A proxy adds mapped values
// to those that the client sent (observed on AWS). unfilled is a path parameter of the
// URI without a value.
func endpointUrl(e *exchange, mapped mappedParameters) (address, unfilled string) {
	target := e.method.Integration.Uri.Fill(func(name string) (string, bool) {
		value, ok := inbound.Last(mapped.path, name)
		if !ok {
			unfilled = name
		}
		return escapePath(value), ok
	}, e.stage.Variables)
	target = withRootPath(target)
	passed := e.in.Query
	if !e.method.Integration.IsProxy() {
		passed = nil
	}
	if len(mapped.query) == 0 && len(passed) == 0 {
		return target, unfilled
	}
	b := make([]byte, 0, len(target)+len(e.in.HTTP.URL.RawQuery)+queryRoom)
	b = append(b, target...)
	separator := byte('?')
	if strings.IndexByte(target, '?') >= 0 {
		separator = '&'
	}
	for _, list := range [2][]integration.Field{mapped.query, passed} {
		for _, field := range list {
			b = append(b, separator)
			b = append(b, escapeQuery(field.Name)...)
			b = append(b, '=')
			b = append(b, escapeQuery(field.Value)...)
			separator = '&'
		}
	}
	return string(b), unfilled
}

const queryRoom = 64

// withRootPath gives a URI without a path the path "/".
func withRootPath(target string) string {
	_, rest, ok := strings.Cut(target, "://")
	if ok && rest != "" && !strings.ContainsAny(rest, "/?#") {
		return target + "/"
	}
	return target
}

// escapePath encodes a value for a path; its slashes stay, as a greedy parameter needs.
func escapePath(value string) string {
	if isUnreserved(value, '/') {
		return value
	}
	segments := strings.Split(value, "/")
	for i, segment := range segments {
		segments[i] = url.PathEscape(segment)
	}
	return strings.Join(segments, "/")
}

// escapeQuery encodes a name or value of a query string; a space is %20.
func escapeQuery(value string) string {
	if isUnreserved(value, '-') {
		return value
	}
	return strings.ReplaceAll(url.QueryEscape(value), "+", "%20")
}

// isUnreserved says that a value needs no encoding; extra is allowed besides.
func isUnreserved(value string, extra byte) bool {
	for i := range len(value) {
		c := value[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~' || c == extra {
			continue
		}
		return false
	}
	return true
}

func (e *exchange) noteOutboundHeaders() {
	if !e.record.Traced() {
		return
	}
	var fields []record.Field
	for name, values := range e.outbound.header {
		fields = append(fields, record.Field{Name: name, Value: strings.Join(values, ",")})
	}
	slices.SortFunc(fields, func(a, b record.Field) int { return strings.Compare(a.Name, b.Name) })
	e.record.NoteFields(record.EndpointHeaders, fields)
}
