package restapi

import (
	"encoding/json"
	"errors"
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
)

// mapInvocation makes the invocation of a function from the mapped body.
func mapInvocation(e *exchange) *fault.Fault {
	mapped, f := e.mapParameters()
	if f != nil {
		return f
	}
	for _, header := range mapped.headers {
		if equalNames(header.Name, headerInvocationType) {
			e.outbound.async = header.Value == invocationTypeEvent
		}
	}
	if len(e.outbound.body) == 0 {
		e.outbound.body = emptyBody
	}
	if f := checkPayload(e); f != nil {
		return f
	}
	return mapFunctionArn(e)
}

// mapFunctionArn reads the function from the URI, its stage variables put in.
func mapFunctionArn(e *exchange) *fault.Fault {
	uri := e.method.Integration.Uri.Fill(func(string) (string, bool) { return "", false }, e.stage.Variables)
	functionArn, ok := integration.FunctionArnOf(uri)
	if !ok {
		f := fault.New(fault.EndpointInvalid)
		f.Found, f.Wanted = "the URI "+uri, "arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations"
		return f
	}
	e.outbound.functionArn = functionArn
	e.record.Note(record.EndpointUri, uri)
	e.record.NoteBody(record.EndpointBody, e.outbound.body)
	return nil
}

// checkPayload refuses what a function cannot take (public reports: 400 Could not
// parse request body into json).
func checkPayload(e *exchange) *fault.Fault {
	if json.Valid(e.outbound.body) {
		return nil
	}
	f := fault.New(fault.PayloadNotJson)
	f.Checked = "the payload for the function"
	f.Found = describeSyntax(e.outbound.body)
	f.Wanted = "JSON"
	f.Fix = "quote text in the template, such as \"$util.escapeJavaScript($input.body)\""
	return f
}

// nearSyntaxError is how much of a payload is shown before a syntax error, bytes.
const nearSyntaxError = 20

// describeSyntax says where a payload stops being JSON.
func describeSyntax(payload []byte) string {
	var parsed json.RawMessage
	var syntax *json.SyntaxError
	if err := json.Unmarshal(payload, &parsed); !errors.As(err, &syntax) {
		return "text that is not JSON"
	}
	before := string(payload[:min(int(syntax.Offset), len(payload))])
	line := strings.Count(before, "\n") + 1
	column := len(before) - (strings.LastIndexByte(before, '\n') + 1)
	near := before[max(0, len(before)-nearSyntaxError):]
	return "line " + itoa(line) + " column " + itoa(column) + ", at " + quoteJSON(near) + ": " + syntax.Error()
}
