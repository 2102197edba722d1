package exchangetest

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"gatehouse/internal/integration"
)

// latency is how long every backend takes.
const latency = 12 * time.Millisecond

// Reached notes what went out beside requests and invocations.
func (w *World) Reached(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.outbound += text
}

// Call implements the pipelines' Backends: the fixture holds an answer as HTTP, or
// "failure {kind}".
func (w *World) Call(_ context.Context, request *integration.Request) (*integration.Response, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.outbound += printOutbound(request)
	if kind, ok := strings.CutPrefix(strings.TrimSpace(w.backend), "failure "); ok {
		return nil, &integration.Failure{Kind: integration.FailureKind(kind), After: time.Second, Err: errors.New("as the fixture says")}
	}
	head, body, _ := strings.Cut(w.backend, "\n\n")
	answer, err := http.ReadResponse(bufio.NewReader(strings.NewReader(strings.ReplaceAll(strings.TrimSpace(head), "\n", "\r\n")+"\r\n\r\n")), nil)
	if err != nil {
		return nil, fmt.Errorf("the fixture's backend: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	content := []byte(strings.TrimSuffix(body, "\n"))
	if encoded, ok := strings.CutPrefix(string(content), "base64:"); ok {
		content, err = base64.StdEncoding.DecodeString(encoded)
	}
	return &integration.Response{StatusCode: answer.StatusCode, Header: answer.Header, Body: content, Latency: latency}, err
}

var functionErrors = map[string]error{
	"denied":    &integration.InvokeDenied{FunctionArn: "f", SourceArn: "s", Nearest: `statement "apigw-test" allows another stage`},
	"not-found": integration.ErrFunctionNotFound, "throttled": integration.ErrInvokeThrottled, "timeout": integration.ErrInvokeTimeout,
	"too-large": integration.ErrInvokeTooLarge,
}

// Invoke implements integration.Invoker: the fixture holds JSON, "FunctionError" and JSON,
// "error {name}" or "error panic". The function named auth answers what "authorizer" holds.
func (w *World) Invoke(_ context.Context, invocation *integration.Invocation) (*integration.InvocationResult, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	answer, seen, shown := w.function, &w.outbound, w.ShowsEvent(invocation.Payload)
	if strings.HasSuffix(invocation.FunctionArn, ":auth") {
		answer, seen, shown = w.authorizer, &w.asked, w.ShowsAuthorizerEvent
	}
	*seen = printInvocation(invocation, shown)
	result := &integration.InvocationResult{StatusCode: http.StatusOK, RequestId: "11111111-2222-3333-4444-555555555555", Latency: latency}
	if invocation.Async {
		result.StatusCode = http.StatusAccepted
	}
	if name, ok := strings.CutPrefix(strings.TrimSpace(answer), "error "); ok {
		if name == "panic" {
			panic("as the fixture says")
		}
		return nil, functionErrors[name]
	}
	if rest, ok := strings.CutPrefix(answer, "FunctionError\n"); ok {
		answer, result.FunctionError = rest, "Unhandled"
	}
	if !invocation.Async {
		result.Payload = []byte(strings.TrimSuffix(answer, "\n"))
	}
	return result, nil
}
