package integration

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// HttpResponse is a function's answer in payload format 2.0, read.
type HttpResponse struct {
	StatusCode      int
	Headers         []Field
	Cookies         []string // each becomes a Set-Cookie header
	Body            string
	IsBase64Encoded bool
	// Inferred says that the function gave no status code, so that the whole answer is the body.
	Inferred bool
}

const (
	inferredContentType = "application/json"
	// defaultContentType goes with an answer that names a status and no content type
	// (observed on AWS).
	defaultContentType = "text/plain;charset=UTF-8"
)

// ParseHttpResponse reads an answer in format 2.0, inferring what is missing: JSON
// without statusCode is a 200 whose body is the whole answer; a bare string is the body
// (guide: http-api-develop-integrations-lambda.md). The error is always a
// *MalformedProxyResponse.
func ParseHttpResponse(payload []byte) (*HttpResponse, error) {
	members, err := readObject(payload)
	if err != nil {
		return inferResponse(payload)
	}
	if findMember(members, "statusCode") == nil {
		return inferResponse(payload)
	}
	response := &HttpResponse{}
	for _, each := range members {
		key, raw := each.name, each.raw
		switch key {
		case "statusCode":
			response.StatusCode, err = readStatusCode(raw)
		case "body":
			response.Body, err = readScalar("", key, raw)
		case "isBase64Encoded":
			response.IsBase64Encoded, err = readBoolean(key, raw)
		case "headers":
			response.Headers, err = readHeaders(raw)
		case "cookies":
			response.Cookies, err = readCookies(raw)
		}
		if err != nil {
			return nil, withKeys(err, members)
		}
	}
	if !hasField(response.Headers, "Content-Type") {
		response.Headers = append(response.Headers, Field{Name: "Content-Type", Value: defaultContentType})
	}
	return response, nil
}

func inferResponse(payload []byte) (*HttpResponse, error) {
	response := &HttpResponse{StatusCode: defaultProxyStatusCode, Headers: []Field{{"Content-Type", inferredContentType}}, Inferred: true}
	if !json.Valid(payload) {
		return nil, &MalformedProxyResponse{Found: kindOfJSON(payload), Wanted: "valid JSON"}
	}
	if kindOfJSON(payload) == "string" {
		text, _ := jsontext.AppendUnquote(nil, bytes.TrimSpace(payload)) //nolint:errcheck // it is valid but for its UTF-8, which is replaced
		response.Body = string(text)
		return response, nil
	}
	response.Body = string(payload)
	return response, nil
}

func readCookies(raw []byte) ([]string, error) {
	if kindOfJSON(raw) == "null" {
		return nil, nil
	}
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, &MalformedProxyResponse{Field: "cookies", Found: kindOfJSON(raw), Wanted: "a list of strings"}
	}
	cookies := make([]string, 0, len(list))
	for _, item := range list {
		cookie, err := readScalar("", "cookies", item)
		if err != nil {
			return nil, err
		}
		cookies = append(cookies, cookie)
	}
	return cookies, nil
}

func hasField(fields []Field, name string) bool {
	for _, field := range fields {
		if strings.EqualFold(field.Name, name) {
			return true
		}
	}
	return false
}
