package integration

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ProxyResponse is what a function of an AWS_PROXY integration answered, read.
type ProxyResponse struct {
	StatusCode      int
	Headers         []Field // repeated names are values of one header
	Body            string
	IsBase64Encoded bool
}

// MalformedProxyResponse says what is wrong with a function's answer. The client
// gets 502 (REST) or 500 (HTTP APIs); the detail goes to the diagnosis.
type MalformedProxyResponse struct {
	Field  string   // the offending member, empty for the whole answer
	Found  string   // "object", "array", "null" …
	Wanted string   // what the member must be
	Keys   []string // the members that the answer has
}

// Error implements error.
func (m *MalformedProxyResponse) Error() string {
	if m.Field == "" {
		return fmt.Sprintf("the answer is %s, must be %s", m.Found, m.Wanted)
	}
	return fmt.Sprintf("field %q is %s, must be %s", m.Field, m.Found, m.Wanted)
}

const defaultProxyStatusCode = 200

// ParseProxyResponse reads the answer of a REST API's function, payload format 1.0.
// It is strict (observed on AWS): five members and no other, a string body, lists in
// multiValueHeaders. Scalars stand for strings: a boolean header is "true". The error
// is always a *MalformedProxyResponse.
func ParseProxyResponse(payload []byte) (*ProxyResponse, error) {
	members, keys, err := readObject(payload)
	if err != nil {
		return nil, &MalformedProxyResponse{Found: kindOfJSON(payload), Wanted: "a JSON object"}
	}
	response := &ProxyResponse{StatusCode: defaultProxyStatusCode}
	var multiValueHeaders []namedValues
	var headers []Field
	for _, key := range keys {
		raw := members[key]
		switch key {
		case "statusCode":
			response.StatusCode, err = readStatusCode(raw)
		case "body":
			response.Body, err = readScalar(key, raw)
		case "isBase64Encoded":
			response.IsBase64Encoded, err = readBoolean(key, raw)
		case "headers":
			headers, err = readHeaders(raw)
		case "multiValueHeaders":
			multiValueHeaders, err = readMultiValueHeaders(raw)
		default:
			err = &MalformedProxyResponse{Field: key, Found: "present", Wanted: "absent: only isBase64Encoded, statusCode, headers, multiValueHeaders and body are allowed"}
		}
		if err != nil {
			return nil, withKeys(err, keys)
		}
	}
	response.Headers = mergeHeaders(headers, multiValueHeaders)
	return response, nil
}

func withKeys(err error, keys []string) error {
	var malformed *MalformedProxyResponse
	if errors.As(err, &malformed) {
		malformed.Keys = keys
	}
	return err
}

type namedValues struct {
	name   string
	values []string
}

// mergeHeaders puts the values of multiValueHeaders first, and takes the spelling of
// a name from there (observed on AWS).
func mergeHeaders(headers []Field, multi []namedValues) []Field {
	var merged []Field
	for _, header := range multi {
		for _, value := range header.values {
			merged = append(merged, Field{Name: header.name, Value: value})
		}
		for _, single := range headers {
			if strings.EqualFold(single.Name, header.name) && !slices.Contains(header.values, single.Value) {
				merged = append(merged, Field{Name: header.name, Value: single.Value})
			}
		}
	}
	for _, single := range headers {
		if !slices.ContainsFunc(multi, func(h namedValues) bool { return strings.EqualFold(h.name, single.Name) }) {
			merged = append(merged, single)
		}
	}
	return merged
}

// readObject reads a JSON object and the order of its members.
func readObject(raw []byte) (map[string]json.RawMessage, []string, error) {
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	opening, err := decoder.Token()
	if err != nil || opening != json.Delim('{') {
		return nil, nil, errors.New("not an object")
	}
	members := map[string]json.RawMessage{}
	var keys []string
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, nil, fmt.Errorf("reading a member's name: %w", err)
		}
		key, _ := token.(string)
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, nil, fmt.Errorf("reading member %q: %w", key, err)
		}
		if _, ok := members[key]; !ok {
			keys = append(keys, key)
		}
		members[key] = value
	}
	if _, err := decoder.Token(); err != nil {
		return nil, nil, fmt.Errorf("reading the end of the object: %w", err)
	}
	return members, keys, nil
}

// Bounds of the status of a final response: those from 100 to 199 announce another one
// (RFC 9110, section 15.2), which would never come. That AWS refuses them is unconfirmed.
const (
	finalStatusMinimum = 200
	finalStatusMaximum = 599
)

func readStatusCode(raw json.RawMessage) (int, error) {
	text := strings.TrimSpace(strings.Trim(string(raw), `"`))
	if string(raw) == "null" {
		return defaultProxyStatusCode, nil
	}
	status, err := strconv.Atoi(text)
	if err != nil || status < finalStatusMinimum || status > finalStatusMaximum {
		return 0, &MalformedProxyResponse{Field: "statusCode", Found: kindOfJSON(raw) + " " + string(raw), Wanted: "an integer from 200 to 599"}
	}
	return status, nil
}

func readBoolean(key string, raw json.RawMessage) (bool, error) {
	switch strings.Trim(string(raw), `"`) {
	case "true":
		return true, nil
	case "false", "null", "":
		return false, nil
	default:
		return false, &MalformedProxyResponse{Field: key, Found: kindOfJSON(raw), Wanted: "a boolean"}
	}
}

func readScalar(key string, raw json.RawMessage) (string, error) {
	switch kind := kindOfJSON(raw); kind {
	case "null":
		return "", nil
	case "string":
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return "", &MalformedProxyResponse{Field: key, Found: "a broken string", Wanted: "a string"}
		}
		return text, nil
	case "number", "boolean":
		return string(raw), nil
	default:
		return "", &MalformedProxyResponse{Field: key, Found: kind, Wanted: "string"}
	}
}

func readHeaders(raw json.RawMessage) ([]Field, error) {
	if kindOfJSON(raw) == "null" {
		return nil, nil
	}
	members, keys, err := readObject(raw)
	if err != nil {
		return nil, &MalformedProxyResponse{Field: "headers", Found: kindOfJSON(raw), Wanted: "an object of strings"}
	}
	headers := make([]Field, 0, len(keys))
	for _, key := range keys {
		value, err := readScalar("headers."+key, members[key])
		if err != nil {
			return nil, err
		}
		if kindOfJSON(members[key]) != "null" {
			headers = append(headers, Field{Name: key, Value: value})
		}
	}
	return headers, nil
}

func readMultiValueHeaders(raw json.RawMessage) ([]namedValues, error) {
	if kindOfJSON(raw) == "null" {
		return nil, nil
	}
	members, keys, err := readObject(raw)
	if err != nil {
		return nil, &MalformedProxyResponse{Field: "multiValueHeaders", Found: kindOfJSON(raw), Wanted: "an object of lists of strings"}
	}
	headers := make([]namedValues, 0, len(keys))
	for _, key := range keys {
		var list []json.RawMessage
		if err := json.Unmarshal(members[key], &list); err != nil {
			return nil, &MalformedProxyResponse{Field: "multiValueHeaders." + key, Found: kindOfJSON(members[key]), Wanted: "a list of strings"}
		}
		header := namedValues{name: key}
		for _, item := range list {
			value, err := readScalar("multiValueHeaders."+key, item)
			if err != nil {
				return nil, err
			}
			header.values = append(header.values, value)
		}
		headers = append(headers, header)
	}
	return headers, nil
}

func kindOfJSON(raw []byte) string {
	text := strings.TrimSpace(string(raw))
	if text == "" {
		return "empty"
	}
	switch text[0] {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "boolean"
	case 'n':
		return "null"
	default:
		return "number"
	}
}
