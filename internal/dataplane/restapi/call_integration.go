package restapi

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
)

// callIntegration sends what map_request made and reads the answer.
func callIntegration(e *exchange) *fault.Fault {
	switch e.method.Integration.Type {
	case plan.IntegrationMock:
		e.answer.statusCode = e.outbound.mockStatusCode
		e.answer.selection = itoa(e.outbound.mockStatusCode)
		return nil
	case plan.IntegrationAws, plan.IntegrationAwsProxy:
		if e.outbound.service != "" {
			return callEndpoint(e)
		}
		return callFunction(e)
	default:
		return callEndpoint(e)
	}
}

// callEndpoint calls an HTTP backend or an AWS service.
func callEndpoint(e *exchange) *fault.Fault {
	out := &e.outbound
	e.record.Note(record.Sending, out.url)
	request := &integration.Request{
		Method: out.httpMethod, URL: out.url, Host: out.host, Header: out.header, Body: out.body,
		Timeout: e.method.Integration.Timeout, InsecureSkipVerification: e.method.Integration.InsecureSkipVerification,
	}
	if out.service == "" {
		request.ClientCertificate = e.stage.ClientCertificate
	} else if f := e.signService(e.callContext(), request); f != nil {
		return f
	}
	answer, err := e.callBackend(request)
	if err != nil {
		return endpointFault(e, err)
	}
	e.answer.statusCode, e.answer.body, e.answer.latency = answer.StatusCode, answer.Body, answer.Latency
	e.answer.selection = itoa(answer.StatusCode)
	for name, values := range answer.Header {
		for _, value := range values {
			e.answer.headers = append(e.answer.headers, integration.Field{Name: name, Value: value})
		}
	}
	slices.SortStableFunc(e.answer.headers, func(a, b integration.Field) int { return strings.Compare(a.Name, b.Name) })
	if ids := answer.Header["X-Amzn-Requestid"]; len(ids) > 0 {
		e.answer.requestId = ids[0]
	}
	e.noteAnswer()
	if answer.StatusCode >= firstClientError {
		e.noteRefusedOutput()
	}
	return nil
}

const firstClientError = 400

// callBackend sends a request, through the VPC link where there is one.
func (e *exchange) callBackend(request *integration.Request) (*integration.Response, error) {
	own, err := connectPrivately(e, request)
	if err != nil {
		return nil, err
	}
	e.answer.called = true
	if own != nil {
		if own.PlainToTls {
			e.record.Note(record.PlainToTls, "")
		}
		return &integration.Response{StatusCode: own.StatusCode, Header: own.Header, Body: own.Body}, nil
	}
	return e.pipeline.Backends.Call(e.callContext(), request)
}

// callContext does not end when the client goes away: a backend that was called runs
// to its end or its timeout (unconfirmed for HTTP backends on AWS).
func (e *exchange) callContext() context.Context { return context.WithoutCancel(e.in.HTTP.Context()) }

// failureIds says which fault a failed call is.
var failureIds = map[integration.FailureKind]fault.Id{
	integration.FailureTimeout:     fault.IntegrationTimeout,
	integration.FailureName:        fault.EndpointNameUnknown,
	integration.FailureConnect:     fault.EndpointUnreachable,
	integration.FailureCertificate: fault.EndpointCertificate,
	integration.FailureTLS:         fault.EndpointTls,
	integration.FailureClientCert:  fault.ClientCertificateRefused,
	integration.FailureBroken:      fault.EndpointBroken,
	integration.FailureTooLarge:    fault.ResponseTooLarge,
	integration.FailureRequest:     fault.EndpointInvalid,
}

func endpointFault(e *exchange, err error) *fault.Fault {
	var failure *integration.Failure
	if !errors.As(err, &failure) {
		failure = &integration.Failure{Kind: integration.FailureBroken, Err: err}
	}
	if f := linkFault(e, err); f != nil {
		return e.integrationFault(f, failure.After)
	}
	id, ok := failureIds[failure.Kind]
	if !ok {
		id = fault.EndpointBroken
	}
	f := fault.New(id)
	f.Checked = e.outbound.httpMethod + " " + e.outbound.url
	f.Found = string(failure.Kind) + " after " + failure.After.Round(time.Millisecond).String()
	if id == fault.ClientCertificateRefused {
		return e.integrationFault(clientCertificateFault(e, err), failure.After)
	}
	if id == fault.IntegrationTimeout {
		f.Wanted = "an answer within " + e.method.Integration.Timeout.String()
	}
	f.Cause = err
	f.LogLine = logLineOf(failure.Kind)
	return e.integrationFault(f, failure.After)
}

// clientCertificateFault says which certificate a backend refused, or that it got none.
func clientCertificateFault(e *exchange, err error) *fault.Fault {
	certificate := e.stage.ClientCertificate
	f := fault.New(fault.ClientCertificateRefused)
	f.Found = "the backend ended the TLS handshake, and the stage has no client certificate"
	if certificate != nil {
		f.Found = "the backend ended the TLS handshake after client certificate " + certificate.Id
		if e.in.Received.After(certificate.Expires) {
			f = fault.New(fault.ClientCertificateExpired)
			f.Found = "client certificate " + certificate.Id + ", which expired at " + certificate.Expires.UTC().Format(time.RFC3339)
		}
	}
	f.Checked = e.outbound.httpMethod + " " + e.outbound.url
	f.Wanted, f.Cause = "a client certificate that the backend trusts", err
	f.LogLine = logLineOf(integration.FailureClientCert)
	return f
}

// logLineOf is what AWS's execution log says behind "Execution failed due to".
func logLineOf(kind integration.FailureKind) string {
	switch kind {
	case integration.FailureTimeout:
		return "a timeout error"
	case integration.FailureName, integration.FailureRequest:
		return "configuration error: Invalid endpoint address"
	case integration.FailureCertificate, integration.FailureTLS, integration.FailureClientCert:
		return "configuration error: General SSLEngine problem"
	default:
		return "a network error communicating with endpoint"
	}
}

// integrationFault completes a fault that ended the call of the backend.
func (e *exchange) integrationFault(f *fault.Fault, latency time.Duration) *fault.Fault {
	e.answer.latency = latency
	e.answer.errorMessage = f.Message
	f.IntegrationError = f.Message
	return f
}

// callFunction invokes a Lambda function.
func callFunction(e *exchange) *fault.Fault {
	target := e.method.Integration
	if target.Type == plan.IntegrationAwsProxy && target.HttpMethod != "POST" {
		f := fault.New(fault.ProxyMethodNotPost)
		f.Found, f.Wanted = "integrationHttpMethod "+target.HttpMethod, "POST"
		f.LogLine = "configuration error: Invalid permissions on Lambda function" // unconfirmed
		return f
	}
	invocation := &integration.Invocation{
		FunctionArn: e.outbound.functionArn, Payload: e.outbound.body, Async: e.outbound.async,
		SourceArn: e.sourceArn(), SourceAccount: e.stage.AccountId, Credentials: target.Credentials,
		Caller: e.signer.Principal, CallerPolicies: e.signer.Policies,
		TraceId: e.in.TraceId, Timeout: target.Timeout,
	}
	e.record.Note(record.Sending, invocation.FunctionArn)
	result, err := integration.Invoke(e.callContext(), e.pipeline.Functions, invocation)
	e.answer.called = true
	if err != nil {
		return functionFault(e, invocation, err)
	}
	e.answer.body, e.answer.latency, e.answer.requestId = result.Payload, result.Latency, result.RequestId
	e.answer.invokeStatusCode, e.answer.statusCode = result.StatusCode, result.StatusCode
	e.answer.headers = append(e.answer.headers, integration.Field{Name: headerContentType, Value: contentTypeJSON})
	if result.FunctionError != "" {
		e.answer.headers = append(e.answer.headers, integration.Field{Name: "X-Amz-Function-Error", Value: result.FunctionError})
	}
	e.noteAnswer()
	if target.Type == plan.IntegrationAwsProxy {
		return readProxyAnswer(e, result)
	}
	if result.FunctionError != "" {
		e.answer.selection = errorMessageOf(result.Payload)
		e.answer.errorMessage = e.answer.selection
	}
	return nil
}

// sourceArn is the ARN that a function's policy must allow: the resource's path, not
// the request's.
func (e *exchange) sourceArn() string {
	return "arn:aws:execute-api:" + e.stage.Region + ":" + e.stage.AccountId + ":" + e.stage.ApiId + "/" +
		e.stage.StageName + "/" + e.httpMethod + e.method.ResourcePath
}

// functionFault says why a function could not be invoked.
func functionFault(e *exchange, invocation *integration.Invocation, err error) *fault.Fault {
	var f *fault.Fault
	switch {
	case errors.Is(err, integration.ErrInvokeTimeout):
		f = fault.New(fault.IntegrationTimeout)
		f.Found = integration.FoundTimeout(err, invocation.Timeout)
		f.LogLine = logLineOf(integration.FailureTimeout)
	case errors.Is(err, integration.ErrInvokeDenied):
		f = invokeDenied(invocation, err)
	case errors.Is(err, integration.ErrFunctionNotFound):
		f = fault.New(fault.FunctionNotFound)
		f.Found = "no function " + invocation.FunctionArn
		f.LogLine = "configuration error: Invalid permissions on Lambda function"
	case errors.Is(err, integration.ErrInvokeThrottled):
		f = fault.New(fault.FunctionThrottled)
		f.Found = integration.FoundThrottled(err)
		f.LogLine = "configuration error: Rate Exceeded." // public logs of 2018 and 2025
	case errors.Is(err, integration.ErrInvokeTooLarge):
		f = fault.New(fault.InvocationTooLarge)
		f.Found = "an event of " + itoa(len(invocation.Payload)) + " bytes"
	default:
		f = fault.New(fault.InvokeFailed)
		f.LogLine = "an internal error"
	}
	f.Checked, f.Cause = "invoking "+invocation.FunctionArn, err
	return e.integrationFault(f, e.pipeline.Now().Sub(e.in.Received))
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
	f.LogLine = "configuration error: Invalid permissions on Lambda function"
	var denied *integration.InvokeDenied
	if errors.As(err, &denied) {
		f.Nearest = denied.Nearest
	}
	return f
}

const arnAccountPart = 4

func accountOf(arn string) string {
	parts := strings.SplitN(arn, ":", arnAccountPart+2)
	if len(parts) <= arnAccountPart {
		return ""
	}
	return parts[arnAccountPart]
}

// noteReplyHeaders notes the headers of an answer that came to nothing. Those of a good one
// are much the same as the response's, and without data trace not noted.
func (e *exchange) noteReplyHeaders() {
	if e.answer.called && !e.record.Traced() {
		e.record.NoteFields(record.EndpointReplyHeaders, e.answer.headers)
	}
}

// noteAnswer notes the backend's answer as AWS's execution log shows it.
func (e *exchange) noteAnswer() {
	if !e.record.Enabled() {
		return
	}
	if e.record.Verbose() {
		e.record.Note(record.IntegrationLatency, "Status: "+itoa(e.answer.statusCode)+", Integration latency: "+
			strconv.FormatInt(e.answer.latency.Milliseconds(), 10)+" ms")
		if kind := e.method.Integration.Type; e.answer.requestId != "" && (kind == plan.IntegrationAws || kind == plan.IntegrationAwsProxy) {
			e.record.Note(record.EndpointRequestId, e.answer.requestId)
		}
	}
	if e.record.Traced() {
		e.record.NoteFields(record.EndpointReplyHeaders, e.answer.headers)
	}
	e.record.NoteBody(record.EndpointReplyBody, e.answer.body)
}
