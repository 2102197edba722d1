package websocketapi

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/mapping"
	"gatehouse/internal/plan"
)

// mapResponse decides what comes of the backend's answer: whether a client may connect,
// what a message is answered with. A route without a response answers nothing, whatever
// the backend said (guide: apigateway-websocket-api-integration-responses.md).
func mapResponse(e *exchange) *fault.Fault {
	e.statusCode = e.answer.statusCode
	if e.eventType == eventDisconnect {
		return nil
	}
	if e.eventType == eventConnect {
		return decideConnect(e)
	}
	if !e.route.HasResponse {
		return nil
	}
	var f *fault.Fault
	switch target := e.route.Integration; target.Type {
	case plan.IntegrationAwsProxy:
		f = mapProxyResponse(e)
	case plan.IntegrationHttpProxy:
		e.response = e.answer.body
	default:
		f = mapCustomResponse(e)
	}
	if f == nil && e.record.Enabled() {
		e.record.NoteBody(record.MethodResponseBody, e.response)
	}
	return f
}

const headerProtocolName = "Sec-WebSocket-Protocol"

// decideConnect lets the client in when the integration answered 2xx; otherwise its
// status is the client's (guide: websocket-connect-route-subprotocol.md).
func decideConnect(e *exchange) *fault.Fault {
	statusCode, headers := e.answer.statusCode, e.answer.headers
	switch {
	case e.answer.proxy != nil:
		headers = e.answer.proxy.Headers
	case e.answer.errorMessage != "":
		f := fault.New(fault.FunctionError)
		f.Found = "the function failed: " + e.answer.errorMessage
		return f
	}
	if statusCode < 200 || statusCode > 299 {
		f := fault.New(fault.ConnectRefused)
		f.Found, f.Wanted = "status "+strconv.Itoa(statusCode)+" of the integration", "a status from 200 to 299"
		e.answer.errorMessage = f.Found
		entry := *f.Entry
		if entry.StatusCode = statusCode; statusCode < http.StatusOK { // which would be no final response
			entry.StatusCode = http.StatusInternalServerError
		}
		f.Entry = &entry
		return f
	}
	if protocol, ok := lastOf(headers, headerProtocolName); ok && isToken(protocol) {
		e.protocol = protocol
	}
	return nil
}

// isToken says that a sub-protocol can stand in a header (RFC 9110, section 5.6.2).
func isToken(text string) bool {
	for i := range len(text) {
		c := text[i]
		isLetter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !isLetter && (c < '0' || c > '9') && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return text != ""
}

// mapProxyResponse passes the body that a function answered.
func mapProxyResponse(e *exchange) *fault.Fault {
	proxy := e.answer.proxy
	e.response = []byte(proxy.Body)
	if !proxy.IsBase64Encoded {
		return nil
	}
	decoded, err := base64.StdEncoding.DecodeString(proxy.Body)
	if err != nil {
		f := fault.New(fault.ResponseNotBase64)
		f.Found, f.Cause = "isBase64Encoded true and a body that is not base64", err
		return f
	}
	e.response = decoded
	return nil
}

// mapCustomResponse maps the answer by the integration response whose key matches: the
// status code (HTTP, MOCK) or the function's errorMessage (AWS).
func mapCustomResponse(e *exchange) *fault.Fault {
	selected, f := selectIntegrationResponse(e)
	if f != nil {
		return f
	}
	e.response = e.answer.body
	input := *e.mappingInput()
	input.Header, input.StatusCode = valuesOf(e.answer.headers), e.answer.statusCode
	if template := chooseTemplate(selected.ResponseTemplates, selected.TemplateSelection, &input); template != nil {
		e.record.Note(record.TemplateChosen, template.ContentType)
		payload := mapping.NewPayload(e.answer.body)
		input.Payload = &payload
		body, f := render(template, &input)
		if f != nil {
			f.Message = internalServerError // what the backend answered is no fault of the client
			return f
		}
		e.response = body
	}
	return convertResponse(e, selected)
}

func convertResponse(e *exchange, selected *plan.WebSocketIntegrationResponse) *fault.Fault {
	if selected.ContentHandling == "" {
		return nil
	}
	converted, err := integration.ConvertResponse(e.response, integration.ResponseConversion{
		PayloadBinary: selected.ContentHandling == integration.ConvertToText, ContentHandling: selected.ContentHandling,
	})
	if err != nil {
		f := fault.New(fault.ResponseNotBase64)
		f.Found, f.Cause = "text that is not base64, with contentHandlingStrategy "+selected.ContentHandling, err
		return f
	}
	e.response = converted
	return nil
}

func selectIntegrationResponse(e *exchange) (*plan.WebSocketIntegrationResponse, *fault.Fault) {
	target := e.route.Integration
	for _, candidate := range target.Responses {
		matched, err := candidate.Pattern.Match(e.answer.selection)
		if err != nil {
			f := fault.New(fault.SelectionPatternFailed)
			f.Checked, f.Cause = "pattern "+candidate.Pattern.Text(), err
			return nil, f
		}
		if matched {
			e.record.Note(record.PatternChosen, candidate.Key)
			return candidate, nil
		}
		e.record.Note(record.PatternTried, candidate.Key)
	}
	if target.Default != nil {
		e.record.Note(record.PatternChosen, target.Default.Key)
		return target.Default, nil
	}
	f := fault.New(fault.NoIntegrationResponse)
	f.Checked, f.Found = "the integration responses of "+target.IntegrationId, "the answer "+quoteJSON(e.answer.selection)
	f.Wanted = "an integration response whose key matches, or $default"
	return nil, f
}
