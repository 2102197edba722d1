package restapi

import (
	"encoding/json"
	"errors"
	"strconv"
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

// checkPayload refuses what a function cannot take. The message is Jackson's, as AWS
// shows it (public reports, serverless/serverless#2270); only its commonest reasons
// are told apart, and the object's address in it is not AWS's.
func checkPayload(e *exchange) *fault.Fault {
	if json.Valid(e.outbound.body) {
		return nil
	}
	place := findSyntaxError(e.outbound.body)
	f := fault.New(fault.PayloadNotJson)
	f.Message = "Could not parse request body into json: " + place.reason() + "\n at [Source: [B@0; line: " +
		itoa(place.line) + ", column: " + itoa(place.column) + "]"
	f.Wanted = "JSON"
	if blamed := e.blameRequestTemplate(); blamed != nil {
		blamed.Tell(f, "request template "+e.requestTemplate().ContentType)
		return f
	}
	f.Checked = "the body, which no template changes"
	f.Found = "a body of Content-Type " + e.requestMediaType() + " that is not JSON from line " + itoa(place.line) + " column " + itoa(place.column) + " on"
	return f
}

// syntaxPlace is where a payload stops being JSON.
type syntaxPlace struct {
	line, column int
	character    byte // 0 at the end of the payload
}

func findSyntaxError(payload []byte) syntaxPlace {
	var parsed json.RawMessage
	var syntax *json.SyntaxError
	offset := len(payload)
	if err := json.Unmarshal(payload, &parsed); errors.As(err, &syntax) {
		offset = min(int(syntax.Offset), len(payload))
	}
	before := string(payload[:offset])
	place := syntaxPlace{
		line: strings.Count(before, "\n") + 1, column: len(before) - strings.LastIndexByte(before, '\n') - 1,
	}
	if syntax != nil && offset > 0 && !strings.Contains(syntax.Error(), "unexpected end") {
		place.character = payload[offset-1]
	}
	return place
}

// reason is Jackson's.
func (p syntaxPlace) reason() string {
	code := strconv.Itoa(int(p.character))
	switch {
	case p.character == 0:
		return "Unexpected end-of-input"
	case p.character < ' ':
		return "Illegal unquoted character ((CTRL-CHAR, code " + code + ")): has to be escaped using backslash to be included in string value"
	default:
		return "Unexpected character ('" + string(rune(p.character)) + "' (code " + code +
			")): expected a valid value (number, String, array, object, 'true', 'false' or 'null')"
	}
}
