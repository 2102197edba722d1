package httpapi

import (
	"net"
	"net/http"
	"net/url"
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/mapping"
	"gatehouse/internal/plan"
)

// viaValue is what HTTP APIs add to Via (public reports).
const viaValue = "HTTP/1.1 AmazonAPIGateway"

// emptyContentType goes with a request whose Content-Length is 0 and that has no
// Content-Type (AWS's page on known issues; which type it is, is unconfirmed).
const emptyContentType = "application/octet-stream"

// mapEndpointRequest makes the request to an HTTP backend: the client's own, with the
// parameter mappings applied (guide: http-api-develop-integrations-http.md).
func mapEndpointRequest(e *exchange) *fault.Fault {
	target := e.route.Integration
	request := &e.outbound.request
	request.Method, request.Body, request.Timeout = target.Method, e.in.SentBody, target.Timeout
	request.ServerNameToVerify = target.ServerNameToVerify
	if request.Method == plan.AnyMethod {
		request.Method = e.in.HTTP.Method
	}
	request.Header = e.outboundHeader()
	destination := e.destination()
	if len(target.Request) > 0 {
		e.applyRequestMappings(target.Request, &destination)
	}
	request.URL = destination.String()
	e.record.Note(record.EndpointUri, request.Method+" "+request.URL)
	return nil
}

// destination is a backend's URL, cut so that mappings can change its path and query.
type destination struct {
	origin string // "https://host"
	path   string
	query  string // raw
}

func (d *destination) String() string {
	if d.query == "" {
		return d.origin + d.path
	}
	return d.origin + d.path + "?" + d.query
}

// destination is where the request goes before mappings. The $default route appends
// the request's path (guide: http-api-develop-routes.md), a private integration gets it
// with the stage (guide: http-api-develop-integrations-private.md).
func (e *exchange) destination() destination {
	target := e.route.Integration
	if target.Kind == plan.HttpIntegrationPrivate {
		e.outbound.request.Host = e.in.HTTP.Host // seen in public captures: the host is the API's
		return destination{origin: e.privateOrigin(), path: e.privatePath(), query: e.in.HTTP.URL.RawQuery}
	}
	filled := target.Uri.Fill(e.pathParameter, e.stage.Variables)
	d := cutUrl(filled)
	if e.route.IsDefault() {
		d.path = strings.TrimSuffix(d.path, "/") + e.in.Path
	}
	if raw := e.in.HTTP.URL.RawQuery; raw != "" {
		d.query = joinQueries(d.query, raw)
	}
	return d
}

func joinQueries(first, second string) string {
	if first == "" {
		return second
	}
	return first + "&" + second
}

func cutUrl(text string) destination {
	text, query, _ := strings.Cut(text, "?")
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		return destination{origin: text, query: query}
	}
	host, path := rest, ""
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		host, path = rest[:i], rest[i:]
	}
	return destination{origin: scheme + "://" + host, path: path, query: query}
}

// privateOrigin names the API's host; the connection goes where the VPC link says.
func (e *exchange) privateOrigin() string {
	scheme := "http://"
	if e.route.Integration.ServerNameToVerify != "" {
		scheme = "https://"
	}
	return scheme + e.in.Host
}

func (e *exchange) privatePath() string {
	if e.stage.StageName == plan.DefaultStage {
		return e.in.Path
	}
	return "/" + e.stage.StageName + e.in.Path
}

// pathParameter is what takes the place of a variable in the integration's URI. What the
// route has not stays there in braces, and a backend gets it percent-encoded (what AWS
// does is unconfirmed: its guide only says that a route's own variables may be named).
func (e *exchange) pathParameter(name string) (string, bool) {
	value, ok := e.sentPathParameter(name)
	if !ok {
		e.record.Note(record.PathUnfilled, name)
	}
	return value, ok
}

// sentPathParameter is a path parameter as the client sent it, percent-encoded.
func (e *exchange) sentPathParameter(name string) (string, bool) {
	for i, capture := range e.captures {
		if e.route.PathParameters[i] == name {
			return e.in.Path[capture.Start:capture.End], true
		}
	}
	return "", false
}

// outboundHeader is the client's headers as a backend gets them: X-Forwarded-* become
// Forwarded (AWS's page on known issues).
func (e *exchange) outboundHeader() http.Header {
	header := make(http.Header, len(e.in.Headers)+1)
	values := make([]string, 0, len(e.in.Headers)) // one allocation for all headers
	forwardedFor, forwarded := "", ""
	for _, field := range e.in.Headers {
		switch field.Name {
		case "host", "content-length", "x-forwarded-port", "x-forwarded-proto", "x-forwarded-host":
		case "x-forwarded-for":
			forwardedFor = field.Value
		case "forwarded":
			forwarded += field.Value + ","
		default:
			name := canonicalName(field.Name)
			if existing, ok := header[name]; ok {
				header[name] = append(existing, field.Value)
				continue
			}
			values = append(values, field.Value)
			header[name] = values[len(values)-1 : len(values) : len(values)]
		}
	}
	header["Forwarded"] = []string{forwarded + e.forwarded(forwardedFor)}
	header["Via"] = append(header["Via"], viaValue)
	if _, ok := header["User-Agent"]; !ok {
		header["User-Agent"] = []string{""} // keeps net/http from adding its own
	}
	if _, ok := header[headerContentType]; !ok && e.in.HTTP.Header.Get(headerContentLength) == "0" {
		header[headerContentType] = []string{emptyContentType}
	}
	return header
}

// canonicalName is net/http's spelling, without an allocation for the header that every
// request has.
func canonicalName(name string) string {
	if name == "x-amzn-trace-id" {
		return "X-Amzn-Trace-Id"
	}
	return http.CanonicalHeaderKey(name)
}

// forwarded is the value of Forwarded (RFC 7239) for the hops of X-Forwarded-For, the
// client's own address last.
func (e *exchange) forwarded(forwardedFor string) string {
	proto := "http"
	if e.in.HTTP.TLS != nil {
		proto = "https"
	}
	if strings.IndexByte(forwardedFor, ',') < 0 {
		return "for=" + forwardedNode(forwardedFor) + ";host=" + e.in.HTTP.Host + ";proto=" + proto
	}
	var b strings.Builder
	for hop := range strings.SplitSeq(forwardedFor, ",") {
		if hop = strings.TrimSpace(hop); hop == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString("for=" + forwardedNode(hop))
	}
	return b.String() + ";host=" + e.in.HTTP.Host + ";proto=" + proto
}

// forwardedNode quotes an IPv6 address, as RFC 7239 asks for.
func forwardedNode(address string) string {
	if ip := net.ParseIP(address); ip != nil && strings.Contains(address, ":") {
		return `"[` + address + `]"`
	}
	return address
}

// applyRequestMappings changes the request. All expressions see the client's request,
// whatever other mappings changed.
func (e *exchange) applyRequestMappings(mappings []plan.HttpMapping, d *destination) {
	input := e.mappingInput()
	query := queryMapper{fields: e.in.Query}
	for i := range mappings {
		value, ok := "", true
		if mappings[i].Value != nil {
			value, ok = mappings[i].Value.Evaluate(input)
		}
		if !ok {
			continue
		}
		switch target := mappings[i].Target; target.Location {
		case mapping.LocationHeader:
			e.mapHeader(target, value)
		case mapping.LocationQuerystring:
			query.apply(target, value)
		case mapping.LocationPath:
			d.path = "/" + strings.TrimPrefix(value, "/")
		}
	}
	if query.changed {
		own := cutUrl(e.route.Integration.Uri.Fill(e.sentPathParameter, e.stage.Variables)).query
		if e.route.Integration.Kind == plan.HttpIntegrationPrivate {
			own = ""
		}
		d.query = joinQueries(own, query.encode())
	}
}

func (e *exchange) mapHeader(target mapping.Target, value string) {
	request := &e.outbound.request
	if strings.EqualFold(target.Name, "Host") {
		request.Host = value
		return
	}
	value = oneLine(value)
	switch target.Action {
	case mapping.ActionRemove:
		request.Header.Del(target.Name)
	case mapping.ActionOverwrite:
		request.Header.Set(target.Name, value)
	default:
		request.Header.Add(target.Name, value)
	}
}

// oneLine keeps a mapped value from making headers of its own.
func oneLine(value string) string {
	if !strings.ContainsAny(value, "\r\n\x00") {
		return value
	}
	return strings.NewReplacer("\r", " ", "\n", " ", "\x00", " ").Replace(value)
}

// queryMapper changes a copy of the request's query.
type queryMapper struct {
	fields  []integration.Field
	changed bool
}

func (q *queryMapper) apply(target mapping.Target, value string) {
	var kept []integration.Field
	for _, field := range q.fields {
		if target.Action == mapping.ActionAppend || field.Name != target.Name {
			kept = append(kept, field)
		}
	}
	if target.Action != mapping.ActionRemove {
		kept = append(kept, integration.Field{Name: target.Name, Value: value})
	}
	q.fields, q.changed = kept, true
}

func (q *queryMapper) encode() string {
	var b strings.Builder
	for i, field := range q.fields {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(field.Name) + "=" + url.QueryEscape(field.Value))
	}
	return b.String()
}
