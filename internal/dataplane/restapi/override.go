package restapi

import (
	"strconv"
	"strings"

	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/value"
)

// applyRequestOverride puts what the request template set on $context.requestOverride
// in place of mapped parameters (guide: apigateway-override-request-response-parameters.md).
func (e *exchange) applyRequestOverride(mapped *mappedParameters) *fault.Fault {
	if e.input.Context == nil {
		return nil
	}
	override := e.input.Context.RequestOverride()
	for _, group := range []struct {
		name   string
		target *[]integration.Field
	}{{"header", &mapped.headers}, {"path", &mapped.path}, {"querystring", &mapped.query}} {
		for _, entry := range override.Parameters(group.name) {
			name := strings.Clone(strings.Clone(entry.Key.String()))
			if group.name == "header" && integration.RefusesMappedHeader(string(e.method.Integration.Type), name) {
				f := fault.New(fault.HeaderNotMappable) // unconfirmed for overrides; observed on AWS for mappings
				f.Found = "an override of the request header " + name
				return f
			}
			*group.target = replaceField(*group.target, name, overrideValues(entry.Val))
		}
	}
	return nil
}

// overrideValues are the values of an override: several for a list. They are copied:
// the memory of the context is used again before net/http has written the headers.
func overrideValues(given value.Value) []string {
	if !given.IsSequence() {
		if given.IsNull() {
			return nil
		}
		return []string{strings.Clone(given.String())}
	}
	values := make([]string, 0, given.List().Len())
	for _, item := range given.List().Items() {
		values = append(values, strings.Clone(item.String()))
	}
	return values
}

func replaceField(fields []integration.Field, name string, values []string) []integration.Field {
	kept := make([]integration.Field, 0, len(fields)+len(values))
	for _, field := range fields {
		if !equalNames(field.Name, name) {
			kept = append(kept, field)
		}
	}
	for _, text := range values {
		kept = append(kept, integration.Field{Name: name, Value: text})
	}
	return kept
}

// Bounds of a status code that an override may set (observed on AWS from 100; no final
// response has one below 200).
const (
	overrideStatusMinimum = 200
	overrideStatusMaximum = 599
)

// applyResponseOverride puts what templates set on $context.responseOverride, the
// request template's included, in place of the mapped response. A status that is no
// integer from 200 to 599 is ignored (observed on AWS).
func (e *exchange) applyResponseOverride() {
	if e.input.Context == nil {
		return
	}
	override := e.input.Context.ResponseOverride()
	for _, entry := range override.Parameters("header") {
		name, ok := integration.ResponseHeader(string(e.method.Integration.Type), strings.Clone(entry.Key.String()))
		if !ok {
			continue
		}
		e.response.headers = replaceField(e.response.headers, name, overrideValues(entry.Val))
	}
	if status, ok := overrideStatus(override.Status()); ok {
		e.response.statusCode = status
	}
}

// overrideStatus reads an integer, also as text: a template often sets a string.
func overrideStatus(given value.Value) (int, bool) {
	status, err := strconv.Atoi(given.String())
	return status, err == nil && status >= overrideStatusMinimum && status <= overrideStatusMaximum
}
