package restjson

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"unicode/utf8"

	"gatehouse/internal/awsapi"
	"gatehouse/internal/awsapi/schema"
	"gatehouse/internal/wire/jsonbody"
	"gatehouse/internal/wire/message"
	"gatehouse/internal/wire/scalar"
)

// Encode writes an operation's output with the status that the model says.
func (c Codec) Encode(operation *schema.Operation, output any, _ string) (*message.Response, error) {
	status := operation.Status
	if status == 0 {
		status = http.StatusOK
	}
	response := message.NewResponse(status)
	structure := reflect.ValueOf(output).Elem()
	for i := range operation.Output.Members {
		m := &operation.Output.Members[i]
		if value, present := scalar.Value(m.Field(structure), m.Target()); present {
			encodeBound(response, m, value)
		}
	}
	encodeBody(response, operation, structure)
	return response, nil
}

// encodeBound writes a member that does not travel in the body.
func encodeBound(response *message.Response, m *schema.Member, value reflect.Value) {
	switch m.Location {
	case schema.StatusCode:
		if status := int(value.Int()); status >= 100 && status <= 599 {
			response.Status = status
		}
	case schema.Header:
		text := headerText(m, value)
		if m.JSONValue {
			text = base64.StdEncoding.EncodeToString([]byte(text))
		}
		response.Header.Set(m.WireName(), text)
	case schema.Headers:
		for _, key := range value.MapKeys() {
			response.Header.Set(m.LocationName+key.String(), value.MapIndex(key).String())
		}
	}
}

func headerText(m *schema.Member, value reflect.Value) string {
	if m.Target().Kind != schema.List {
		return scalar.Text(value, m, scalar.RFC822)
	}
	texts := make([]string, value.Len())
	for i := range texts {
		texts[i] = scalar.Text(value.Index(i), &m.Target().Element, scalar.RFC822)
	}
	return strings.Join(texts, ",")
}

func encodeBody(response *message.Response, operation *schema.Operation, structure reflect.Value) {
	m := operation.Output.PayloadMember()
	if m == nil {
		if !operation.NoOutput && response.Status != http.StatusNoContent {
			response.Header.Set("Content-Type", "application/json")
			response.Body = jsonbody.Append(nil, operation.Output, structure)
		}
		return
	}
	value, present := scalar.Value(m.Field(structure), m.Target())
	contentType := "application/json"
	switch {
	case m.Target().Kind == schema.Blob:
		if present {
			response.Body = value.Bytes()
		}
		contentType = blobType(response.Body)
	case m.Target().Kind == schema.String:
		if present {
			response.Body = []byte(value.String())
		}
		contentType = "text/plain"
	case present:
		response.Body = jsonbody.Append(nil, m.Target(), value)
	}
	if response.Header.Get("Content-Type") == "" {
		response.Header.Set("Content-Type", contentType)
	}
}

// blobType is the type of a body whose output binds no Content-Type: Invoke and ExportApi answer
// JSON mostly, and YAML otherwise, whose type on AWS is unconfirmed.
func blobType(body []byte) string {
	switch {
	case len(body) == 0 || json.Valid(body):
		return "application/json"
	case utf8.Valid(body):
		return "application/yaml"
	default:
		return "application/octet-stream"
	}
}

// EncodeError writes an error: its name in a header, its members as JSON.
func (c Codec) EncodeError(err awsapi.Error, _ string) *message.Response {
	response := message.NewResponse(err.HTTPStatus())
	response.Header.Set("Content-Type", "application/json")
	response.Header.Set("x-amzn-ErrorType", err.ErrorCode())
	shape := c.Service.Exception(err)
	if shape == nil {
		response.Body = messageBody(err.ErrorMessage())
		return response
	}
	structure := reflect.ValueOf(err).Elem()
	for i := range shape.Members {
		m := &shape.Members[i]
		if value, present := scalar.Value(m.Field(structure), m.Target()); present {
			encodeBound(response, m, value)
		}
	}
	if hasMessage(shape) || err.ErrorMessage() == "" {
		response.Body = jsonbody.Append(nil, shape, structure)
	} else {
		response.Body = messageBody(err.ErrorMessage())
	}
	return response
}

func messageBody(text string) []byte {
	return append(jsonbody.AppendString([]byte(`{"message":`), text), '}')
}

func hasMessage(shape *schema.Shape) bool {
	for i := range shape.Members {
		if strings.EqualFold(shape.Members[i].Name, "message") {
			return true
		}
	}
	return false
}
