package websocketapi

import (
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/mapping"
	"gatehouse/internal/mapping/blame"
)

// blameTemplate tells in a fault what of the request template made an output that is not
// JSON, if a template rendered it.
func (e *exchange) blameTemplate(f *fault.Fault) {
	target := e.route.Integration
	template := chooseTemplate(target.RequestTemplates, target.TemplateSelection, e.mappingInput())
	if template == nil || e.outbound.binary {
		return
	}
	blamed, ok := blame.Explain(blame.Rendering{Template: template.Text, Input: e.anotherInput}, e.outbound.body)
	if !ok {
		return
	}
	blamed.Tell(f, "request template "+template.ContentType)
	if blamed.Mend != nil {
		e.record.Note(record.TemplateMend, blamed.Mend.String())
	}
}

// anotherInput is what the request template was given, in memory of its own.
func (e *exchange) anotherInput() *mapping.Input {
	input := *e.mappingInput()
	payload := mapping.NewPayload([]byte(input.Payload.Text()))
	input.Payload, input.Context = &payload, e.pipeline.contextNames().NewContext(e)
	return &input
}
