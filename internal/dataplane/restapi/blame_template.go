package restapi

import (
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/mapping"
	"gatehouse/internal/mapping/blame"
	"gatehouse/internal/plan"
)

// requestTemplate is the template that rendered the request's body; nil where none did.
func (e *exchange) requestTemplate() *plan.Template {
	template := plan.FindTemplate(e.method.Integration.RequestTemplates, e.requestMediaType())
	if template == nil || template.PassesThrough() || e.outbound.binary {
		return nil
	}
	return template
}

// blameRequestTemplate says what of the request template made an output that is not
// JSON; nil where no template rendered it. It is only asked once the exchange has failed.
func (e *exchange) blameRequestTemplate() *blame.Blame {
	template := e.requestTemplate()
	if template == nil {
		return nil
	}
	blamed, ok := blame.Explain(blame.Rendering{Template: template.Text, Input: e.anotherInput}, e.outbound.body)
	if ok && blamed.Mend != nil {
		e.record.Note(record.TemplateMend, blamed.Mend.String())
	}
	return blamed
}

// anotherInput is what the request template was given, in memory of its own.
func (e *exchange) anotherInput() *mapping.Input {
	input := *e.mappingInput()
	payload := mapping.NewPayload([]byte(input.Payload.Text()))
	input.Payload, input.Context = &payload, e.pipeline.contextNames().NewContext(e)
	return &input
}

// noteRefusedOutput notes that a backend refused a body that should be JSON and is not.
// AWS sends such a body as it is; only functions need JSON.
func (e *exchange) noteRefusedOutput() {
	if !e.record.Enabled() || e.method.Integration.IsProxy() || !strings.Contains(strings.Join(e.outbound.header[headerContentType], ""), "json") {
		return
	}
	if blamed := e.blameRequestTemplate(); blamed != nil {
		e.record.Note(record.TemplateOutput, blamed.String())
	}
}
