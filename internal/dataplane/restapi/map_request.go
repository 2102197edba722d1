package restapi

import (
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
)

// mapRequest makes what goes to the backend: the body by a template or passed through,
// the parameters by mappings, or everything as it is for a proxy.
func mapRequest(e *exchange) *fault.Fault {
	target := e.method.Integration
	if target.UnmappableHeader != "" {
		f := fault.New(fault.HeaderNotMappable)
		f.Found = "a mapping onto integration.request.header." + target.UnmappableHeader
		f.Fix = "remove the mapping and deploy"
		return f
	}
	switch target.Type {
	case plan.IntegrationAwsProxy:
		return mapProxyEvent(e)
	case plan.IntegrationHttpProxy:
		return mapEndpointRequest(e)
	}
	if f := mapRequestBody(e); f != nil {
		return f
	}
	switch target.Type {
	case plan.IntegrationMock:
		return readMockStatusCode(e)
	case plan.IntegrationAws:
		if target.IsService {
			return mapServiceRequest(e)
		}
		return mapInvocation(e)
	default:
		return mapEndpointRequest(e)
	}
}

// mapRequestBody converts and renders the body of an integration that is no proxy.
func mapRequestBody(e *exchange) *fault.Fault {
	if f := convertRequestBody(e); f != nil {
		return f
	}
	if e.outbound.binary {
		return nil // binary data passes by templates (guide: api-gateway-payload-encodings-workflow.md)
	}
	target := e.method.Integration
	mediaType := e.requestMediaType()
	template := plan.FindTemplate(target.RequestTemplates, mediaType)
	if template != nil {
		e.record.Note(record.TemplateChosen, template.ContentType)
		if template.PassesThrough() {
			return nil
		}
		body, f := e.renderRequestTemplate(template)
		e.outbound.body = body
		return f
	}
	return passThrough(e, mediaType)
}

// passThrough lets a body through that no template fits, where the passthrough
// behavior allows it (guide: integration-passthrough-behaviors.md).
func passThrough(e *exchange, mediaType string) *fault.Fault {
	target := e.method.Integration
	refused := target.PassthroughBehavior == plan.Never ||
		target.PassthroughBehavior == plan.WhenNoTemplates && len(target.RequestTemplates) > 0
	if !refused {
		e.record.Note(record.TemplateChosen, "")
		return nil
	}
	f := fault.New(fault.UnsupportedMediaType)
	f.Checked = "the request templates of " + e.method.HttpMethod + " " + e.method.ResourcePath
	f.Found = "Content-Type " + mediaType + " and passthroughBehavior " + string(target.PassthroughBehavior)
	for i, template := range target.RequestTemplates {
		if i > 0 {
			f.Nearest += ", "
		}
		f.Nearest += template.ContentType
	}
	return f
}

// convertRequestBody applies contentHandling.
func convertRequestBody(e *exchange) *fault.Fault {
	target := e.method.Integration
	binary := e.stage.Api.BinaryMediaTypes.MatchesContentType(e.requestMediaType())
	body, stillBinary, err := integration.ConvertRequest(e.in.Body, binary, target.ContentHandling)
	if err != nil {
		f := fault.New(fault.RequestNotBase64)
		f.Found, f.Cause = "a body that is not base64, with contentHandling "+target.ContentHandling, err
		return f
	}
	if !binary && !stillBinary {
		e.noteDamagedBody(record.RequestDamaged, e.header(headerContentType), e.in.Body)
	}
	e.outbound.body, e.outbound.binary = body, stillBinary
	return nil
}
