package restapi

import (
	"errors"
	"strings"

	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/mapping"
	"gatehouse/internal/plan"
)

// mapParameters evaluates the mappings of the integration request; overrides of the
// request template replace what they give. A mapping whose source is absent is skipped.
func (e *exchange) mapParameters() (mappedParameters, *fault.Fault) {
	var mapped mappedParameters
	mappings := e.method.Integration.RequestParameters
	for i := range mappings {
		values, f := e.evaluate(&mappings[i], e.mappingInput())
		if f != nil {
			return mapped, f
		}
		mapped.add(&mappings[i].Target, values)
	}
	return mapped, e.applyRequestOverride(&mapped)
}

// add copies the values: they may lie in memory of the context, which is used again
// while a connection that was given up still writes them.
func (m *mappedParameters) add(target *plan.Parameter, values []string) {
	for _, text := range values {
		field := integration.Field{Name: target.Name, Value: strings.Clone(text)}
		switch target.Location {
		case plan.LocationHeader:
			m.headers = append(m.headers, field)
		case plan.LocationPath:
			m.path = append(m.path, field)
		case plan.LocationQueryString:
			m.query = append(m.query, field)
		}
	}
}

// evaluate returns the values of a mapping, good until the next one is evaluated.
func (e *exchange) evaluate(m *plan.ParameterMapping, input *mapping.Input) ([]string, *fault.Fault) {
	var err error
	if e.values, err = m.Compiled.Append(e.values[:0], input); err == nil {
		return e.values, nil
	}
	id := fault.ParameterMappingFailed
	var payload *mapping.PayloadError
	if errors.As(err, &payload) && input == &e.input {
		id = fault.RequestBodyNotJson
	}
	f := fault.New(id)
	f.Checked, f.Found, f.Cause = "the mapping "+m.Compiled.String()+" onto "+string(m.Target.Location)+" "+m.Target.Name, err.Error(), err
	return nil, f
}

// mapResponseHeaders evaluates the mappings of an integration response; overrides of
// templates replace what they give.
func (e *exchange) mapResponseHeaders(selected *plan.IntegrationResponse) *fault.Fault {
	if len(selected.ResponseParameters) > 0 {
		input := *e.mappingInput()
		input.Header, input.Payload = valuesOf(e.answer.headers), e.answerPayload(e.answer.body)
		for i := range selected.ResponseParameters {
			target := &selected.ResponseParameters[i].Target
			values, f := e.evaluate(&selected.ResponseParameters[i], &input)
			if f != nil {
				return f
			}
			e.setResponseHeader(target.Name, values)
		}
	}
	e.applyResponseOverride()
	return nil
}

func (e *exchange) setResponseHeader(target string, values []string) {
	if name, ok := integration.ResponseHeader(string(e.method.Integration.Type), target); ok {
		e.setResponseValues(name, values)
	}
}

// setResponseValues sets a header to copies of all values, if there are any.
func (e *exchange) setResponseValues(name string, values []string) {
	for i, text := range values {
		text = strings.Clone(text)
		if i == 0 {
			e.response.set(name, text)
		} else {
			e.response.add(name, text)
		}
	}
}

// answerPayload is the backend's answer, parsed at most once for templates and
// mappings together.
func (e *exchange) answerPayload(body []byte) *mapping.Payload {
	if !e.hasResponsePayload {
		e.responsePayload, e.hasResponsePayload = mapping.NewPayload(body), true
	}
	return &e.responsePayload
}
