package lambda

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Endpoint sends the invocations of some functions to a place that speaks the
// Invoke operation: AWS, another server, or a container with the runtime
// interface emulator.
type Endpoint struct {
	// Pattern is a function name or ARN; * stands for any characters.
	Pattern string
	// URL is the start of the address, without /2015-03-31.
	URL string
	// FunctionName, when not empty, replaces the name in the path. The runtime
	// interface emulator knows one, "function".
	FunctionName string
	// Emulator is true for the runtime interface emulator, which marks no
	// function error: an error document is then told by its shape.
	Emulator bool
	// Sign signs the request with the body's bytes; nil sends it unsigned.
	Sign func(request *http.Request, body []byte) error
}

// endpointTimeout is above the longest function.
const endpointTimeout = MaximumTimeout + time.Minute

func newEndpointClient() *http.Client {
	return &http.Client{
		Timeout: endpointTimeout,
		Transport: &http.Transport{
			MaxIdleConnsPerHost: 64, IdleConnTimeout: 90 * time.Second, DisableCompression: true,
			TLSHandshakeTimeout: 10 * time.Second,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (r *Runner) findEndpoint(function Function) *Endpoint {
	for i := range r.options.Endpoints {
		pattern := r.options.Endpoints[i].Pattern
		if matchPattern(pattern, function.FunctionName) || matchPattern(pattern, function.Arn) {
			return &r.options.Endpoints[i]
		}
	}
	return nil
}

// matchPattern compares with * for any characters, in linear passes.
func matchPattern(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == text
	}
	rest, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		_, after, found := strings.Cut(rest, part)
		if !found {
			return false
		}
		rest = after
	}
	return strings.HasSuffix(rest, last)
}

func (r *Runner) invokeEndpoint(ctx context.Context, endpoint *Endpoint, function Function, call Invocation) (Result, error) {
	begun := r.options.Now()
	request, err := endpoint.request(ctx, function, call)
	if err != nil {
		return Result{}, err
	}
	response, err := r.options.HTTPClient.Do(request)
	if err != nil {
		return Result{}, fmt.Errorf("calling function %s at %s: %w", function.FunctionName, endpoint.URL, err)
	}
	defer response.Body.Close() //nolint:errcheck // read to its end below
	body, err := io.ReadAll(io.LimitReader(response.Body, MaximumResponseSize+1))
	if err != nil {
		return Result{}, fmt.Errorf("reading the answer of function %s at %s: %w", function.FunctionName, endpoint.URL, err)
	}
	if response.StatusCode != http.StatusOK {
		return Result{}, remoteError(response, body)
	}
	result := Result{
		RequestID: call.RequestID, Payload: body, FunctionError: response.Header.Get("X-Amz-Function-Error"),
		ExecutedVersion: response.Header.Get("X-Amz-Executed-Version"),
		Duration:        r.options.Now().Sub(begun),
	}
	if id := response.Header.Get("X-Amzn-Requestid"); id != "" {
		result.RequestID = id
	}
	if len(body) > MaximumResponseSize {
		o := responseTooLarge()
		result.Payload, result.FunctionError, result.ErrorType = o.payload, o.functionError, o.errorType
	}
	if tail, err := base64.StdEncoding.DecodeString(response.Header.Get("X-Amz-Log-Result")); err == nil && call.LogTail {
		result.LogTail = tail
	}
	if endpoint.Emulator && result.FunctionError == "" && isErrorDocument(body) {
		result.FunctionError = functionErrorUnhandled
	}
	if result.ExecutedVersion == "" {
		result.ExecutedVersion = function.withDefaults().Version
	}
	return result, nil
}

func (e *Endpoint) request(ctx context.Context, function Function, call Invocation) (*http.Request, error) {
	name := e.FunctionName
	if name == "" {
		name = function.FunctionName
	}
	address := strings.TrimSuffix(e.URL, "/") + "/2015-03-31/functions/" + url.PathEscape(name) + "/invocations"
	if call.Qualifier != "" && e.FunctionName == "" {
		address += "?Qualifier=" + url.QueryEscape(call.Qualifier)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(call.Payload))
	if err != nil {
		return nil, fmt.Errorf("making a request to function endpoint %s: %w", e.URL, err)
	}
	header := request.Header
	header.Set("Content-Type", "application/json")
	header.Set("X-Amz-Invocation-Type", "RequestResponse")
	if call.LogTail {
		header.Set("X-Amz-Log-Type", "Tail")
	}
	if len(call.ClientContext) > 0 {
		header.Set("X-Amz-Client-Context", base64.StdEncoding.EncodeToString(call.ClientContext))
	}
	if call.TraceID != "" {
		header.Set("X-Amzn-Trace-Id", call.TraceID)
	}
	if e.Sign != nil {
		if err := e.Sign(request, call.Payload); err != nil {
			return nil, fmt.Errorf("signing a request to function endpoint %s: %w", e.URL, err)
		}
	}
	return request, nil
}

// remoteError reads an exception of the Invoke operation.
func remoteError(response *http.Response, body []byte) *ErrRemote {
	var document struct {
		Type         string `json:"__type"`
		Message      string `json:"message"`
		MessageUpper string `json:"Message"`
		Reason       string `json:"Reason"`
	}
	//nolint:errcheck // an answer that is no JSON has no fields; its bytes are kept
	_ = json.Unmarshal(body, &document)
	e := &ErrRemote{
		StatusCode: response.StatusCode, Type: response.Header.Get("X-Amzn-Errortype"),
		Message: document.Message, Reason: document.Reason, Body: body,
	}
	if e.Message == "" {
		e.Message = document.MessageUpper
	}
	if e.Type == "" {
		e.Type = document.Type
	}
	e.Type, _, _ = strings.Cut(e.Type, ":")
	return e
}

// isErrorDocument tells an error document by its shape: errorMessage and
// nothing else but what runtimes add to it.
func isErrorDocument(body []byte) bool {
	var document map[string]json.RawMessage
	if json.Unmarshal(body, &document) != nil || document["errorMessage"] == nil {
		return false
	}
	for key := range document {
		switch key {
		case "errorMessage", "errorType", "stackTrace", "trace", "requestId", "cause":
		default:
			return false
		}
	}
	return true
}
