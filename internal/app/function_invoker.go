package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"gatehouse/internal/authenticator"
	"gatehouse/internal/control/functions"
	"gatehouse/internal/iam"
	"gatehouse/internal/integration"
	"gatehouse/internal/lambda"
)

// maxCompiledPolicies bounds the cache of functions' compiled policies.
const maxCompiledPolicies = 4096

// functionInvoker lets the data plane invoke functions as API Gateway does: under the
// function's resource policy, or with the integration's credentials, and within the
// integration's timeout.
type functionInvoker struct {
	functions    *functions.Service
	integrations *authenticator.Integrations
	now          func() time.Time

	mu       sync.Mutex // guards policies
	policies map[string]*iam.Policy
}

func newFunctionInvoker(service *functions.Service, integrations *authenticator.Integrations, now func() time.Time) *functionInvoker {
	return &functionInvoker{functions: service, integrations: integrations, now: now, policies: map[string]*iam.Policy{}}
}

// Invoke implements integration.Invoker.
func (f *functionInvoker) Invoke(ctx context.Context, call *integration.Invocation) (*integration.InvocationResult, error) {
	if err := f.authorize(call); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, call.Timeout)
	defer cancel()
	began := f.now()
	result, err := f.functions.InvokeVersion(ctx, call.FunctionArn, lambda.Invocation{Payload: call.Payload, TraceID: call.TraceId}, call.Async)
	if err != nil {
		return nil, invocationError(err)
	}
	statusCode := http.StatusOK
	if call.Async {
		statusCode = http.StatusAccepted
	}
	return &integration.InvocationResult{
		StatusCode: statusCode, Payload: result.Payload, FunctionError: result.FunctionError,
		ExecutedVersion: result.ExecutedVersion, RequestId: result.RequestID, Latency: f.now().Sub(began), // with a cold start, as the client waits for it
	}, nil
}

// authorize checks the function's policy. A function that runs elsewhere is guarded there.
func (f *functionInvoker) authorize(call *integration.Invocation) error {
	document, exists := f.functions.PolicyOf(call.FunctionArn)
	if !exists && call.Credentials == "" {
		if f.functions.RunsElsewhere(call.FunctionArn) {
			return nil
		}
		return fmt.Errorf("invoking %s: %w", call.FunctionArn, integration.ErrFunctionNotFound)
	}
	policy, err := f.compile(document)
	if err != nil {
		return err
	}
	if call.Credentials != "" {
		return f.authorizeAs(call, policy)
	}
	asked := iam.FunctionCall{FunctionARN: call.FunctionArn, SourceARN: call.SourceArn}
	decision := iam.EvaluateFunctionCall(asked, policy)
	if decision.Allowed() {
		return nil
	}
	explanation := iam.Explain(asked.Request(), &iam.Policies{Resource: policy}, decision)
	return &integration.InvokeDenied{FunctionArn: call.FunctionArn, SourceArn: call.SourceArn, Nearest: explanation.String()}
}

// authorizeAs lets the policies of the integration's role, or of the caller, decide.
func (f *functionInvoker) authorizeAs(call *integration.Invocation, policy *iam.Policy) error {
	decided := f.integrations.Decide(&authenticator.IntegrationCall{
		Credentials: call.Credentials, Action: iam.ActionInvokeFunction, Resource: call.FunctionArn, ResourcePolicy: policy,
		SourceArn: call.SourceArn, SourceAccount: call.SourceAccount, Caller: call.Caller, CallerPolicies: call.CallerPolicies,
	})
	if decided.Decision.Allowed() {
		return nil
	}
	return &integration.InvokeDenied{FunctionArn: call.FunctionArn, SourceArn: call.SourceArn, Nearest: decided.Explanation}
}

func (f *functionInvoker) compile(document string) (*iam.Policy, error) {
	if document == "" {
		return nil, nil // a function without a policy
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if policy, ok := f.policies[document]; ok {
		return policy, nil
	}
	policy, err := iam.Compile([]byte(document), iam.FunctionPolicy, "function policy")
	if err != nil {
		return nil, fmt.Errorf("compiling a function's policy: %w", err)
	}
	if len(f.policies) >= maxCompiledPolicies {
		clear(f.policies)
	}
	f.policies[document] = policy
	return policy, nil
}

// invocationError turns the runner's errors into those that the data plane knows.
func invocationError(err error) error {
	var tooMany *lambda.ErrTooManyRequests
	var tooLarge *lambda.ErrRequestTooLarge
	var unanswered *lambda.ErrUnanswered
	switch {
	case errors.As(err, &unanswered) && errors.Is(err, context.DeadlineExceeded):
		return &integration.InvokeRefusal{Err: integration.ErrInvokeTimeout, Detail: unanswered.Error(), Waiting: unanswered.Phase == lambda.PhaseWaiting}
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w: %w", integration.ErrInvokeTimeout, err)
	case errors.As(err, &tooMany):
		return &integration.InvokeRefusal{Err: integration.ErrInvokeThrottled, Detail: tooMany.Detail(), Waiting: tooMany.Waited > 0}
	case errors.Is(err, lambda.ErrQueueFull):
		return fmt.Errorf("%w: %w", integration.ErrInvokeThrottled, err)
	case errors.As(err, &tooLarge):
		return fmt.Errorf("%w: %w", integration.ErrInvokeTooLarge, err)
	default:
		return fmt.Errorf("invoking a function: %w", err)
	}
}
