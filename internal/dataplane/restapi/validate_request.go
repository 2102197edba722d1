package restapi

import (
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/jsonschema"
	"gatehouse/internal/plan"
)

// validateRequest checks required parameters, then the body.
func validateRequest(e *exchange) *fault.Fault {
	validation := e.method.Validation
	if validation == nil {
		return nil
	}
	if f := validateParameters(e, validation); f != nil {
		return f
	}
	return validateBody(e, validation)
}

// validateParameters names everything that is missing or blank at once.
func validateParameters(e *exchange, validation *plan.Validation) *fault.Fault {
	var missing []string
	for _, parameter := range validation.Required {
		if value, _ := e.parameter(parameter.Location, parameter.Name); strings.TrimSpace(value) == "" {
			missing = append(missing, parameter.Name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	f := fault.New(fault.ParametersMissing)
	f.Message = "Missing required request parameters: [" + strings.Join(missing, ", ") + "]"
	f.ValidationError = f.Message
	f.Checked = "the required parameters of " + e.method.HttpMethod + " " + e.method.ResourcePath
	f.Found = "no value for " + strings.Join(missing, ", ")
	f.Nearest = nearestParameters(e, missing)
	return f
}

// nearestParameters names what the client sent in another case: names are case-sensitive.
func nearestParameters(e *exchange, missing []string) string {
	var found []string
	for _, name := range missing {
		for _, header := range e.in.Headers {
			if equalNames(header.Name, name) && header.Name != name {
				found = append(found, "header "+header.Name)
			}
		}
		for _, query := range e.in.Query {
			if equalNames(query.Name, name) && query.Name != name {
				found = append(found, "query parameter "+query.Name)
			}
		}
	}
	return strings.Join(found, ", ")
}

// emptyBody is what an empty body is validated as (observed on AWS).
var emptyBody = []byte("{}")

// validateBody checks the body against the model of its content type. A content type
// without a model is not validated (guide: api-gateway-method-request-validation.md).
func validateBody(e *exchange, validation *plan.Validation) *fault.Fault {
	model := findModel(validation.Models, e.requestMediaType())
	if model == nil {
		return nil
	}
	body := e.in.Body
	if len(body) == 0 {
		body = emptyBody
	}
	e.record.Note(record.ValidatedModel, model.Name)
	violations, err := model.Schema.Validate(body)
	if err == nil && len(violations) == 0 {
		return nil
	}
	f := fault.New(fault.BodyInvalid)
	f.Checked, f.Cause = "the body against model "+model.Name, err
	if err != nil {
		f.Found, f.ValidationError = "a body that is not JSON", notJSON
		return f
	}
	f.ValidationError = jsonschema.Text(violations)
	f.Found, f.Wanted = told(violations)
	return f
}

// maxTold bounds how many violations an explanation names.
const maxTold = 5

// told says what is wrong where, and by which rules of the schema.
func told(violations []jsonschema.Violation) (found, rules string) {
	var places, broken []string
	for _, violation := range violations[:min(len(violations), maxTold)] {
		place := violation.Pointer
		if place == "" {
			place = "the body"
		}
		places, broken = append(places, place+": "+violation.Told), append(broken, violation.Rule)
	}
	found, rules = strings.Join(places, "; "), "rule "+strings.Join(broken, ", ")
	if more := len(violations) - maxTold; more > 0 {
		found += "; and " + itoa(more) + " more"
	}
	return found, rules
}

// notJSON is $context.error.validationErrorString of a body that cannot be read; AWS's
// wording is unconfirmed.
const notJSON = "[body is not valid JSON]"

const defaultModel = "$default"

func findModel(models []plan.Model, mediaType string) *plan.Model {
	var fallback *plan.Model
	for i := range models {
		switch {
		case strings.EqualFold(models[i].ContentType, mediaType):
			return &models[i]
		case models[i].ContentType == defaultModel:
			fallback = &models[i]
		}
	}
	return fallback
}

// requestMediaType is the media type of the request's body; application/json when the
// client names none.
func (e *exchange) requestMediaType() string {
	if mediaType := mediaType(e.header(headerContentType)); mediaType != "" {
		return mediaType
	}
	return contentTypeJSON
}
