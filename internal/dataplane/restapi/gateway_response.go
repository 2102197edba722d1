package restapi

import (
	"net/http"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
)

// renderGatewayResponse makes e.fault the response. It is the only place that knows
// how a fault looks to a client.
//
// A type that is not customised takes headers and templates of DEFAULT_4XX or
// DEFAULT_5XX; a status code set there holds for every type of its class that has none
// of its own (guide: supported-gateway-response-types.md).
func renderGatewayResponse(e *exchange) {
	entry := e.fault.Entry
	fallback, custom := e.gatewayResponses(entry)
	e.response.statusCode = statusCodeOf(entry, custom, fallback)
	chosen := custom
	if chosen == nil {
		chosen = fallback
	}
	e.response.add(headerErrorType, errorTypeOf(entry))
	if chosen == nil {
		e.response.set(headerContentType, contentTypeJSON)
		e.response.body = defaultBody(e.fault)
	} else {
		e.renderCustomised(chosen)
	}
	e.record.Note(record.GatewayResponse, entry.ResponseType)
	e.record.NoteFields(record.MethodResponseHeaders, e.response.headers)
}

// gatewayResponses finds the customised response of the type and of its class. A
// request that was too large cannot be customised (guide: api-gateway-known-issues.md).
func (e *exchange) gatewayResponses(entry *fault.Entry) (fallback, custom *plan.GatewayResponse) {
	if entry.ResponseType == apigw.ResponseTypeRequestTooLarge {
		return nil, nil
	}
	all := e.stage.Api.GatewayResponses
	return all[classOf(entry)], all[entry.ResponseType]
}

func classOf(entry *fault.Entry) string {
	if servedStatusCode(entry) < http.StatusInternalServerError {
		return apigw.ResponseTypeDefault4XX
	}
	return apigw.ResponseTypeDefault5XX
}

func statusCodeOf(entry *fault.Entry, custom, fallback *plan.GatewayResponse) int {
	switch {
	case custom != nil && custom.StatusCode != 0:
		return custom.StatusCode
	case fallback != nil && fallback.StatusCode != 0:
		return fallback.StatusCode
	default:
		return servedStatusCode(entry)
	}
}

func servedStatusCode(entry *fault.Entry) int {
	if entry.StatusCode != 0 {
		return entry.StatusCode
	}
	row, _ := apigw.FindGatewayResponseType(entry.ResponseType)
	return row.ServedStatusCode
}

func errorTypeOf(entry *fault.Entry) string {
	if entry.ErrorType != "" {
		return entry.ErrorType
	}
	row, _ := apigw.FindGatewayResponseType(entry.ResponseType)
	return row.ErrorType
}

// defaultBody is the body while nobody customised the response.
func defaultBody(f *fault.Fault) []byte {
	opening := `{"message":`
	switch f.Entry.Form {
	case fault.FormSpaced:
		opening = `{"message": `
	case fault.FormCapital:
		opening = `{"Message":`
	case fault.FormPlain:
	}
	message := "null"
	if f.Message != "" {
		message = quoteJSON(f.Message)
	}
	return []byte(opening + message + "}")
}

func (e *exchange) renderCustomised(chosen *plan.GatewayResponse) {
	contentType := contentTypeJSON
	template := chooseGatewayTemplate(chosen.Templates, e.header("Accept"))
	switch {
	case template != nil:
		contentType = template.ContentType
		e.response.body = e.substitute(nil, template.Body)
	default:
		e.response.body = defaultBody(e.fault)
	}
	e.response.set(headerContentType, contentType)
	e.mapGatewayHeaders(chosen.Headers)
}

// mapGatewayHeaders evaluates the mappings onto headers; one without a value, or whose
// source cannot be read, is left out.
func (e *exchange) mapGatewayHeaders(headers []plan.GatewayHeader) {
	for i := range headers {
		var err error
		if e.values, err = headers[i].Value.Append(e.values[:0], e.mappingInput()); err == nil {
			e.setResponseValues(headers[i].Name, e.values)
		}
	}
}

// chooseGatewayTemplate takes the first media type of Accept that has a template, else
// application/json, else the first template.
func chooseGatewayTemplate(templates []plan.GatewayTemplate, accept string) *plan.GatewayTemplate {
	find := func(mediaType string) *plan.GatewayTemplate {
		for i := range templates {
			if strings.EqualFold(templates[i].ContentType, mediaType) {
				return &templates[i]
			}
		}
		return nil
	}
	for accept != "" {
		var item string
		item, accept, _ = strings.Cut(accept, ",")
		if template := find(mediaType(item)); template != nil {
			return template
		}
	}
	if template := find(contentTypeJSON); template != nil {
		return template
	}
	if len(templates) > 0 {
		return &templates[0]
	}
	return nil
}

// mediaType strips the parameters of a Content-Type or of an item of Accept.
func mediaType(value string) string {
	value, _, _ = strings.Cut(value, ";")
	return strings.TrimSpace(value)
}
