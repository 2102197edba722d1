// Package jsonschema validates JSON bodies against the models of an API: JSON Schema,
// draft 4, with references between models, and with error texts in the wording that
// API Gateway puts into $context.error.validationErrorString.
//
// It knows no gateway and no model record; whoever compiles a schema hands it a way
// to find the other schemas. It does not decide what an invalid body means.
//
// Begin at Compile.
package jsonschema

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dlclark/regexp2"
	validator "github.com/santhosh-tekuri/jsonschema/v6"
)

// Bounds of compilation and validation.
const (
	// schemaSizeLimit is "Model size", bytes (guide: limits.md gives 400 KB).
	schemaSizeLimit = 400 * 1024
	// patternTimeout bounds the match of one regular expression.
	patternTimeout = 100 * time.Millisecond
	// maxReferences bounds how many other models one schema may pull in.
	maxReferences = 200
	// maxMessages bounds the length of a list of errors.
	maxMessages = 100
)

// Schema is a compiled schema; it is immutable and safe for concurrent use.
type Schema struct {
	compiled *validator.Schema
}

// Resolve returns the text of the schema that a $ref names, the fragment left out.
type Resolve func(url string) (text string, ok bool)

// rootURL names the schema being compiled; nothing is fetched from it.
const rootURL = "https://model.invalid/schema"

// ErrTooLarge says that a schema is over schemaSizeLimit.
var ErrTooLarge = errors.New("the schema is larger than the model size limit")

// Compile reads a draft-4 schema. A nil resolve knows no other schema.
func Compile(text string, resolve Resolve) (*Schema, error) {
	if len(text) > schemaSizeLimit {
		return nil, ErrTooLarge
	}
	if strings.TrimSpace(text) == "" {
		text = "{}"
	}
	document, err := validator.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("reading the schema: %w", err)
	}
	compiler := validator.NewCompiler()
	compiler.DefaultDraft(validator.Draft4)
	compiler.UseRegexpEngine(compilePattern)
	compiler.UseLoader(&loader{resolve: resolve})
	if err := compiler.AddResource(rootURL, withoutUnknownMeta(document)); err != nil {
		return nil, fmt.Errorf("adding the schema: %w", err)
	}
	compiled, err := compiler.Compile(rootURL)
	if err != nil {
		return nil, fmt.Errorf("compiling the schema: %w", err)
	}
	return &Schema{compiled: compiled}, nil
}

// withoutUnknownMeta drops a $schema that names no known draft: API Gateway reads
// every schema as draft 4.
func withoutUnknownMeta(document any) any {
	object, ok := document.(map[string]any)
	if !ok {
		return document
	}
	if meta, _ := object["$schema"].(string); !strings.HasPrefix(meta, "http://json-schema.org/draft-04/") {
		delete(object, "$schema")
	}
	return object
}

type loader struct {
	resolve Resolve
	count   int
}

// Load implements the validator's URLLoader over Resolve: nothing is ever fetched.
func (l *loader) Load(url string) (any, error) {
	if l.count++; l.count > maxReferences {
		return nil, errors.New("the schema refers to too many others")
	}
	if l.resolve == nil {
		return nil, fmt.Errorf("no model is known by %s", url)
	}
	text, ok := l.resolve(url)
	if !ok {
		return nil, fmt.Errorf("no model is known by %s", url)
	}
	document, err := validator.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("reading the schema of %s: %w", url, err)
	}
	return withoutUnknownMeta(document), nil
}

type pattern struct{ *regexp2.Regexp }

// compilePattern reads ECMA 262 expressions, which RE2 cannot run in general.
func compilePattern(text string) (validator.Regexp, error) {
	compiled, err := regexp2.Compile(text, regexp2.ECMAScript)
	if err != nil {
		return nil, fmt.Errorf("reading pattern %q: %w", text, err)
	}
	compiled.MatchTimeout = patternTimeout
	return pattern{compiled}, nil
}

// MatchString reports whether text has a match; a match that takes too long is none.
func (p pattern) MatchString(text string) bool {
	matched, err := p.Regexp.MatchString(text)
	return err == nil && matched
}

// Violation is one way in which a body breaks its schema.
type Violation struct {
	Pointer string // JSON pointer into the body
	Rule    string // the schema's keyword, with its JSON pointer
	Message string // API Gateway's wording
	// Told is Message without values of the body, which may be secret.
	Told string
}

// ErrNotJSON says that a body is not JSON at all.
var ErrNotJSON = errors.New("the body is not JSON")

// Validate checks a body. It returns no violation for a valid one, and ErrNotJSON,
// wrapped with the place, for what cannot be read.
func (s *Schema) Validate(body []byte) ([]Violation, error) {
	document, err := validator.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotJSON, err)
	}
	err = s.compiled.Validate(document)
	if err == nil {
		return nil, nil
	}
	var invalid *validator.ValidationError
	if !errors.As(err, &invalid) {
		return nil, fmt.Errorf("validating a body: %w", err)
	}
	return appendViolations(nil, invalid), nil
}

// Text joins the messages as $context.error.validationErrorString shows them.
func Text(violations []Violation) string {
	messages := make([]string, len(violations))
	for i, violation := range violations {
		messages[i] = violation.Message
	}
	return "[" + strings.Join(messages, ", ") + "]"
}
