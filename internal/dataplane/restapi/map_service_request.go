package restapi

import (
	"strings"

	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/integration/services"
)

// mapServiceRequest makes the request to an AWS service: what an HTTP integration would
// send, addressed and formed as the service's protocol asks for (guide:
// integration-request-basic-setup.md).
func mapServiceRequest(e *exchange) *fault.Fault {
	mapped, f := e.mapParameters()
	if f != nil {
		return f
	}
	e.setHttpMethod()
	e.outbound.header = endpointHeaders(e, mapped.headers)
	if hosts := e.outbound.header[headerHost]; len(hosts) > 0 {
		e.outbound.host = hosts[0]
		delete(e.outbound.header, headerHost)
	}
	text := e.method.Integration.Uri.Fill(func(name string) (string, bool) {
		value, ok := inbound.Last(mapped.path, name)
		return escapePath(value), ok
	}, e.stage.Variables)
	uri, ok := services.ParseUri(text)
	if !ok || uri.NeedsPath() {
		return serviceUriFault(text, ok)
	}
	if f := e.addressService(&uri, mapped); f != nil {
		return f
	}
	if e.record.Enabled() {
		e.record.Note(record.EndpointUri, e.outbound.url)
		e.noteOutboundHeaders()
		e.record.NoteBody(record.EndpointBody, e.outbound.body)
	}
	return nil
}

// addressService points the request at the server that stands for the service.
func (e *exchange) addressService(uri *services.Uri, mapped mappedParameters) *fault.Fault {
	service, _ := uri.Service()
	e.outbound.service, e.outbound.region = service, uri.Region
	if uri.Region == "" {
		e.outbound.region = e.stage.Region
	}
	base, ok := "", false
	if e.pipeline.Services != nil {
		base, ok = e.pipeline.Services.Endpoint(service, e.outbound.region)
	}
	if !ok {
		return e.integrationFault(services.NotConfigured(service, e.outbound.region, uri.Name), 0)
	}
	request := integration.Request{Header: e.outbound.header, Host: e.outbound.host}
	uri.Address(&request, base, encodeQuery(mapped.query), namesOf(mapped.headers))
	e.outbound.url, e.outbound.host = request.URL, request.Host
	return nil
}

// serviceUriFault says what of a filled URI does not name an operation.
func serviceUriFault(uri string, isAction bool) *fault.Fault {
	f := fault.New(fault.EndpointInvalid)
	f.Found, f.Wanted = "the URI "+uri, "arn:aws:apigateway:{region}:{service}:path/{path} or …:action/{action}"
	if isAction {
		f.Wanted = "arn:aws:apigateway:{region}:{service}:path/{path}: the operations of this service have paths, and not names"
	}
	f.LogLine = logLineOf(integration.FailureRequest)
	return f
}

func encodeQuery(fields []integration.Field) string {
	var b strings.Builder
	for i, field := range fields {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(escapeQuery(field.Name) + "=" + escapeQuery(field.Value))
	}
	return b.String()
}
