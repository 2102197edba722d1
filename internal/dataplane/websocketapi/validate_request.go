package websocketapi

import (
	"strings"

	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/jsonschema"
	"gatehouse/internal/plan"
)

// validateRequest checks $connect's required parameters, or a message against the model
// that the model selection expression names.
func validateRequest(e *exchange) *fault.Fault {
	var f *fault.Fault
	if e.eventType == eventConnect {
		f = validateParameters(e)
	}
	if f == nil && e.eventType == eventMessage && e.route.ModelSelection != nil && !e.stage.Api.DisableSchemaValidation {
		f = validateMessage(e)
	}
	if e.route.Integration == nil {
		e.statusCode, e.done = statusOk, true
	}
	return f
}

func validateParameters(e *exchange) *fault.Fault {
	var missing []string
	for _, parameter := range e.route.Required {
		value, _ := inbound.Last(e.in.Query, parameter.Name)
		if parameter.Location == plan.LocationHeader {
			value, _ = inbound.Last(e.in.Headers, parameter.Name)
		}
		if strings.TrimSpace(value) == "" {
			missing = append(missing, parameter.Name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	f := fault.New(fault.ParametersMissing)
	f.Message = "Missing required request parameters: [" + strings.Join(missing, ", ") + "]"
	f.ValidationError = f.Message
	f.Checked, f.Found = "the required parameters of $connect", "no value for "+strings.Join(missing, ", ")
	return f
}

// badRequestBody is what the client is told (guide: apigateway-websocket-api-routes-integrations.md).
const badRequestBody = "Bad request body"

// validateMessage fails where no model fits and there is no $default
// (guide: websocket-api-request-validation.md).
func validateMessage(e *exchange) *fault.Fault {
	key := e.route.ModelSelection.Select(e.mappingInput())
	model := findModel(e.route.Models, key)
	f := fault.New(fault.BodyInvalid)
	f.Message = badRequestBody
	if model == nil {
		f.Checked, f.Found, f.Wanted = "the models of route "+e.route.RouteKey, "the model key "+quoteJSON(key), "a model of that key, or $default"
		f.ValidationError = "[no model is selected]"
		return f
	}
	e.record.Note(record.ValidatedModel, model.Name)
	violations, err := model.Schema.Validate(e.message)
	if err == nil && len(violations) == 0 {
		return nil
	}
	f.Checked, f.Cause = "the message against model "+model.Name, err
	if err != nil {
		f.Found, f.ValidationError = "a message that is not JSON", "[body is not valid JSON]"
		return f
	}
	f.ValidationError = jsonschema.Text(violations)
	f.Found, f.Wanted = violations[0].Pointer+": "+violations[0].Told, "rule "+violations[0].Rule
	return f
}

func findModel(models []plan.Model, key string) *plan.Model {
	var fallback *plan.Model
	for i := range models {
		switch models[i].ContentType {
		case key:
			return &models[i]
		case plan.RouteKeyDefault:
			fallback = &models[i]
		}
	}
	return fallback
}
