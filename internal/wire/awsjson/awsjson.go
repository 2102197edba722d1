// Package awsjson speaks AWS's JSON protocols 1.0 and 1.1: one path, the operation's name in
// X-Amz-Target, all members in a JSON body.
//
// Begin reading at Codec.Decode; Operation finds the operation that a target names.
package awsjson

import (
	"net/http"
	"reflect"
	"strings"

	"gatehouse/internal/awsapi"
	"gatehouse/internal/awsapi/schema"
	"gatehouse/internal/wire/jsonbody"
	"gatehouse/internal/wire/message"
	"gatehouse/internal/wire/validate"
)

// Codec reads and writes the messages of one service.
type Codec struct {
	Service *schema.Service
}

// Operation returns the name of the operation in an X-Amz-Target header, for a target prefix.
func Operation(target, prefix string) (name string, ok bool) {
	return strings.CutPrefix(target, prefix+".")
}

// Decode fills a new input. Missing required members go to the report; an error is AWS's
// SerializationException.
func (c Codec) Decode(operation *schema.Operation, request *message.Request, report *validate.Report) (any, error) {
	input := operation.Handler.NewInput()
	if err := jsonbody.Decode(request.Body, operation.Input, reflect.ValueOf(input).Elem(), report); err != nil {
		return nil, &awsapi.Unmodelled{Code: "SerializationException", Message: err.Error(), Status: http.StatusBadRequest}
	}
	return input, nil
}

// Encode writes an operation's output.
func (c Codec) Encode(operation *schema.Operation, output any, _ string) (*message.Response, error) {
	response := c.response(http.StatusOK)
	if !operation.NoOutput {
		response.Body = jsonbody.Append(nil, operation.Output, reflect.ValueOf(output).Elem())
	}
	return response, nil
}

// EncodeError writes an error: its name as __type beside its members.
func (c Codec) EncodeError(err awsapi.Error, _ string) *message.Response {
	response := c.response(err.HTTPStatus())
	body := jsonbody.AppendString([]byte(`{"__type":`), err.ErrorCode())
	members := []byte("{}")
	if shape := c.Service.Exception(err); shape != nil {
		members = jsonbody.Append(nil, shape, reflect.ValueOf(err).Elem())
	}
	if !hasMessage(c.Service.Exception(err)) {
		body = jsonbody.AppendString(append(body, `,"message":`...), err.ErrorMessage())
	}
	if len(members) > len("{}") {
		body = append(append(body, ','), members[1:len(members)-1]...)
	}
	response.Body = append(body, '}')
	return response
}

// hasMessage reports whether an exception's own members carry its message; in the JSON protocols
// most exceptions have none, and the message is written all the same.
func hasMessage(shape *schema.Shape) bool {
	if shape == nil {
		return false
	}
	for i := range shape.Members {
		if strings.EqualFold(shape.Members[i].Name, "message") {
			return true
		}
	}
	return false
}

func (c Codec) response(status int) *message.Response {
	response := message.NewResponse(status)
	response.Header.Set("Content-Type", "application/x-amz-json-"+c.Service.JSONVersion)
	return response
}
