package jsonschema

import (
	"errors"
	"strings"
	"testing"
)

// Source: the wording of validationErrorString in AWS's guide
// (api-gateway-method-request-validation pages) and in public threads; rows beyond
// required, type, enum and additionalProperties are unconfirmed.
func TestValidateMessages(t *testing.T) {
	for _, row := range []struct{ schema, body, want string }{
		{`{"type":"object","required":["name","age"]}`, `{}`, `[object has missing required properties (["age","name"])]`},
		{`{"type":"object","properties":{"a":{"type":"integer"}}}`, `{"a":"x"}`, `[instance type (string) does not match any allowed primitive type (allowed: ["integer"])]`},
		{`{"properties":{"a":{"enum":["x","y"]}}}`, `{"a":"z"}`, `[instance value ("z") not found in enum (possible values: ["x","y"])]`},
		{`{"additionalProperties":false}`, `{"b":1}`, `[object instance has properties which are not allowed by the schema: ["b"]]`},
		{`{"minLength":3}`, `"a"`, `[string is too short (length: 1, required minimum: 3)]`},
		{`{"maximum":3}`, `4.5`, `[numeric instance is greater than the required maximum (maximum: 3, found: 4.5)]`},
		{`{"minimum":3,"exclusiveMinimum":true}`, `3`, `[numeric instance is not strictly greater than the required minimum 3]`},
		{`{"minItems":1}`, `[]`, `[array is too short: must have at least 1 elements but instance has 0 elements]`},
		{`{"pattern":"^(?=a)b"}`, `"ab"`, `[ECMA 262 regex "^(?=a)b" does not match input string "ab"]`},
		{`{"anyOf":[{"type":"string"},{"type":"null"}]}`, `1`, `[instance failed to match at least one required schema among 2]`},
		{`{"type":"object"}`, `{"anything":[1]}`, `[]`},
		{``, `[1,2]`, `[]`},
	} {
		schema, err := Compile(row.schema, nil)
		if err != nil {
			t.Errorf("%s: %v", row.schema, err)
			continue
		}
		violations, err := schema.Validate([]byte(row.body))
		if got := Text(violations); err != nil || got != row.want {
			t.Errorf("%s on %s: got %s %v, want %s", row.schema, row.body, got, err, row.want)
		}
	}
}

func TestValidateNotJSON(t *testing.T) {
	schema, err := Compile(`{}`, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{"", "{", "hello", `{"a":1} x`} {
		if _, err := schema.Validate([]byte(body)); !errors.Is(err, ErrNotJSON) {
			t.Errorf("%q: got %v", body, err)
		}
	}
}

func TestCompileReferences(t *testing.T) {
	const url = "https://apigateway.amazonaws.com/restapis/abc/models/Pet"
	resolve := func(asked string) (string, bool) { return `{"type":"object","required":["id"]}`, asked == url }
	schema, err := Compile(`{"$schema":"http://json-schema.org/draft-04/schema#","type":"array","items":{"$ref":"`+url+`"}}`, resolve)
	if err != nil {
		t.Fatal(err)
	}
	violations, err := schema.Validate([]byte(`[{"id":1},{}]`))
	if err != nil || len(violations) != 1 || violations[0].Pointer != "/1" {
		t.Errorf("got %v %v", violations, err)
	}
	if _, err := Compile(`{"$ref":"https://example.org/other"}`, resolve); err == nil {
		t.Error("an unknown reference compiled")
	}
}

func TestCompileRefuses(t *testing.T) {
	for _, text := range []string{`{`, `{"type":"nonsense"}`, `[]`, `{"pattern":"("}`} {
		if _, err := Compile(text, nil); err == nil {
			t.Errorf("%s compiled", text)
		}
	}
	if _, err := Compile(strings.Repeat(" ", schemaSizeLimit+1), nil); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
}

// A pattern that backtracks for ever ends with patternTimeout and counts as no match.
func TestPatternTimeout(t *testing.T) {
	schema, err := Compile(`{"pattern":"^(a+)+$"}`, nil)
	if err != nil {
		t.Fatal(err)
	}
	violations, err := schema.Validate([]byte(`"` + strings.Repeat("a", 40) + `!"`))
	if err != nil || len(violations) != 1 {
		t.Errorf("got %v %v", violations, err)
	}
}

func FuzzValidate(f *testing.F) {
	f.Add(`{"type":"object","required":["a"]}`, `{"a":1}`)
	f.Fuzz(func(t *testing.T, text, body string) {
		schema, err := Compile(text, nil)
		if err != nil {
			return
		}
		if violations, err := schema.Validate([]byte(body)); err == nil && len(violations) > maxMessages {
			t.Fatalf("%d violations", len(violations))
		}
	})
}
