package restapi

import (
	"strconv"
	"strings"

	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/plan"
)

// parameter returns the value of a method request parameter: the last one where the
// client sent several. Names are case-sensitive (observed on AWS).
func (e *exchange) parameter(location plan.Location, name string) (string, bool) {
	switch location {
	case plan.LocationHeader:
		return inbound.Last(e.in.Headers, name)
	case plan.LocationPath:
		return inbound.Last(e.pathParameters, name)
	default:
		return inbound.Last(e.in.Query, name)
	}
}

// header returns the last value of a header for API Gateway's own use, in any case.
func (e *exchange) header(name string) string {
	for i := len(e.in.Headers) - 1; i >= 0; i-- {
		if equalNames(e.in.Headers[i].Name, name) {
			return e.in.Headers[i].Value
		}
	}
	return ""
}

func equalNames(a, b string) bool { return len(a) == len(b) && strings.EqualFold(a, b) }

// substitute appends a substitution with its variables put in.
func (e *exchange) substitute(dst []byte, substitution *plan.Substitution) []byte {
	for _, part := range substitution.Parts() {
		if part.Source == plan.SourceLiteral {
			dst = append(dst, part.Literal...)
			continue
		}
		if value, ok := e.variable(part); ok {
			dst = append(dst, value...)
		}
	}
	return dst
}

// variable returns the value of a part that is no literal.
func (e *exchange) variable(part plan.SubstitutionPart) (string, bool) {
	switch part.Source {
	case plan.SourceContext:
		return e.contextVariable(part.Name)
	case plan.SourceStageVariables:
		value, ok := e.stage.Variables[part.Name]
		return value, ok
	case plan.SourceMethodRequest:
		location, name, _ := strings.Cut(part.Name, ".")
		return e.parameter(plan.Location(location), name)
	default:
		return part.Literal, true
	}
}

func itoa(n int) string { return strconv.Itoa(n) }
