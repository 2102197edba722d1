package httpapi

import (
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/mapping"
	"gatehouse/internal/plan"
)

// mapResponse makes the client's response of what the backend answered.
func mapResponse(e *exchange) *fault.Fault {
	if e.route.Integration.Kind == plan.HttpIntegrationFunction {
		if f := readFunctionAnswer(e); f != nil {
			return f
		}
	} else {
		e.copyAnswer()
	}
	return e.applyResponseMappings()
}

// ownedHeaders are the connection's or the server's own, and do not pass.
var ownedHeaders = []string{
	"Connection", "Content-Length", "Date", "Keep-Alive", "Proxy-Authenticate", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

// copyAnswer passes a backend's answer on.
func (e *exchange) copyAnswer() {
	e.response.statusCode, e.response.body = e.answer.statusCode, e.answer.body
	for name, values := range e.answer.header {
		if !slices.Contains(ownedHeaders, name) {
			e.response.header[name] = values
		}
	}
	if e.in.HTTP.Method == http.MethodHead && len(e.answer.body) == 0 {
		if length := e.answer.header.Get(headerContentLength); length != "" {
			e.response.header.Set(headerContentLength, length)
		}
	}
}

// defaultContentType is what an answer without one gets (observed on AWS for format
// 2.0, unconfirmed for 1.0).
const defaultContentType = "text/plain;charset=UTF-8"

// readFunctionAnswer reads what a function returned, leniently in format 2.0 and
// strictly in 1.0 (guide: http-api-develop-integrations-lambda.md).
func readFunctionAnswer(e *exchange) *fault.Fault {
	read := readFormat2
	if e.route.Integration.PayloadFormatVersion == payloadFormat1 {
		read = readFormat1
	}
	answer, err := read(e.answer.body)
	if err != nil {
		return malformedAnswer(e, err)
	}
	e.answer.statusCode, e.response.statusCode = answer.StatusCode, answer.StatusCode
	e.response.body = []byte(answer.Body)
	if answer.IsBase64Encoded {
		if e.response.body, err = base64.StdEncoding.DecodeString(strings.TrimSpace(answer.Body)); err != nil {
			return malformedAnswer(e, &integration.MalformedProxyResponse{Field: "body", Found: "text that is not base64", Wanted: "base64, as isBase64Encoded says"})
		}
	}
	for _, field := range answer.Headers {
		if !slices.Contains(ownedHeaders, http.CanonicalHeaderKey(field.Name)) {
			e.response.header.Add(field.Name, oneLine(field.Value))
		}
	}
	for _, cookie := range answer.Cookies {
		e.response.header.Add("Set-Cookie", oneLine(cookie))
	}
	if e.response.header.Get(headerContentType) == "" {
		e.response.header.Set(headerContentType, defaultContentType)
	}
	return nil
}

func readFormat2(payload []byte) (*integration.HttpResponse, error) {
	return integration.ParseHttpResponse(payload)
}

func readFormat1(payload []byte) (*integration.HttpResponse, error) {
	answer, err := integration.ParseProxyResponse(payload)
	if err != nil {
		return nil, err
	}
	return &integration.HttpResponse{
		StatusCode: answer.StatusCode, Headers: answer.Headers, Body: answer.Body, IsBase64Encoded: answer.IsBase64Encoded,
	}, nil
}

func malformedAnswer(e *exchange, err error) *fault.Fault {
	f := fault.New(fault.MalformedProxyResponse)
	f.Cause = err
	var malformed *integration.MalformedProxyResponse
	if errors.As(err, &malformed) {
		f.Checked, f.Found, f.Wanted = "the function's answer", malformed.Error(), malformed.Wanted
		if malformed.Field != "" {
			f.IntegrationError = integrationErrors[f.Id()] + ` Lambda body contains the wrong type for field "` + malformed.Field + `"`
		}
		if len(malformed.Keys) > 0 {
			f.Nearest = "returned keys: " + strings.Join(malformed.Keys, ", ")
		}
	}
	return e.integrationFault(f)
}

// applyResponseMappings applies the mappings of the backend's status code (guide:
// http-api-parameter-mapping.md).
func (e *exchange) applyResponseMappings() *fault.Fault {
	mappings := e.route.Integration.Response[e.answer.statusCode]
	if len(mappings) == 0 {
		return nil
	}
	input := e.responseInput()
	for i := range mappings {
		value, ok := "", true
		if mappings[i].Value != nil {
			value, ok = mappings[i].Value.Evaluate(input)
		}
		if !ok {
			continue
		}
		if target := mappings[i].Target; target.Location == mapping.LocationHeader {
			e.mapResponseHeader(target, oneLine(value))
		} else if f := e.overwriteStatusCode(value); f != nil {
			return f
		}
	}
	return nil
}

// responseInput is the response as parameter mappings see it.
func (e *exchange) responseInput() *mapping.Input {
	payload := mapping.NewPayload(e.response.body)
	input := &mapping.Input{
		Payload: &payload, Context: e.mappingContext(), StageVariables: valuesOf(e.stage.VariableFields), StatusCode: e.answer.statusCode,
	}
	for name, values := range e.response.header {
		for _, value := range values {
			input.Header = append(input.Header, mapping.Value{Name: name, Value: value})
		}
	}
	return input
}

func (e *exchange) mapResponseHeader(target mapping.Target, value string) {
	switch target.Action {
	case mapping.ActionRemove:
		e.response.header.Del(target.Name)
	case mapping.ActionOverwrite:
		e.response.header.Set(target.Name, value)
	default:
		e.response.header.Add(target.Name, value)
	}
}

// overwriteStatusCode sets the status. What is none is a 500 (unconfirmed).
func (e *exchange) overwriteStatusCode(value string) *fault.Fault {
	const least, most = 200, 599
	code, err := strconv.Atoi(value)
	if err == nil && code >= least && code <= most {
		e.response.statusCode = code
		return nil
	}
	f := fault.New(fault.ParameterMappingFailed)
	f.Checked, f.Found, f.Wanted = "overwrite:statuscode", value, "an integer from 200 to 599"
	return f
}
