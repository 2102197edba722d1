package mapping

import (
	"errors"
	"fmt"

	"gatehouse/internal/value"
	"gatehouse/internal/vtl"
)

// The variables of a mapping template, in the order of vtl's globals.
const (
	globalInput = iota
	globalUtil
	globalContext
	globalStageVariables
	globalCount
)

// Template is a compiled mapping template. It never changes; many requests may render it at once.
type Template struct{ template *vtl.Template }

// Compile parses a mapping template; name is what errors call it. The error is a *vtl.Error, which has line, column and caret.
func Compile(name, text string) (*Template, error) { return compile(name, text, nil) }

// Watch is Compile for finding out what a template did: printed is told what each of its references printed.
func Watch(name, text string, printed func(vtl.Print)) (*Template, error) {
	return compile(name, text, printed)
}

func compile(name, text string, printed func(vtl.Print)) (*Template, error) {
	template, err := vtl.Compile(name, text, vtl.Options{
		Globals: []string{globalInput: "input", globalUtil: "util", globalContext: "context", globalStageVariables: "stageVariables"},
		Prepare: prepare, Printed: printed,
	})
	if err != nil {
		return nil, fmt.Errorf("compiling mapping template: %w", err)
	}
	return &Template{template}, nil
}

// Value is one parameter: a name and a value.
type Value struct{ Name, Value string }

// Values are parameters in the order in which they are iterated over. Of one name the last value counts.
type Values []Value

// Get gives the last value of a name.
func (v Values) Get(name string) (string, bool) {
	for i := len(v) - 1; i >= 0; i-- {
		if v[i].Name == name {
			return v[i].Value, true
		}
	}
	return "", false
}

// Input is what a template, or a parameter mapping, is given.
type Input struct {
	// Payload is the body; nil is an empty one.
	Payload *Payload
	// Path, Querystring and Header are the parameters of $input.params(). Names are compared as they are.
	Path, Querystring, Header Values
	// StageVariables is $stageVariables.
	StageVariables Values
	// Context is $context; it must not be nil.
	Context *Context
	// RequestPath is $request.path of HTTP APIs.
	RequestPath string
	// StatusCode is the backend's, for the selection expressions of WebSocket APIs; 0 if there is no response yet.
	StatusCode int
}

// ErrTemplate is what rendering fails with: API Gateway answers 500. errors.As finds the *vtl.Error in it.
var ErrTemplate = errors.New("executing mapping template")

// Render appends the template's output to dst. It fails with a *PayloadError (400) or an ErrTemplate (500), and appends nothing then. What
// the template set on the overrides is in the context, also after an error.
func (t *Template) Render(in *Input, dst []byte) ([]byte, error) {
	r := &in.Context.render
	r.begin(in)
	globals := [globalCount]value.Value{
		globalInput:   value.OfObjectRef(&r.inputObject),
		globalUtil:    value.OfObjectRef(&r.utilObject),
		globalContext: value.OfObjectRef(&r.contextObject),
	}
	if t.template.Uses(globalStageVariables) {
		globals[globalStageVariables] = value.OfMap(in.StageVariables.toMap(in.Context.arena))
	}
	out, err := t.template.Execute(dst, globals[:], in.Context.arena)
	if err == nil {
		return out, nil
	}
	var payload *PayloadError
	if errors.As(err, &payload) {
		return out, fmt.Errorf("executing mapping template: %w", err)
	}
	return out, fmt.Errorf("%w: %w", ErrTemplate, err)
}

// render is what one rendering needs, kept in the context so that nothing is allocated for it.
type render struct {
	input                                  input
	inputObject, utilObject, contextObject value.Object
	empty                                  Payload
}

func (r *render) begin(in *Input) {
	r.input = input{Input: in, payload: in.Payload}
	if in.Payload == nil {
		r.empty = Payload{}
		r.input.payload = &r.empty
	}
	r.inputObject, r.utilObject, r.contextObject = &r.input, util{}, &in.Context.root
}

// toMap makes a java.util.LinkedHashMap.
func (v Values) toMap(a *value.Arena) *value.Map {
	m := a.NewMap(len(v))
	for _, p := range v {
		m.PutString(p.Name, value.OfString(p.Value))
	}
	return m
}
