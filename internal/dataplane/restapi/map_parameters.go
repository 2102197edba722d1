package restapi

import (
	"strings"

	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
)

// mapParameters evaluates the mappings of the integration request; overrides of the
// request template replace what they give.
func (e *exchange) mapParameters() (mappedParameters, *fault.Fault) {
	var mapped mappedParameters
	for i := range e.method.Integration.RequestParameters {
		mapping := &e.method.Integration.RequestParameters[i]
		text, ok := e.evaluate(mapping.Text)
		if !ok {
			continue
		}
		field := integration.Field{Name: mapping.Target.Name, Value: text}
		switch mapping.Target.Location {
		case plan.LocationHeader:
			mapped.headers = append(mapped.headers, field)
		case plan.LocationPath:
			mapped.path = append(mapped.path, field)
		default:
			mapped.query = append(mapped.query, field)
		}
	}
	return mapped, e.applyRequestOverride(&mapped)
}

// mapResponseHeaders evaluates the mappings of an integration response; overrides of
// templates replace what they give.
func (e *exchange) mapResponseHeaders(selected *plan.IntegrationResponse) *fault.Fault {
	for i := range selected.ResponseParameters {
		mapping := &selected.ResponseParameters[i]
		text, ok := e.evaluate(mapping.Text)
		if !ok {
			continue
		}
		if name, ok := integration.ResponseHeader(string(e.method.Integration.Type), mapping.Target.Name); ok {
			e.response.set(name, text)
		}
	}
	e.applyResponseOverride()
	return nil
}

func (e *exchange) evaluate(text string) (string, bool) {
	if strings.HasPrefix(text, "'") {
		return strings.Trim(text, "'"), true
	}
	s := plan.NewSubstitution("$" + text)
	if len(s.Parts()) == 1 {
		return e.variable(s.Parts()[0])
	}
	return "", false
}
