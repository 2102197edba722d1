// Package functionurl serves function URLs, {id}.lambda-url.{region}.{any suffix}: each
// request becomes an event in payload format 2.0, each answer is read as that of an HTTP
// API, and the URL's CORS settings are applied.
//
// It is not an API: there are no stages, routes, authorizers or mappings. It knows
// functions only through the interface that it declares.
//
// Begin at Handler.ServeHTTP.
package functionurl

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/dataplane/traceid"
	"gatehouse/internal/integration"
	"gatehouse/internal/rawheader"
	"gatehouse/internal/requestbody"
)

// payloadSizeLimit is "Invocation payload (request and response)", bytes.
const payloadSizeLimit = 6 * 1024 * 1024

// Target is where a URL leads.
type Target struct {
	UrlId        string
	Account      string
	Region       string
	FunctionName string
	Qualifier    string
	Cors         *Cors
}

// Functions finds and invokes the function of a URL.
type Functions interface {
	FindUrl(urlId string) (Target, bool)
	InvokeUrl(ctx context.Context, target Target, invocation Invocation) (*integration.InvocationResult, error)
}

// Invocation is what a function is called with.
type Invocation struct {
	Payload []byte
	TraceId string // "Root=1-…"
}

// Handler serves requests to function URLs.
type Handler struct {
	Functions    Functions
	Now          func() time.Time
	NewRequestId func() string // a UUID
	Random       func() uint64
	Log          *slog.Logger
	// Recorder is told of requests that fail; nil records nothing.
	Recorder record.Recorder
	// HelpBase is where fault.SetHelp finds articles; empty answers as AWS does.
	HelpBase string
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r, finish := requestbody.Guard(w, r)
	defer finish()
	requestId := h.NewRequestId()
	w.Header()["x-amzn-RequestId"] = []string{requestId}
	urlId, _, _ := strings.Cut(r.Host, ".")
	target, ok := h.Functions.FindUrl(strings.ToLower(urlId))
	if !ok {
		h.refuse(w, r, Target{}, unknownUrl(urlId))
		return
	}
	preflight := target.Cors.apply(w.Header(), r)
	if preflight {
		w.WriteHeader(http.StatusOK)
		return
	}
	fields := rawheader.Fields(r)
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, payloadSizeLimit))
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			h.refuse(w, r, target, tooLong())
			return
		}
		h.refuse(w, r, target, unreadable(err))
		return
	}
	traceId := traceid.Of(firstOf(fields, traceid.Header), h.Now(), h.Random)
	event := h.event(r, target, requestId, forwardedHeaders(r, fields, traceId))
	event.Body, event.IsBase64Encoded = body, integration.SendsBase64(r.Header.Get("Content-Type"))
	h.invoke(w, r, target, Invocation{Payload: event.AppendJSON(nil), TraceId: traceId})
}

// addedHeaders is how many headers forwardedHeaders adds.
const addedHeaders = 4

const requestTimeFormat = "02/Jan/2006:15:04:05 -0700"

func (h *Handler) event(r *http.Request, target Target, requestId string, headers []integration.Field) *integration.HttpEvent {
	now := h.Now().UTC()
	host, _, _ := strings.Cut(r.Host, ":")
	path := r.URL.EscapedPath()
	return &integration.HttpEvent{
		RouteKey: "$default", RawPath: path, RawQueryString: r.URL.RawQuery, Headers: headers, Query: queryFields(r.URL.RawQuery),
		RequestContext: integration.HttpRequestContext{
			AccountId: "anonymous", ApiId: target.UrlId, DomainName: host, DomainPrefix: target.UrlId,
			Method: r.Method, Path: path, Protocol: r.Proto, SourceIp: sourceIpOf(r), UserAgent: r.UserAgent(),
			RequestId: requestId, RouteKey: "$default", Stage: "$default",
			Time: now.Format(requestTimeFormat), TimeEpoch: now.UnixMilli(),
		},
	}
}

func sourceIpOf(r *http.Request) string {
	if sourceIp, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		return sourceIp
	}
	return r.RemoteAddr
}

func firstOf(fields []rawheader.Field, name string) string {
	for _, field := range fields {
		if strings.EqualFold(field.Name, name) {
			return field.Value
		}
	}
	return ""
}

// forwardedHeaders are the client's headers, how it came here, and its trace id.
func forwardedHeaders(r *http.Request, fields []rawheader.Field, traceId string) []integration.Field {
	proto, port := "http", "80"
	if r.TLS != nil {
		proto, port = "https", "443"
	}
	if _, explicit, err := net.SplitHostPort(r.Host); err == nil {
		port = explicit
	}
	forwardedFor := ""
	headers := make([]integration.Field, 0, len(fields)+addedHeaders)
	for _, field := range fields {
		switch {
		case strings.EqualFold(field.Name, "X-Forwarded-For"):
			forwardedFor += field.Value + ", "
		case strings.EqualFold(field.Name, "X-Forwarded-Proto"), strings.EqualFold(field.Name, "X-Forwarded-Port"), strings.EqualFold(field.Name, traceid.Header):
		default:
			headers = append(headers, integration.Field(field))
		}
	}
	return append(headers, integration.Field{Name: "x-forwarded-for", Value: forwardedFor + sourceIpOf(r)},
		integration.Field{Name: "x-forwarded-proto", Value: proto}, integration.Field{Name: "x-forwarded-port", Value: port},
		integration.Field{Name: "x-amzn-trace-id", Value: traceId})
}

// queryFields decodes a query in its order; a part that cannot be decoded stays as it is.
func queryFields(raw string) []integration.Field {
	var fields []integration.Field
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		fields = append(fields, integration.Field{Name: unescape(name), Value: unescape(value)})
	}
	return fields
}

func unescape(text string) string {
	if decoded, err := url.QueryUnescape(text); err == nil {
		return decoded
	}
	return text
}

func (h *Handler) invoke(w http.ResponseWriter, r *http.Request, target Target, invocation Invocation) {
	result, err := h.Functions.InvokeUrl(r.Context(), target, invocation)
	if err != nil {
		if !errors.Is(err, integration.ErrInvokeDenied) && !errors.Is(err, integration.ErrInvokeThrottled) {
			h.Log.ErrorContext(r.Context(), "invoking the function of a URL", "function", target.FunctionName, "error", err)
		}
		h.refuse(w, r, target, notInvoked(target, err))
		return
	}
	if result.FunctionError != "" {
		h.refuse(w, r, target, failed(result))
		return
	}
	response, err := integration.ParseHttpResponse(result.Payload)
	if err != nil {
		h.refuse(w, r, target, malformed(err))
		return
	}
	body := []byte(response.Body)
	if response.IsBase64Encoded {
		if body, err = base64.StdEncoding.DecodeString(response.Body); err != nil {
			h.refuse(w, r, target, malformed(err))
			return
		}
	}
	write(w, response, body)
}

func write(w http.ResponseWriter, response *integration.HttpResponse, body []byte) {
	for _, header := range response.Headers {
		w.Header().Add(header.Name, header.Value)
	}
	for _, cookie := range response.Cookies {
		w.Header().Add("Set-Cookie", cookie)
	}
	w.WriteHeader(response.StatusCode)
	_, _ = w.Write(body)
}

func answer(w http.ResponseWriter, statusCode int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(statusCode)
	_, _ = io.WriteString(w, body)
}
