package restapi

import (
	"strconv"
	"strings"

	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
	"gatehouse/internal/value"
)

func (e *exchange) renderRequestTemplate(template *plan.Template) ([]byte, *fault.Fault) {
	return []byte(template.Text), nil
}

func (e *exchange) renderResponseTemplate(template *plan.Template) ([]byte, *fault.Fault) {
	return []byte(template.Text), nil
}

func (e *exchange) mapParameters() (mappedParameters, *fault.Fault) {
	var mapped mappedParameters
	for _, mapping := range e.method.Integration.RequestParameters {
		value, ok := e.evaluate(mapping.Text)
		if !ok {
			continue
		}
		field := integration.Field{Name: mapping.Target.Name, Value: value}
		switch mapping.Target.Location {
		case plan.LocationHeader:
			mapped.headers = append(mapped.headers, field)
		case plan.LocationPath:
			mapped.path = append(mapped.path, field)
		default:
			mapped.query = append(mapped.query, field)
		}
	}
	return mapped, nil
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

func (e *exchange) mapResponseHeaders(selected *plan.IntegrationResponse) *fault.Fault {
	for _, mapping := range selected.ResponseParameters {
		if value, ok := e.evaluate(mapping.Text); ok {
			if name, ok := integration.ResponseHeader(string(e.method.Integration.Type), mapping.Target.Name); ok {
				e.response.set(name, value)
			}
		}
	}
	return nil
}

// mockStatusCode reads the statusCode of a rendered template. found says what was
// there instead, and is empty for a good one.
func mockStatusCode(rendered []byte) (statusCode int, found string) {
	document, err := value.Read(&value.Arena{}, string(rendered))
	if err != nil || document.Map() == nil {
		return 0, "text that is not a JSON object"
	}
	given, ok := document.Map().GetString("statusCode")
	switch {
	case !ok:
		return 0, "an object without statusCode"
	case given.Kind() != value.KindInteger:
		return 0, "a statusCode that is a " + given.Kind().String() + ": " + given.String()
	}
	statusCode = int(given.Int())
	if statusCode < 100 || statusCode > 599 {
		return 0, "statusCode " + strconv.Itoa(statusCode)
	}
	return statusCode, ""
}
