package restapi

import (
	"errors"
	"unsafe"

	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/mapping"
	"gatehouse/internal/plan"
)

// mappingInput is what templates and parameter mappings of the exchange are given,
// made when the first of them needs it.
func (e *exchange) mappingInput() *mapping.Input {
	if e.input.Context != nil {
		return &e.input
	}
	e.requestPayload = mapping.NewPayload(e.requestText())
	e.input = mapping.Input{
		Payload: &e.requestPayload, Context: e.pipeline.contextNames().NewContext(e),
		Path: valuesOf(e.pathParameters), Querystring: valuesOf(e.in.Query), Header: valuesOf(e.in.Headers),
		StageVariables: valuesOf(e.stage.VariableFields),
	}
	return &e.input
}

// requestText is the request's body as templates see it: after contentHandling.
func (e *exchange) requestText() []byte {
	if e.outbound.body != nil {
		return e.outbound.body
	}
	return e.in.Body
}

// valuesOf gives fields as package mapping names them, without a copy: the two types
// are one struct of a name and a value, which the compiler holds below.
func valuesOf(fields []integration.Field) mapping.Values {
	return unsafe.Slice((*mapping.Value)(unsafe.Pointer(unsafe.SliceData(fields))), len(fields)) //nolint:gosec // see above
}

var _ = mapping.Value(integration.Field{})

// contextNames is which context variables there are; the same for every API.
func (p *Pipeline) contextNames() *mapping.ContextNames {
	p.namesOnce.Do(func() { p.names = mapping.NewContextNames(templateVariableNames) })
	return p.names
}

// renderRequestTemplate renders a template over the request.
func (e *exchange) renderRequestTemplate(template *plan.Template) ([]byte, *fault.Fault) {
	return render(template, e.mappingInput())
}

// renderResponseTemplate renders a template over the body that the response has so far.
func (e *exchange) renderResponseTemplate(template *plan.Template) ([]byte, *fault.Fault) {
	input := *e.mappingInput()
	input.Payload = e.answerPayload(e.response.body)
	body, f := render(template, &input)
	if f != nil && f.Id() == fault.RequestBodyNotJson {
		cause := f.Cause
		f = fault.New(fault.TemplateFailed) // what the backend answered is no fault of the client
		f.Found, f.Cause = answerNotJson, cause
	}
	if f != nil {
		f.Checked, f.LogLine = "response template "+template.ContentType, "configuration error: Unable to transform response"
	}
	return body, f
}

const answerNotJson = "a response body that is not JSON"

func render(template *plan.Template, input *mapping.Input) ([]byte, *fault.Fault) {
	if template.Compiled == nil {
		f := fault.New(fault.TemplateFailed)
		f.Checked, f.Found = "template "+template.ContentType, template.Broken
		f.LogLine = "configuration error: Unable to transform request"
		return nil, f
	}
	body, err := template.Compiled.Render(input, nil)
	var payload *mapping.PayloadError
	switch {
	case err == nil:
		return body, nil
	case errors.As(err, &payload):
		f := fault.New(fault.RequestBodyNotJson)
		f.Message = payload.Error() // AWS's own text, json-smart's reason in it
		f.Checked, f.Found, f.Cause = "template "+template.ContentType, "a body that is not JSON", err
		return nil, f
	default:
		f := fault.New(fault.TemplateFailed)
		f.Checked, f.Found, f.Cause = "template "+template.ContentType, err.Error(), err
		f.LogLine = "configuration error: Unable to transform request"
		return nil, f
	}
}
