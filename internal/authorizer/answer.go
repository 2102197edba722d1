package authorizer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"gatehouse/internal/iam"
	"gatehouse/internal/integration"
)

// simpleDenied is the principal of a simple response that denies; no other grant of an
// authorizer with simple responses has a principal.
const simpleDenied = "\x00denied"

// answer is what an authorizer function may return.
type answer struct {
	PrincipalId        json.RawMessage `json:"principalId"`
	PolicyDocument     json.RawMessage `json:"policyDocument"`
	Context            json.RawMessage `json:"context"`
	UsageIdentifierKey *string         `json:"usageIdentifierKey"`
	IsAuthorized       *bool           `json:"isAuthorized"`
}

// readAnswer reads a function's answer. The error says what is wrong with it.
func readAnswer(settings *Function, payload []byte) (*Grant, error) {
	var read answer
	if err := json.Unmarshal(payload, &read); err != nil {
		return nil, errAnswer(err)
	}
	grant := &Grant{}
	var err error
	if grant.Context, err = readContext(read.Context, settings.Form != FormRequest2); err != nil {
		return nil, err
	}
	if read.UsageIdentifierKey != nil {
		grant.UsageIdentifierKey = *read.UsageIdentifierKey
	}
	if settings.Simple {
		return grant, readSimple(grant, &read)
	}
	return grant, readPolicy(settings, grant, &read)
}

// errAnswer says which member has a value of the wrong kind, without Go's names of types.
func errAnswer(err error) error {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) || wrong.Field == "" {
		return errors.New("not a JSON object with an authorizer's members")
	}
	kind, _, _ := strings.Cut(wrong.Value, " ")
	if wrong.Field == "isAuthorized" {
		return errors.New("isAuthorized is a " + kind + ", and neither true nor false")
	}
	return errors.New(wrong.Field + " is a " + kind)
}

// simpleElsewhere is said of a simple response where there are none.
const simpleElsewhere = "; the answer has isAuthorized, which belongs to the simple responses of an HTTP API's authorizer"

func readSimple(grant *Grant, read *answer) error {
	if read.IsAuthorized == nil {
		return errors.New("isAuthorized is missing")
	}
	if !*read.IsAuthorized {
		grant.PrincipalId = simpleDenied
	}
	return nil
}

// simple says that the answer is a simple response; empty for any other.
func (a *answer) simple() string {
	if a.IsAuthorized == nil {
		return ""
	}
	return simpleElsewhere
}

func readPolicy(settings *Function, grant *Grant, read *answer) error {
	if isNull(read.PrincipalId) {
		if settings.Form != FormRequest2 { // unconfirmed: that format 2.0 does without
			return errors.New("principalId is missing" + read.simple())
		}
	} else {
		grant.PrincipalId = plainText(string(read.PrincipalId))
	}
	if isNull(read.PolicyDocument) {
		return errors.New("policyDocument is missing" + read.simple())
	}
	policy, err := iam.Compile(read.PolicyDocument, iam.AuthorizerPolicy, "policy of authorizer "+settings.AuthorizerId)
	if err != nil {
		return fmt.Errorf("policyDocument: %w%s", err, malformedPart(read.PolicyDocument))
	}
	grant.Policy = policy
	return nil
}

// malformedPart says which statement of a malformed policy is wrong, which AWS's texts do not;
// empty where it is none of the usual mistakes.
func malformedPart(document json.RawMessage) string {
	var policy struct {
		Statement []struct{ Effect, Action, NotAction, Resource, NotResource json.RawMessage }
	}
	if json.Unmarshal(document, &policy) != nil {
		return ""
	}
	for i, statement := range policy.Statement {
		where := " Statement " + strconv.Itoa(i+1)
		switch effect := plainText(string(statement.Effect)); {
		case isNull(statement.Effect):
			return where + " has no Effect."
		case effect != "Allow" && effect != "Deny":
			return where + " has an Effect that is neither Allow nor Deny."
		case isNull(statement.Action) && isNull(statement.NotAction):
			return where + " has no Action."
		case isNull(statement.Resource) && isNull(statement.NotResource):
			return where + " has no Resource: an event of format 2.0 has routeArn, and no methodArn."
		}
	}
	return ""
}

// readContext reads context in its order. Where only scalars may be in it, anything
// else is an error (guide: api-gateway-lambda-authorizer-output.md).
func readContext(raw json.RawMessage, scalarsOnly bool) ([]integration.Field, error) {
	if isNull(raw) {
		return nil, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if opening, err := decoder.Token(); err != nil || opening != json.Delim('{') {
		return nil, errors.New("context is not an object")
	}
	var fields []integration.Field
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, fmt.Errorf("context: %w", err)
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, fmt.Errorf("context: %w", err)
		}
		field := integration.Field{Name: fmt.Sprint(name), Value: compact(value)}
		if scalarsOnly && strings.ContainsAny(field.Value[:1], "{[") {
			return nil, fmt.Errorf("context.%s is neither a string, a number nor a boolean", field.Name)
		}
		fields = append(fields, field)
	}
	return fields, nil
}

func isNull(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

func compact(raw json.RawMessage) string {
	var b bytes.Buffer
	if err := json.Compact(&b, raw); err != nil {
		return string(raw)
	}
	return b.String()
}

// plainText is a JSON string's text, and any other value's JSON.
func plainText(raw string) string {
	if !strings.HasPrefix(raw, `"`) {
		return raw
	}
	var text string
	if err := json.Unmarshal([]byte(raw), &text); err != nil {
		return raw
	}
	return text
}

// errorMessageOf is what a failed function threw.
func errorMessageOf(payload []byte) string {
	var failed struct {
		ErrorMessage string `json:"errorMessage"`
	}
	if err := json.Unmarshal(payload, &failed); err != nil {
		return string(payload)
	}
	return failed.ErrorMessage
}
