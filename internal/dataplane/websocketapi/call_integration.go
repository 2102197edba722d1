package websocketapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/dataplane/traceid"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/loadbalancer"
	"gatehouse/internal/plan"
	"gatehouse/internal/tracing"
)

// callIntegration sends what map_request made and reads the answer.
func callIntegration(e *exchange) *fault.Fault {
	switch e.route.Integration.Type {
	case plan.IntegrationMock:
		e.answer.statusCode = e.outbound.mockStatusCode
		e.answer.selection = strconv.Itoa(e.outbound.mockStatusCode)
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

// callEndpoint calls an HTTP backend or an AWS service. It runs to its end also when the client has gone.
func callEndpoint(e *exchange) *fault.Fault {
	out := &e.outbound
	request := &integration.Request{
		Method: out.httpMethod, URL: out.url, Host: out.host, Header: out.header, Body: out.body,
		Timeout: e.route.Integration.Timeout, ServerNameToVerify: e.route.Integration.ServerNameToVerify,
	}
	e.record.Note(record.Sending, out.url)
	if out.service != "" {
		if f := e.signService(request); f != nil {
			return f
		}
	}
	e.answer.called = true
	err := connectPrivately(e, request)
	var answer *integration.Response
	if err == nil {
		answer, err = e.pipeline.Backends.Call(context.Background(), request)
	}
	if err != nil {
		return endpointFault(e, err)
	}
	e.answer.statusCode, e.answer.body, e.answer.latency = answer.StatusCode, answer.Body, answer.Latency
	e.answer.selection = strconv.Itoa(answer.StatusCode)
	for name, values := range answer.Header {
		for _, text := range values {
			e.answer.headers = append(e.answer.headers, integration.Field{Name: name, Value: text})
		}
	}
	noteAnswer(e)
	return nil
}

// connectPrivately has the request go through the integration's VPC link, if it has one.
// Of the URI's host only the port counts; the host stays in the Host header.
func connectPrivately(e *exchange, request *integration.Request) error {
	target := e.route.Integration
	if target.VpcLinkId == nil {
		return nil
	}
	link := loadbalancer.LinkId{Account: e.stage.AccountId, Region: e.stage.Region, Id: target.VpcLinkId.Fill(noPathParameter, e.stage.Variables)}
	if e.pipeline.VpcLinks == nil {
		return &loadbalancer.Error{Reason: loadbalancer.ReasonLink, Message: "VPC link " + link.Id + ": no load balancers are served here"}
	}
	endpoint, err := url.Parse(request.URL)
	if err != nil {
		return &integration.Failure{Kind: integration.FailureRequest, Address: request.URL, Err: err}
	}
	port, ok := loadbalancer.PortOf(endpoint.Scheme, endpoint.Host)
	if !ok {
		return &integration.Failure{Kind: integration.FailureRequest, Address: request.URL, Err: errors.New("the port is no number")}
	}
	connection, err := e.pipeline.VpcLinks.Connect(link, endpoint.Scheme, port)
	if err != nil {
		return err
	}
	request.Dial, request.Addresses, request.Unreachable = connection.Dial, connection.Addresses, connection.Unreachable
	request.InsecureSkipVerification = connection.InsecureSkipVerification
	if rest, ok := strings.CutPrefix(request.URL, endpoint.Scheme); ok {
		request.URL = connection.Scheme + rest
	}
	return nil
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

func endpointFault(e *exchange, err error) *fault.Fault {
	id, found, after := fault.EndpointBroken, err.Error(), time.Duration(0)
	var failure *integration.Failure
	var unreached *loadbalancer.Error
	switch {
	case errors.As(err, &unreached):
		id = fault.VpcLinkUnhealthy
	case errors.As(err, &failure):
		if known, ok := failureIds[failure.Kind]; ok {
			id = known
		}
		found, after = string(failure.Kind)+" after "+failure.After.Round(time.Millisecond).String(), failure.After
	}
	f := integrationFault(e, id, after)
	f.Checked, f.Found, f.Cause = e.outbound.httpMethod+" "+e.outbound.url, found, err
	return f
}

// integrationFault makes a fault that ended the call of the backend. Whatever failed,
// the client is told the same (public reports).
func integrationFault(e *exchange, id fault.Id, latency time.Duration) *fault.Fault {
	f := fault.New(id)
	f.Message, f.LogLine = internalServerError, logLines[id]
	e.answer.latency, e.answer.errorMessage, f.IntegrationError = latency, f.Message, f.Message
	return f
}

const internalServerError = "Internal server error"

// logLines are what AWS's execution log says behind "Execution failed due to": those of
// REST APIs (that WebSocket APIs have the one about permissions was reported in public, the
// others are unconfirmed).
var logLines = map[fault.Id]string{
	fault.IntegrationTimeout:     "a timeout error",
	fault.EndpointNameUnknown:    "configuration error: Invalid endpoint address",
	fault.EndpointInvalid:        "configuration error: Invalid endpoint address",
	fault.EndpointCertificate:    "configuration error: General SSLEngine problem",
	fault.EndpointTls:            "configuration error: General SSLEngine problem",
	fault.EndpointUnreachable:    "a network error communicating with endpoint",
	fault.EndpointBroken:         "a network error communicating with endpoint",
	fault.InvokeDenied:           "configuration error: Invalid permissions on Lambda function",
	fault.FunctionNotFound:       "configuration error: Invalid permissions on Lambda function",
	fault.FunctionThrottled:      "configuration error: Rate Exceeded.",
	fault.MalformedProxyResponse: "configuration error: Malformed Lambda proxy response",
}

// callFunction invokes a Lambda function.
func callFunction(e *exchange) *fault.Fault {
	target := e.route.Integration
	invocation := &integration.Invocation{
		FunctionArn: e.outbound.functionArn, Payload: e.outbound.body, Async: e.outbound.async,
		SourceArn: e.routeArn(), SourceAccount: e.stage.AccountId, Credentials: target.Credentials, Timeout: target.Timeout,
	}
	switch {
	case e.trace != nil:
		invocation.TraceId = e.trace.AmznTraceId(tracing.StepCallIntegration)
	case e.in != nil:
		invocation.TraceId = e.in.TraceId
	default:
		invocation.TraceId = traceid.Of("", e.received, e.pipeline.Random) // functions always get one
	}
	e.record.Note(record.Sending, invocation.FunctionArn)
	e.answer.called = true
	result, err := integration.Invoke(context.Background(), e.pipeline.Functions, invocation)
	if err != nil {
		return functionFault(e, invocation, err)
	}
	e.answer.body, e.answer.latency, e.answer.requestId = result.Payload, result.Latency, result.RequestId
	e.answer.invokeStatusCode, e.answer.statusCode = result.StatusCode, result.StatusCode
	noteAnswer(e)
	if target.Type == plan.IntegrationAwsProxy {
		return readProxyAnswer(e, result)
	}
	if result.FunctionError != "" {
		e.answer.selection = errorMessageOf(result.Payload)
		e.answer.errorMessage = e.answer.selection
	}
	return nil
}

// invokeIds says which fault an invocation is that failed before the function ran.
var invokeIds = []struct {
	err error
	id  fault.Id
}{
	{integration.ErrInvokeTimeout, fault.IntegrationTimeout},
	{integration.ErrInvokeDenied, fault.InvokeDenied},
	{integration.ErrFunctionNotFound, fault.FunctionNotFound},
	{integration.ErrInvokeThrottled, fault.FunctionThrottled},
	{integration.ErrInvokeTooLarge, fault.InvocationTooLarge},
}

// functionFault says why a function could not be invoked.
func functionFault(e *exchange, invocation *integration.Invocation, err error) *fault.Fault {
	id := fault.InvokeFailed
	for _, row := range invokeIds {
		if errors.Is(err, row.err) {
			id = row.id
			break
		}
	}
	f := integrationFault(e, id, e.pipeline.Now().Sub(e.received))
	f.Checked, f.Found, f.Cause = "invoking "+invocation.FunctionArn, err.Error(), err
	if id == fault.InvokeDenied {
		f.Wanted = "a statement that allows lambda:InvokeFunction to apigateway.amazonaws.com for SourceArn " + invocation.SourceArn
		f.Fix = "aws lambda add-permission --function-name " + invocation.FunctionArn +
			" --statement-id apigateway --action lambda:InvokeFunction --principal apigateway.amazonaws.com --source-arn " + invocation.SourceArn
	}
	var denied *integration.InvokeDenied
	if errors.As(err, &denied) {
		f.Nearest = denied.Nearest
	}
	return f
}

// readProxyAnswer reads the answer of a function behind AWS_PROXY. What $disconnect
// answers matters to nobody.
func readProxyAnswer(e *exchange, result *integration.InvocationResult) *fault.Fault {
	if result.FunctionError != "" {
		f := integrationFault(e, fault.FunctionError, result.Latency)
		e.answer.errorMessage = errorMessageOf(result.Payload)
		told := integration.FunctionErrorText(result.Payload)
		f.Found = integration.FoundFunctionError(result.Payload)
		f.LogLine = "Lambda execution failed with status " + strconv.Itoa(result.StatusCode) + " due to customer function error: " + told +
			". Lambda request id: " + result.RequestId
		return f
	}
	if e.eventType == eventDisconnect {
		return nil
	}
	proxy, err := integration.ParseProxyResponse(result.Payload)
	if err != nil {
		f := integrationFault(e, fault.MalformedProxyResponse, result.Latency)
		f.Checked, f.Found, f.Cause = "the function's answer", err.Error(), err
		f.Wanted = "an object with statusCode, such as {\"statusCode\": 200}"
		return f
	}
	e.answer.proxy, e.answer.statusCode = proxy, proxy.StatusCode
	return nil
}

// errorMessageOf is the errorMessage of a failed function; the whole payload when it
// has none.
func errorMessageOf(payload []byte) string {
	var failed struct {
		ErrorMessage *string `json:"errorMessage"`
	}
	if err := json.Unmarshal(payload, &failed); err != nil || failed.ErrorMessage == nil {
		return string(payload)
	}
	return *failed.ErrorMessage
}

func noteAnswer(e *exchange) {
	if !e.record.Enabled() {
		return
	}
	e.record.Note(record.IntegrationLatency, "Status: "+strconv.Itoa(e.answer.statusCode)+", Integration latency: "+
		strconv.FormatInt(e.answer.latency.Milliseconds(), 10)+" ms")
	if e.record.Verbose() && e.answer.requestId != "" && e.outbound.functionArn != "" {
		e.record.Note(record.EndpointRequestId, e.answer.requestId)
	}
	e.record.NoteBody(record.EndpointReplyBody, e.answer.body)
}
