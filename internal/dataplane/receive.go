package dataplane

import (
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/rawheader"
)

// receive reads a request to the end of its body.
func (h *Handler) receive(r *http.Request, target Target) *inbound.Request {
	minted := ids{h.Random}
	now := h.Now()
	in := &inbound.Request{
		HTTP: r, Received: now, ExtendedRequestId: minted.extended(), RequestId: clientRequestId(r),
		Path: target.Path, EventPath: target.Path, ContextPath: "/" + target.StageName + target.Path,
		SourceIp: hostOnly(r.RemoteAddr), Query: inbound.ParseQuery(r.URL.RawQuery), DefaultEndpoint: true,
		HelpBase: h.HelpBase,
	}
	h.trace(in, r, target.Traced)
	if in.RequestId == "" {
		in.RequestId = minted.uuid()
	}
	in.Host = hostOnly(r.Host)
	in.DomainPrefix, _, _ = strings.Cut(in.Host, ".")
	size := readHeaders(in, r)
	passTrace(in)
	switch {
	case len(r.RequestURI) > apigw.UriSizeLimit:
		in.Fault = fault.New(fault.UriTooLong)
		in.Fault.Found, in.Fault.Wanted = strconv.Itoa(len(r.RequestURI))+" bytes of URI", "at most "+strconv.Itoa(apigw.UriSizeLimit)
	case size > apigw.HeaderSizeLimit:
		in.Fault = fault.New(fault.HeadersTooLarge)
		in.Fault.Found, in.Fault.Wanted = strconv.Itoa(size)+" bytes of headers", "at most "+strconv.Itoa(apigw.HeaderSizeLimit)
	default:
		in.SentBody, in.Fault = readBody(r)
		in.Body = in.SentBody
		if in.Fault == nil {
			in.Fault = decodeBody(in, r.Header)
		}
	}
	return in
}

// clientRequestId is the id that the client chose, if it is a UUID.
func clientRequestId(r *http.Request) string {
	if id := firstValue(r.Header, "X-Amzn-Requestid"); isUuid(id) {
		return id
	}
	return ""
}

func firstValue(header http.Header, canonicalName string) string {
	if values := header[canonicalName]; len(values) > 0 {
		return values[0]
	}
	return ""
}

func hostOnly(hostport string) string {
	if strings.IndexByte(hostport, ':') < 0 {
		return hostport
	}
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return hostport
}

// addedHeaders are set by API Gateway on every request, whatever the client sent.
var addedHeaders = []string{"X-Amzn-Trace-Id", "X-Forwarded-For", "X-Forwarded-Port", "X-Forwarded-Proto"}

// readHeaders fills in.Headers and returns the size of what the client sent.
func readHeaders(in *inbound.Request, r *http.Request) (size int) {
	sent := rawheader.Fields(r)
	in.Headers = make([]integration.Field, 0, len(sent)+len(addedHeaders))
	forwardedFor := ""
	for _, field := range sent {
		size += len(field.Name) + len(field.Value)
		switch {
		case integration.DropsRequestHeader(field.Name):
		case strings.EqualFold(field.Name, "X-Forwarded-For"):
			forwardedFor += field.Value + ", "
		case isAdded(field.Name):
		default:
			in.Headers = append(in.Headers, integration.Field(field))
		}
	}
	proto, port := forwarded(r)
	in.Headers = append(in.Headers,
		integration.Field{Name: addedHeaders[0], Value: in.TraceId},
		integration.Field{Name: addedHeaders[1], Value: forwardedFor + in.SourceIp},
		integration.Field{Name: addedHeaders[2], Value: port},
		integration.Field{Name: addedHeaders[3], Value: proto})
	return size
}

func isAdded(name string) bool {
	for _, added := range addedHeaders {
		if strings.EqualFold(name, added) {
			return true
		}
	}
	return false
}

func forwarded(r *http.Request) (proto, port string) {
	proto, port = "http", "80"
	if r.TLS != nil {
		proto, port = "https", "443"
	}
	if _, explicit, err := net.SplitHostPort(r.Host); err == nil {
		port = explicit
	}
	return proto, port
}

// readBody reads the body within the payload limit. The bytes are the request's own:
// an HTTP client may still read them after it has returned an early answer, so they
// cannot come from a pool.
func readBody(r *http.Request) ([]byte, *fault.Fault) {
	switch {
	case r.Body == nil || r.Body == http.NoBody:
		return nil, nil
	case r.ContentLength > apigw.PayloadSizeLimit:
		return nil, tooLarge("a Content-Length of " + strconv.FormatInt(r.ContentLength, 10) + " bytes")
	case r.ContentLength > 0:
		return readExactly(r.Body, int(r.ContentLength))
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, apigw.PayloadSizeLimit+1))
	switch {
	case err != nil:
		return nil, malformed(err)
	case len(body) > apigw.PayloadSizeLimit:
		return nil, tooLarge("a chunked body of more bytes")
	default:
		return body, nil
	}
}

// firstRead bounds what is allocated on a client's word alone.
const firstRead = 1 << 20

func readExactly(r io.Reader, length int) ([]byte, *fault.Fault) {
	body := make([]byte, min(length, firstRead))
	if _, err := io.ReadFull(r, body); err != nil {
		return nil, malformed(err)
	}
	if length <= firstRead {
		return body, nil
	}
	rest, err := io.ReadAll(io.LimitReader(r, int64(length-firstRead)))
	if err == nil && len(rest) < length-firstRead {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, malformed(err)
	}
	return append(body, rest...), nil
}

func tooLarge(found string) *fault.Fault {
	f := fault.New(fault.RequestTooLarge)
	f.Found, f.Wanted = found, "at most "+strconv.Itoa(apigw.PayloadSizeLimit)+" bytes"
	return f
}

func malformed(err error) *fault.Fault {
	f := fault.New(fault.RequestMalformed)
	f.Found, f.Cause = "a body that cannot be read", err
	return f
}
