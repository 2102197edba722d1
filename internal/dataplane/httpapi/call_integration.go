package httpapi

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/integration/services"
	"gatehouse/internal/loadbalancer"
	"gatehouse/internal/plan"
)

// callIntegration sends what map_request made and reads the answer.
func callIntegration(e *exchange) *fault.Fault {
	if e.route.Integration.Kind == plan.HttpIntegrationFunction {
		return callFunction(e)
	}
	return callEndpoint(e)
}

// callEndpoint calls an HTTP backend, a load balancer behind a VPC link, or a service.
func callEndpoint(e *exchange) *fault.Fault {
	request := &e.outbound.request
	ctx := e.in.HTTP.Context() // Call has the timeout
	if e.route.Integration.Kind == plan.HttpIntegrationPrivate {
		if f := connectPrivately(e); f != nil || e.answer.called {
			return f
		}
	}
	if e.outbound.service != "" {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, request.Timeout)
		defer cancel()
		if f := e.sign(ctx); f != nil {
			return f
		}
	}
	e.record.Note(record.Sending, request.URL)
	answer, err := e.pipeline.Backends.Call(ctx, request)
	e.answer.called = true
	if err != nil {
		return endpointFault(e, err)
	}
	e.answer.statusCode, e.answer.header, e.answer.body, e.answer.latency = answer.StatusCode, answer.Header, answer.Body, answer.Latency
	e.answer.requestId = firstOf(answer.Header, "X-Amzn-Requestid", "X-Amz-Request-Id")
	if e.record.Enabled() {
		e.noteAnswer(answer.StatusCode, answer.Body)
	}
	return nil
}

// noteAnswer notes the backend's answer for people.
func (e *exchange) noteAnswer(statusCode int, body []byte) {
	if e.record.Verbose() {
		e.record.Note(record.IntegrationLatency, "Status: "+strconv.Itoa(statusCode)+", Integration latency: "+
			strconv.FormatInt(e.answer.latency.Milliseconds(), 10)+" ms")
	}
	e.record.NoteBody(record.EndpointReplyBody, body)
}

func firstOf(header http.Header, names ...string) string {
	for _, name := range names {
		if value := header.Get(name); value != "" {
			return value
		}
	}
	return ""
}

func (e *exchange) sign(ctx context.Context) *fault.Fault {
	token, _ := e.header("x-amz-security-token")
	call := &services.Call{
		Request: &e.outbound.request, Service: e.outbound.service, Region: e.outbound.region,
		Caller: services.Caller{
			AccountId: e.stage.AccountId, RoleArn: e.route.Integration.Credentials, AccessKeyId: e.signer.ID, SessionToken: token,
		},
	}
	if err := e.pipeline.Services.Sign(ctx, call); err != nil {
		return e.integrationFault(services.NotSigned(call, err))
	}
	return nil
}

// endpointFault says why a backend could not be called.
func endpointFault(e *exchange, err error) *fault.Fault {
	var unreached *loadbalancer.Error
	if errors.As(err, &unreached) {
		return linkFault(e, err)
	}
	var failure *integration.Failure
	if !errors.As(err, &failure) {
		failure = &integration.Failure{Kind: integration.FailureBroken, Err: err}
	}
	id, ok := failureIds[failure.Kind]
	if !ok {
		id = fault.EndpointBroken
	}
	f := fault.New(id)
	f.Checked = e.outbound.request.Method + " " + e.outbound.request.URL
	f.Found = string(failure.Kind) + " after " + failure.After.Round(time.Millisecond).String()
	if failure.Kind == integration.FailureTimeout {
		f.Wanted = "an answer within " + e.route.Integration.Timeout.String()
	}
	f.Cause = err
	proposeServerName(e, f, err)
	e.answer.latency = failure.After
	return e.integrationFault(f)
}

// failureIds says which fault a failed call is.
var failureIds = map[integration.FailureKind]fault.Id{
	integration.FailureTimeout:     fault.IntegrationTimeout,
	integration.FailureName:        fault.EndpointNameUnknown,
	integration.FailureConnect:     fault.EndpointUnreachable,
	integration.FailureCertificate: fault.EndpointCertificate,
	integration.FailureTLS:         fault.EndpointTls,
	integration.FailureClientCert:  fault.EndpointTls, // only REST APIs have client certificates
	integration.FailureBroken:      fault.EndpointBroken,
	integration.FailureTooLarge:    fault.ResponseTooLarge,
	integration.FailureRequest:     fault.EndpointInvalid,
}

// integrationErrors is $context.integrationErrorMessage of the faults whose text in
// AWS's access logs is known from public reports; the others show our own sentence.
var integrationErrors = map[fault.Id]string{
	fault.InvokeDenied:           "The IAM role configured on the integration or API Gateway doesn't have permissions to call the integration. Check the permissions and try again.",
	fault.MalformedProxyResponse: "The response from the Lambda function doesn't match the format that API Gateway expects.",
}

// integrationFault completes a fault that ended the call of the backend.
func (e *exchange) integrationFault(f *fault.Fault) *fault.Fault {
	f.IntegrationError = cmp.Or(f.IntegrationError, integrationErrors[f.Id()], f.Entry.Sentence)
	e.answer.errorMessage = f.IntegrationError
	return f
}

// callFunction invokes a Lambda function.
func callFunction(e *exchange) *fault.Fault {
	target := e.route.Integration
	invocation := &integration.Invocation{
		FunctionArn: e.outbound.functionArn, Payload: e.outbound.event, SourceArn: e.sourceArn(), SourceAccount: e.stage.AccountId,
		Credentials: target.Credentials, Caller: e.signer.Principal, CallerPolicies: e.signer.Policies,
		TraceId: e.in.TraceId, Timeout: target.Timeout,
	}
	e.record.Note(record.Sending, invocation.FunctionArn)
	e.answer.called = true
	result, err := integration.Invoke(e.in.HTTP.Context(), e.pipeline.Functions, invocation)
	if err != nil {
		return functionFault(e, invocation, err)
	}
	e.answer.body, e.answer.latency, e.answer.requestId = result.Payload, result.Latency, result.RequestId
	e.answer.invokeStatusCode = result.StatusCode
	if e.record.Enabled() {
		e.noteAnswer(result.StatusCode, result.Payload)
	}
	if result.FunctionError != "" {
		return functionErrorFault(e, result.Payload)
	}
	return nil
}

// sourceArn is the ARN that a function's policy must allow: the route's path, not the
// request's (the form of the permissions that AWS's console adds).
func (e *exchange) sourceArn() string {
	arn := e.apiArn() + "/" + e.stage.StageName + "/"
	if e.route.IsDefault() {
		return arn + e.route.RouteKey
	}
	return arn + e.in.HTTP.Method + e.route.Path
}

func functionFault(e *exchange, invocation *integration.Invocation, err error) *fault.Fault {
	var f *fault.Fault
	switch {
	case errors.Is(err, integration.ErrInvokeTimeout):
		f = fault.New(fault.IntegrationTimeout)
		f.Found = integration.FoundTimeout(err, invocation.Timeout)
	case errors.Is(err, integration.ErrInvokeDenied):
		f = invokeDenied(invocation, err)
	case errors.Is(err, integration.ErrFunctionNotFound):
		f = fault.New(fault.FunctionNotFound)
		f.Found = "no function " + invocation.FunctionArn
	case errors.Is(err, integration.ErrInvokeThrottled):
		f = fault.New(fault.FunctionThrottled)
		f.Found = integration.FoundThrottled(err)
	case errors.Is(err, integration.ErrInvokeTooLarge):
		f = fault.New(fault.InvocationTooLarge)
		f.Found = "an event of " + strconv.Itoa(len(invocation.Payload)) + " bytes"
	default:
		f = fault.New(fault.InvokeFailed)
	}
	f.Checked, f.Cause = "invoking "+invocation.FunctionArn, err
	return e.integrationFault(f)
}

func invokeDenied(invocation *integration.Invocation, err error) *fault.Fault {
	id := fault.InvokeDenied
	if invocation.CrossesAccounts() {
		id = fault.InvokeCrossAccount
	}
	f := fault.New(id)
	f.Wanted = "a statement that allows lambda:InvokeFunction to apigateway.amazonaws.com for SourceArn " + invocation.SourceArn
	f.Found = "no such statement"
	f.Fix = "aws lambda add-permission --function-name " + invocation.FunctionArn +
		" --statement-id apigateway --action lambda:InvokeFunction --principal apigateway.amazonaws.com --source-arn " + invocation.SourceArn
	var denied *integration.InvokeDenied
	if errors.As(err, &denied) {
		f.Nearest = denied.Nearest
	}
	return f
}

func functionErrorFault(e *exchange, payload []byte) *fault.Fault {
	f := fault.New(fault.FunctionError)
	f.Checked, f.Found = "the function's answer", integration.FoundFunctionError(payload)
	return e.integrationFault(f)
}
