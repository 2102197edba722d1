package jsonschema

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"unicode/utf8"

	validator "github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// appendViolations lists what is wrong, leaves only, except below allOf, anyOf,
// oneOf and not, where the combination itself is the message.
func appendViolations(list []Violation, invalid *validator.ValidationError) []Violation {
	if len(list) >= maxMessages {
		return list
	}
	if message := messageOf(invalid); message != "" {
		return append(list, Violation{
			Pointer: pointer(invalid.InstanceLocation),
			Rule:    strings.TrimPrefix(invalid.SchemaURL, rootURL) + pointer(invalid.ErrorKind.KeywordPath()),
			Message: message, Told: toldOf(invalid, message),
		})
	}
	for _, cause := range invalid.Causes {
		list = appendViolations(list, cause)
	}
	return list
}

func pointer(path []string) string {
	if len(path) == 0 {
		return ""
	}
	return "/" + strings.Join(path, "/")
}

// messageOf returns API Gateway's wording of an error, empty where only the causes
// of the error are told (unconfirmed beyond the first four, which are seen most).
func messageOf(invalid *validator.ValidationError) string {
	switch k := invalid.ErrorKind.(type) {
	case *kind.Required:
		return "object has missing required properties (" + list(k.Missing) + ")"
	case *kind.Type:
		return fmt.Sprintf("instance type (%s) does not match any allowed primitive type (allowed: %s)", k.Got, list(k.Want))
	case *kind.Enum:
		return fmt.Sprintf("instance value (%s) not found in enum (possible values: %s)", text(k.Got), text(k.Want))
	case *kind.AdditionalProperties:
		return "object instance has properties which are not allowed by the schema: " + list(k.Properties)
	case *kind.Dependency:
		return fmt.Sprintf("property %q of object has missing property dependencies (schema requires %s)", k.Prop, list(k.Missing))
	case *kind.MinProperties:
		return fmt.Sprintf("object has too few properties (found %d but schema requires at least %d)", k.Got, k.Want)
	case *kind.MaxProperties:
		return fmt.Sprintf("object has too many properties (found %d but schema requires at most %d)", k.Got, k.Want)
	default:
		return messageOfValue(invalid)
	}
}

// toldOf is a message without the value that it repeats.
func toldOf(invalid *validator.ValidationError, message string) string {
	switch k := invalid.ErrorKind.(type) {
	case *kind.Enum:
		return fmt.Sprintf("instance value not found in enum (possible values: %s)", text(k.Want))
	case *kind.Pattern:
		return fmt.Sprintf("ECMA 262 regex %q does not match input string", k.Want)
	case *kind.Minimum:
		return "numeric instance is lower than the required minimum " + number(k.Want)
	case *kind.Maximum:
		return "numeric instance is greater than the required maximum " + number(k.Want)
	case *kind.MultipleOf:
		return "numeric instance is no multiple of " + number(k.Want)
	case *kind.Format:
		return "string is invalid against requested format " + k.Want
	default:
		return message
	}
}

func messageOfValue(invalid *validator.ValidationError) string {
	switch k := invalid.ErrorKind.(type) {
	case *kind.MinItems:
		return fmt.Sprintf("array is too short: must have at least %d elements but instance has %d elements", k.Want, k.Got)
	case *kind.MaxItems:
		return fmt.Sprintf("array is too long: must have at most %d elements but instance has %d elements", k.Want, k.Got)
	case *kind.UniqueItems:
		return "array must not contain duplicate elements"
	case *kind.AdditionalItems:
		return fmt.Sprintf("array has %d elements which are not allowed by the schema", k.Count)
	case *kind.MinLength:
		return fmt.Sprintf("string is too short (length: %d, required minimum: %d)", k.Got, k.Want)
	case *kind.MaxLength:
		return fmt.Sprintf("string is too long (length: %d, maximum allowed: %d)", k.Got, k.Want)
	case *kind.Pattern:
		return fmt.Sprintf("ECMA 262 regex %q does not match input string %q", k.Want, clip(k.Got))
	case *kind.Minimum:
		return fmt.Sprintf("numeric instance is lower than the required minimum (minimum: %s, found: %s)", number(k.Want), number(k.Got))
	case *kind.Maximum:
		return fmt.Sprintf("numeric instance is greater than the required maximum (maximum: %s, found: %s)", number(k.Want), number(k.Got))
	case *kind.ExclusiveMinimum:
		return "numeric instance is not strictly greater than the required minimum " + number(k.Want)
	case *kind.ExclusiveMaximum:
		return "numeric instance is not strictly lower than the required maximum " + number(k.Want)
	case *kind.MultipleOf:
		return fmt.Sprintf("remainder of division is not zero (%s / %s)", number(k.Got), number(k.Want))
	default:
		return messageOfCombination(invalid)
	}
}

func messageOfCombination(invalid *validator.ValidationError) string {
	switch k := invalid.ErrorKind.(type) {
	case *kind.AnyOf:
		return fmt.Sprintf("instance failed to match at least one required schema among %d", len(invalid.Causes))
	case *kind.OneOf:
		matched := len(k.Subschemas)
		return fmt.Sprintf("instance failed to match exactly one schema (matched %d out of %d)", matched, max(matched, len(invalid.Causes)))
	case *kind.Not:
		return "instance matched a schema which it should not have"
	case *kind.FalseSchema:
		return "no instance is allowed by the schema"
	case *kind.Format:
		return fmt.Sprintf("string %s is invalid against requested format %s", text(k.Got), k.Want)
	default:
		return ""
	}
}

func list(names []string) string {
	sorted := slices.Sorted(slices.Values(names))
	return text(sorted)
}

func text(value any) string {
	encoded, err := json.Marshal(value)
	if err != nil {
		return "?"
	}
	return clip(string(encoded))
}

const clippedLength = 200

// clip bounds how much of a caller's value stands in a message.
func clip(s string) string {
	if len(s) <= clippedLength {
		return s
	}
	cut := clippedLength
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

func number(value *big.Rat) string {
	if value.IsInt() {
		return value.Num().String()
	}
	decimal, _ := value.Float64()
	return text(decimal)
}
