package httpapi

import (
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/mapping"
	"gatehouse/internal/plan"
)

// mapRequest makes what goes to the backend.
func mapRequest(e *exchange) *fault.Fault {
	switch e.route.Integration.Kind {
	case plan.HttpIntegrationFunction:
		return mapFunctionEvent(e)
	case plan.HttpIntegrationService:
		return mapServiceRequest(e)
	default:
		return mapEndpointRequest(e)
	}
}

// mappingInput is the request as parameter mappings see it.
func (e *exchange) mappingInput() *mapping.Input {
	payload := mapping.NewPayload(e.in.Body)
	return &mapping.Input{
		Payload: &payload, Context: e.mappingContext(), RequestPath: e.in.Path,
		Path: valuesOf(e.pathParameters), Querystring: valuesOf(e.in.Query), Header: valuesOf(e.in.Headers),
		StageVariables: valuesOf(e.stage.VariableFields),
	}
}

// mappingContext is $context of the exchange, made when the first mapping needs it.
func (e *exchange) mappingContext() *mapping.Context {
	if e.context == nil {
		p := e.pipeline
		p.namesOnce.Do(func() { p.names = mapping.NewContextNames(contextNames()) })
		e.context = p.names.NewContext(e)
	}
	return e.context
}

func valuesOf(fields []integration.Field) mapping.Values {
	values := make(mapping.Values, len(fields))
	for i, field := range fields {
		values[i] = mapping.Value(field)
	}
	return values
}
