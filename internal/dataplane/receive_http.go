package dataplane

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/rawheader"
)

// httpTarget is where in an HTTP API a request goes.
type httpTarget struct {
	// Path is the path within the stage; EventPath has the stage or the base path.
	Path, EventPath string
	// BasePath is the base path of a custom domain that matched; empty without one.
	BasePath string
	// CustomDomain says that the request did not come to the API's own host name.
	CustomDomain bool
}

// receiveHttp reads a request to an HTTP API to the end of its body, which is passed on
// as it came: HTTP APIs decode no Content-Encoding.
func (h *Handler) receiveHttp(r *http.Request, target httpTarget) *inbound.Request {
	minted := ids{h.Random}
	now := h.Now()
	in := &inbound.Request{
		HTTP: r, Received: now, ExtendedRequestId: minted.extended(), RequestId: minted.uuid(),
		Path: target.Path, EventPath: target.EventPath, ContextPath: target.EventPath, BasePath: target.BasePath,
		SourceIp: hostOnly(r.RemoteAddr), Query: inbound.ParseQuery(r.URL.RawQuery), DefaultEndpoint: !target.CustomDomain,
		Host: hostOnly(r.Host), HelpBase: h.HelpBase,
	}
	in.DomainPrefix, _, _ = strings.Cut(in.Host, ".")
	h.trace(in, r, true)
	size := len(r.Method) + len(r.URL.RequestURI()) + len(r.Proto) + readHttpHeaders(in, r)
	passTrace(in)
	if size > apigwv2.RequestLineAndHeadersLimit {
		in.Fault = fault.New(fault.HeadersTooLarge)
		in.Fault.Found = strconv.Itoa(size) + " bytes of request line and headers"
		in.Fault.Wanted = "at most " + strconv.Itoa(apigwv2.RequestLineAndHeadersLimit)
		return in
	}
	in.SentBody, in.Fault = readBody(r)
	in.Body = in.SentBody
	addContentLength(in)
	return in
}

// connectionHeaders are the connection's own and are not passed on.
var connectionHeaders = []string{
	"connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
}

// readHttpHeaders fills in.Headers, names in lower case, and returns the size of what
// the client sent.
func readHttpHeaders(in *inbound.Request, r *http.Request) (size int) {
	sent := rawheader.Fields(r)
	in.Headers = make([]integration.Field, 0, len(sent)+len(addedHeaders)+1)
	forwardedFor := ""
	for _, field := range sent {
		size += len(field.Name) + len(field.Value)
		name := strings.ToLower(field.Name)
		switch {
		case slices.Contains(connectionHeaders, name), name == "content-length":
		case name == "x-forwarded-for":
			forwardedFor += field.Value + ","
		case isAdded(field.Name):
		default:
			in.Headers = append(in.Headers, integration.Field{Name: name, Value: field.Value})
		}
	}
	proto, port := forwarded(r)
	in.Headers = append(in.Headers,
		integration.Field{Name: "x-amzn-trace-id", Value: in.TraceId},
		integration.Field{Name: "x-forwarded-for", Value: forwardedFor + in.SourceIp},
		integration.Field{Name: "x-forwarded-port", Value: port},
		integration.Field{Name: "x-forwarded-proto", Value: proto})
	return size
}

// addContentLength adds the length of the body, which functions see even where it is 0
// (public reports).
func addContentLength(in *inbound.Request) {
	in.Headers = append(in.Headers, integration.Field{Name: "content-length", Value: strconv.Itoa(len(in.SentBody))})
}
