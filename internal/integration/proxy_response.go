package integration

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
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
	members, err := readObject(payload)
	if err != nil {
		return nil, &MalformedProxyResponse{Found: kindOfJSON(payload), Wanted: "a JSON object"}
	}
	response := &ProxyResponse{StatusCode: defaultProxyStatusCode}
	var multiValueHeaders []namedValues
	var headers []Field
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
			headers, err = readHeaders(raw)
		case "multiValueHeaders":
			multiValueHeaders, err = readMultiValueHeaders(raw)
		default:
			err = &MalformedProxyResponse{Field: key, Found: "present", Wanted: "absent: only isBase64Encoded, statusCode, headers, multiValueHeaders and body are allowed"}
		}
		if err != nil {
			return nil, withKeys(err, members)
		}
	}
	response.Headers = mergeHeaders(headers, multiValueHeaders)
	return response, nil
}

func withKeys(err error, members []member) error {
	var malformed *MalformedProxyResponse
	if errors.As(err, &malformed) {
		malformed.Keys = namesOf(members)
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

// member is one of an object, its value as it stands in the text.
type member struct {
	name string
	raw  []byte
}

// readObject reads the members of a JSON object, in their order. Of several with one
// name the last counts, at the place of the first.
func readObject(raw []byte) ([]member, error) {
	decoder := jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if opening, err := decoder.ReadToken(); err != nil || opening.Kind() != '{' {
		return nil, errors.New("not an object")
	}
	members := make([]member, 0, proxyMembers)
	for decoder.PeekKind() != '}' {
		name, err := decoder.ReadToken()
		if err != nil {
			return nil, fmt.Errorf("reading a member's name: %w", err)
		}
		read := member{name: name.String()}
		value, err := decoder.ReadValue()
		if err != nil {
			return nil, fmt.Errorf("reading member %q: %w", read.name, err)
		}
		end := int(decoder.InputOffset())
		read.raw = raw[end-len(value) : end]
		if former := findMember(members, read.name); former != nil {
			former.raw = read.raw
		} else {
			members = append(members, read)
		}
	}
	if _, err := decoder.ReadToken(); err != nil {
		return nil, fmt.Errorf("reading the end of the object: %w", err)
	}
	return members, nil
}

// proxyMembers is how many members an answer has at most; headers may be more.
const proxyMembers = 5

func findMember(members []member, name string) *member {
	for i := range members {
		if members[i].name == name {
			return &members[i]
		}
	}
	return nil
}

func namesOf(members []member) []string {
	names := make([]string, len(members))
	for i := range members {
		names[i] = members[i].name
	}
	return names
}

// Bounds of the status of a final response: those from 100 to 199 announce another one
// (RFC 9110, section 15.2), which would never come. That AWS refuses them is unconfirmed.
const (
	finalStatusMinimum = 200
	finalStatusMaximum = 599
)

func readStatusCode(raw []byte) (int, error) {
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

func readBoolean(key string, raw []byte) (bool, error) {
	switch strings.Trim(string(raw), `"`) {
	case "true":
		return true, nil
	case "false", "null", "":
		return false, nil
	default:
		return false, &MalformedProxyResponse{Field: key, Found: kindOfJSON(raw), Wanted: "a boolean"}
	}
}

// readScalar reads what may stand for a string; group and key name it in errors.
func readScalar(group, key string, raw []byte) (string, error) {
	switch kind := kindOfJSON(raw); kind {
	case "null":
		return "", nil
	case "string":
		text, _ := jsontext.AppendUnquote(nil, raw) //nolint:errcheck // it is valid but for its UTF-8, which is replaced
		return string(text), nil
	case "number", "boolean":
		return string(raw), nil
	default:
		return "", &MalformedProxyResponse{Field: group + key, Found: kind, Wanted: "string"}
	}
}

func readHeaders(raw []byte) ([]Field, error) {
	if kindOfJSON(raw) == "null" {
		return nil, nil
	}
	members, err := readObject(raw)
	if err != nil {
		return nil, &MalformedProxyResponse{Field: "headers", Found: kindOfJSON(raw), Wanted: "an object of strings"}
	}
	headers := make([]Field, 0, len(members))
	for _, each := range members {
		value, err := readScalar("headers.", each.name, each.raw)
		if err != nil {
			return nil, err
		}
		if kindOfJSON(each.raw) != "null" {
			headers = append(headers, Field{Name: each.name, Value: value})
		}
	}
	return headers, nil
}

func readMultiValueHeaders(raw []byte) ([]namedValues, error) {
	if kindOfJSON(raw) == "null" {
		return nil, nil
	}
	members, err := readObject(raw)
	if err != nil {
		return nil, &MalformedProxyResponse{Field: "multiValueHeaders", Found: kindOfJSON(raw), Wanted: "an object of lists of strings"}
	}
	headers := make([]namedValues, 0, len(members))
	for _, each := range members {
		var list []json.RawMessage
		if err := json.Unmarshal(each.raw, &list); err != nil {
			return nil, &MalformedProxyResponse{Field: "multiValueHeaders." + each.name, Found: kindOfJSON(each.raw), Wanted: "a list of strings"}
		}
		header := namedValues{name: each.name}
		for _, item := range list {
			value, err := readScalar("multiValueHeaders.", each.name, item)
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
	text := bytes.TrimSpace(raw)
	if len(text) == 0 {
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
