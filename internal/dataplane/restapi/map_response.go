package restapi

import (
	"encoding/base64"
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
)

// mapResponse makes the method response from the backend's answer.
func mapResponse(e *exchange) *fault.Fault {
	f := mapResponseOf(e)
	if e.caching.warns {
		e.response.add(headerWarning, cacheWarning)
	}
	if f == nil && e.record.Enabled() {
		e.record.NoteBody(record.MethodResponseBody, e.response.body)
		e.noteResponseHeaders()
	}
	return f
}

// noteResponseHeaders notes the headers by which a browser judges the response, or a person
// an error; those of other responses only for logs.
func (e *exchange) noteResponseHeaders() {
	if e.response.statusCode >= firstClientError || e.record.Verbose() || e.header(headerOrigin) != "" {
		e.record.NoteFields(record.MethodResponseHeaders, e.response.headers)
	}
}

func mapResponseOf(e *exchange) *fault.Fault {
	switch e.method.Integration.Type {
	case plan.IntegrationAwsProxy:
		return mapFunctionProxyResponse(e)
	case plan.IntegrationHttpProxy:
		return mapEndpointProxyResponse(e)
	default:
		return mapCustomResponse(e)
	}
}

// mapFunctionProxyResponse passes a function's answer. It is decoded only when it says
// so itself and the client's Accept is a binary media type (observed on AWS).
func mapFunctionProxyResponse(e *exchange) *fault.Fault {
	proxy := e.answer.proxy
	e.response.statusCode = proxy.StatusCode
	e.passResponseHeaders(proxy.Headers)
	e.response.setTraceId(e)
	e.response.body = []byte(proxy.Body)
	if !proxy.IsBase64Encoded {
		return nil
	}
	if !e.acceptsBinary() {
		e.noteBase64AsText("isBase64Encoded is true")
		return nil
	}
	decoded, err := base64.StdEncoding.DecodeString(proxy.Body)
	if err != nil {
		f := fault.New(fault.ResponseNotBase64)
		f.Found, f.Cause = "isBase64Encoded true and a body that is not base64", err
		return f
	}
	e.response.body = decoded
	return nil
}

// noteBase64AsText notes that a client gets base64 text where it may want what it encodes;
// because says why the body is base64.
func (e *exchange) noteBase64AsText(because string) {
	if e.record.Enabled() {
		e.record.Note(record.Base64AsText, because+", and Accept "+`"`+e.header(headerAccept)+`"`+
			" matches none of ["+strings.Join(e.stage.Api.BinaryMediaTypeList, ", ")+"]")
	}
}

// mapEndpointProxyResponse passes the answer of an HTTP backend.
func mapEndpointProxyResponse(e *exchange) *fault.Fault {
	e.response.statusCode = e.answer.statusCode
	e.passResponseHeaders(e.answer.headers)
	return e.convertResponseBody(e.answer.body, "")
}

// passResponseHeaders copies headers of the backend, dropping and renaming as API
// Gateway does.
func (e *exchange) passResponseHeaders(headers []integration.Field) {
	kind := string(e.method.Integration.Type)
	hasContentType := false
	for _, header := range headers {
		if name, ok := integration.ResponseHeader(kind, header.Name); ok {
			e.response.add(name, header.Value)
			hasContentType = hasContentType || equalNames(name, headerContentType)
		}
	}
	if !hasContentType {
		e.response.add(headerContentType, contentTypeJSON)
	}
}

// mapCustomResponse maps the answer by the integration response that was selected.
func mapCustomResponse(e *exchange) *fault.Fault {
	selected := e.selected
	e.response.statusCode = selected.StatusCode
	e.response.add(headerContentType, contentTypeJSON)
	if f := mapResponseBody(e, selected); f != nil {
		return f
	}
	if f := e.mapResponseHeaders(selected); f != nil {
		return f
	}
	if e.method.Integration.Type != plan.IntegrationMock {
		e.response.setTraceId(e)
	}
	return nil
}

// mapResponseBody converts and renders the body. A binary body is converted before
// the template and passes by it when it stays binary; text is rendered first.
func mapResponseBody(e *exchange, selected *plan.IntegrationResponse) *fault.Fault {
	if _, isBinary := e.answerContentType(); isBinary {
		if f := e.convertResponseBody(e.answer.body, selected.ContentHandling); f != nil {
			return f
		}
		if selected.ContentHandling != integration.ConvertToText && (selected.ContentHandling != "" || e.acceptsBinary()) {
			return nil
		}
		return e.renderResponse(selected)
	}
	e.response.body = e.answer.body
	if f := e.renderResponse(selected); f != nil {
		return f
	}
	return e.convertResponseBody(e.response.body, selected.ContentHandling)
}

// renderResponse renders e.response.body by the template that Accept chooses, if any.
func (e *exchange) renderResponse(selected *plan.IntegrationResponse) *fault.Fault {
	template := e.responseTemplate(selected.ResponseTemplates)
	if template == nil {
		e.noteProxyAnswer()
		return nil
	}
	e.record.Note(record.TemplateChosen, template.ContentType)
	if template.PassesThrough() {
		e.noteProxyAnswer()
		return nil
	}
	body, f := e.renderResponseTemplate(template)
	e.response.body = body
	return f
}

// responseTemplate chooses by the first media type of Accept, else application/json,
// else the first (guide: request-response-data-mappings.md).
func (e *exchange) responseTemplate(templates []plan.Template) *plan.Template {
	if len(templates) == 0 {
		return nil
	}
	first, _, _ := strings.Cut(e.header(headerAccept), ",")
	if template := plan.FindTemplate(templates, mediaType(first)); template != nil {
		return template
	}
	if template := plan.FindTemplate(templates, contentTypeJSON); template != nil {
		return template
	}
	return &templates[0]
}

func (e *exchange) acceptsBinary() bool {
	return e.stage.Api.BinaryMediaTypes.MatchesAccept(e.header(headerAccept))
}

// answerContentType is the backend's Content-Type, and whether it is a binary media type.
func (e *exchange) answerContentType() (contentType string, isBinary bool) {
	for _, header := range e.answer.headers {
		if equalNames(header.Name, headerContentType) {
			return header.Value, e.stage.Api.BinaryMediaTypes.MatchesContentType(header.Value)
		}
	}
	return "", false
}

// convertResponseBody makes body the response's, converted between binary and text.
func (e *exchange) convertResponseBody(body []byte, contentHandling string) *fault.Fault {
	if len(body) == 0 {
		e.response.body = nil
		return nil
	}
	contentType, isBinary := e.answerContentType()
	conversion := integration.ResponseConversion{
		PayloadBinary: isBinary, AcceptBinary: e.acceptsBinary(), ContentHandling: contentHandling,
	}
	converted, err := integration.ConvertResponse(body, conversion)
	if err != nil {
		f := fault.New(fault.ResponseNotBase64)
		f.Checked = "the response's conversion to binary"
		f.Found, f.Cause = "a text that is not base64", err
		f.Fix = "give the Accept header a text type first, or declare the backend's Content-Type binary"
		return f
	}
	switch {
	case !conversion.PayloadBinary:
		e.noteDamagedBody(record.ResponseDamaged, contentType, body)
	case contentHandling == "" && !conversion.AcceptBinary:
		e.noteBase64AsText("Content-Type " + mediaType(contentType) + " is a binary media type")
	}
	e.response.body = converted
	return nil
}

// setTraceId adds X-Amzn-Trace-Id, which functions and HTTP integrations answer with,
// MOCK and HTTP_PROXY do not (observed on AWS).
func (r *response) setTraceId(e *exchange) { r.set(headerTraceId, e.in.TraceId) }
