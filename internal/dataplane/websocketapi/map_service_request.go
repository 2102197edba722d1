package websocketapi

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/integration/services"
)

// Services finds and signs for AWS services; *services.Endpoints does.
type Services interface {
	// Endpoint is the base URL of a service in a region; false where there is none.
	Endpoint(service, region string) (string, bool)
	// Sign adds a signature to the call's headers.
	Sign(ctx context.Context, call *services.Call) error
}

// mapServiceRequest makes the request to an AWS service of the mapped message.
func mapServiceRequest(e *exchange) *fault.Fault {
	mapped, f := e.mapParameters()
	if f != nil {
		return f
	}
	text := e.route.Integration.Uri.Fill(func(name string) (string, bool) {
		value, ok := inbound.Last(mapped.path, name)
		return url.PathEscape(value), ok
	}, e.stage.Variables)
	uri, ok := services.ParseUri(text)
	if !ok || uri.NeedsPath() {
		f := integrationFault(e, fault.EndpointInvalid, 0)
		f.Found, f.Wanted = "the URI "+text, "arn:aws:apigateway:{region}:{service}:path/{path} or …:action/{action}"
		return f
	}
	e.outbound.httpMethod = http.MethodPost
	if method := e.route.Integration.HttpMethod; method != "" && method != "ANY" {
		e.outbound.httpMethod = method
	}
	e.outbound.header = http.Header{"Accept": {contentTypeJSON}, "User-Agent": {userAgentPrefix + e.stage.ApiId}}
	if len(e.outbound.body) > 0 {
		e.outbound.header["Content-Type"] = []string{contentTypeJSON}
	}
	names := map[string]bool{}
	for _, field := range mapped.headers {
		name := http.CanonicalHeaderKey(field.Name)
		e.outbound.header[name], names[name] = []string{field.Value}, true
	}
	if f := e.addressService(&uri, mapped.query, names); f != nil {
		return f
	}
	e.record.Note(record.EndpointUri, e.outbound.url)
	e.record.NoteBody(record.EndpointBody, e.outbound.body)
	return nil
}

// addressService points the request at the server that stands for the service.
func (e *exchange) addressService(uri *services.Uri, query []integration.Field, mapped map[string]bool) *fault.Fault {
	service, _ := uri.Service()
	e.outbound.service, e.outbound.region = service, uri.Region
	base, ok := "", false
	if e.pipeline.Services != nil {
		base, ok = e.pipeline.Services.Endpoint(service, uri.Region)
	}
	if !ok {
		f := services.NotConfigured(service, uri.Region, uri.Name)
		f.Message = internalServerError
		e.answer.errorMessage, f.IntegrationError = f.Message, f.Message
		return f
	}
	var encoded []string
	for _, field := range query {
		encoded = append(encoded, url.QueryEscape(field.Name)+"="+strings.ReplaceAll(url.QueryEscape(field.Value), "+", "%20"))
	}
	request := integration.Request{Header: e.outbound.header}
	uri.Address(&request, base, strings.Join(encoded, "&"), mapped)
	e.outbound.url, e.outbound.host = request.URL, request.Host
	return nil
}

// signService signs a request to an AWS service. A caller's credentials are not kept for
// the messages of a connection, so that passing them on fails.
func (e *exchange) signService(request *integration.Request) *fault.Fault {
	call := &services.Call{
		Request: request, Service: e.outbound.service, Region: e.outbound.region,
		Caller: services.Caller{AccountId: e.stage.AccountId, RoleArn: e.route.Integration.Credentials},
	}
	err := e.pipeline.Services.Sign(context.Background(), call)
	if err == nil {
		return nil
	}
	f := services.NotSigned(call, err)
	f.Message = internalServerError
	e.answer.errorMessage, f.IntegrationError = f.Message, f.Message
	return f
}
