// Package templatetest runs mapping templates for people: Run executes files of test cases in the format of this project's vectors.json and
// says what differs; Eval renders one template. It is what the commands "gatehouse template test" and "gatehouse template eval" call. It
// is no test helper for other packages, and it reads files only through what it is given.
//
// Begin with Run.
package templatetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"gatehouse/internal/mapping"
	"gatehouse/internal/value"
	"gatehouse/internal/vtl"
)

// Case is one test case.
type Case struct {
	Name     string   `json:"name"`
	Area     string   `json:"area"`
	Template string   `json:"template"`
	Input    Input    `json:"input"`
	Want     Want     `json:"want"`
	Evidence Evidence `json:"evidence"`
}

// Input is what the template is given. Maps keep their order.
type Input struct {
	Body           *string         `json:"body"`
	Params         Params          `json:"params"`
	Context        json.RawMessage `json:"context"`
	StageVariables json.RawMessage `json:"stageVariables"`
}

// Params are the groups of $input.params().
type Params struct {
	Path        json.RawMessage `json:"path"`
	Querystring json.RawMessage `json:"querystring"`
	Header      json.RawMessage `json:"header"`
}

// Want is what must come of it: an output, with overrides where they are given, or a failure.
type Want struct {
	Output           string          `json:"output"`
	Error            bool            `json:"error"`
	Kind             string          `json:"kind"`
	RequestOverride  json.RawMessage `json:"requestOverride"`
	ResponseOverride json.RawMessage `json:"responseOverride"`
}

// Evidence says how the expected output is known. Of an ambiguous case any alternative passes.
type Evidence struct {
	Level        string                     `json:"level"`
	Alternatives map[string]json.RawMessage `json:"alternatives"`
}

// Outcome is what a case gave.
type Outcome struct {
	Output                            string
	Err                               error
	RequestOverride, ResponseOverride string // as JSON, without empty maps; "" if unchanged
}

// Run runs the cases of the files, writes each difference to out and, last, "N passed, N failed". The error is of reading or writing.
func Run(files []string, out io.Writer) (passed, failed int, err error) {
	for _, file := range files {
		cases, err := Read(file)
		if err != nil {
			return passed, failed, err
		}
		for i := range cases {
			difference := Check(&cases[i])
			if difference == "" {
				passed++
				continue
			}
			failed++
			if _, err := fmt.Fprintf(out, "%s: %s\n%s", file, cases[i].Name, difference); err != nil {
				return passed, failed, fmt.Errorf("writing differences: %w", err)
			}
		}
	}
	if _, err := fmt.Fprintf(out, "%d passed, %d failed\n", passed, failed); err != nil {
		return passed, failed, fmt.Errorf("writing the sum: %w", err)
	}
	return passed, failed, nil
}

// Read reads a file of cases.
func Read(file string) ([]Case, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading cases: %w", err)
	}
	var cases []Case
	if err := json.Unmarshal(text, &cases); err != nil {
		return nil, fmt.Errorf("reading cases of %s: %w", file, err)
	}
	return cases, nil
}

// Check runs one case and gives what differs, in lines; "" if nothing does.
func Check(c *Case) string {
	got := execute(c)
	difference := compare(&c.Want, &got)
	if difference == "" {
		return ""
	}
	for _, alternative := range c.Evidence.Alternatives {
		var want Want
		if json.Unmarshal(alternative, &want.Output) != nil && json.Unmarshal(alternative, &want) != nil {
			continue
		}
		if compare(&want, &got) == "" {
			return ""
		}
	}
	return difference
}

func compare(want *Want, got *Outcome) string {
	switch {
	case want.Error && got.Err == nil:
		return fmt.Sprintf("  want: failure (%s)\n  got:  %q\n", want.Kind, got.Output)
	case want.Error:
		return ""
	case got.Err != nil:
		return fmt.Sprintf("  want: %q\n  got:  failure: %s\n", want.Output, indented(Describe(got.Err)))
	case want.Output != got.Output:
		return fmt.Sprintf("  want: %q\n  got:  %q\n", want.Output, got.Output)
	}
	return compareOverride("requestOverride", want.RequestOverride, got.RequestOverride) +
		compareOverride("responseOverride", want.ResponseOverride, got.ResponseOverride)
}

func compareOverride(name string, want json.RawMessage, got string) string {
	text := ""
	if len(want) > 0 {
		v, err := value.ReadStrict(nil, string(want))
		if err != nil {
			return fmt.Sprintf("  %s: %s\n", name, err)
		}
		text = string(value.AppendJSON(nil, v))
	}
	if text == got {
		return ""
	}
	return fmt.Sprintf("  want %s: %s\n  got  %s: %s\n", name, text, name, got)
}

func indented(s string) string { return strings.ReplaceAll(s, "\n", "\n        ") }

// execute compiles and renders a case.
func execute(c *Case) Outcome {
	template, err := mapping.Compile(c.Name, c.Template)
	if err != nil {
		return Outcome{Err: err}
	}
	in, err := c.Input.build()
	if err != nil {
		return Outcome{Err: err}
	}
	request, response := overrideText(in.Context.RequestOverride()), overrideText(in.Context.ResponseOverride())
	out, err := template.Render(in, nil)
	return Outcome{
		Output: string(value.MendUTF8(out)), Err: err,
		RequestOverride:  changed(request, overrideText(in.Context.RequestOverride())),
		ResponseOverride: changed(response, overrideText(in.Context.ResponseOverride())),
	}
}

// changed gives an override only if the template changed it.
func changed(before, after string) string {
	if before == after {
		return ""
	}
	return after
}

// overrideText gives an override as JSON, empty maps left out.
func overrideText(o mapping.Override) string {
	m := value.NewMap(0)
	for _, e := range o.All().Entries() {
		v := e.Val
		if e.Val.Kind() == value.KindObject {
			inner := value.NewMap(0)
			for _, p := range o.Parameters(e.Key.Str()) {
				inner.Put(p.Key, p.Val)
			}
			v = value.OfMap(inner)
		}
		if v.Map() != nil && v.Map().Len() == 0 {
			continue
		}
		m.Put(e.Key, v)
	}
	if m.Len() == 0 {
		return ""
	}
	return string(value.AppendJSON(nil, value.OfMap(m)))
}

// build makes the template's input.
func (in *Input) build() (*mapping.Input, error) {
	context, err := object(in.Context)
	if err != nil {
		return nil, err
	}
	built := &mapping.Input{Context: mapping.ContextOf(context)}
	if in.Body != nil {
		payload := mapping.NewPayload([]byte(*in.Body))
		built.Payload = &payload
	}
	for _, part := range []struct {
		text json.RawMessage
		into *mapping.Values
	}{
		{in.Params.Path, &built.Path}, {in.Params.Querystring, &built.Querystring},
		{in.Params.Header, &built.Header}, {in.StageVariables, &built.StageVariables},
	} {
		if *part.into, err = values(part.text); err != nil {
			return nil, err
		}
	}
	return built, nil
}

// object reads a JSON object in its order; nothing or null is an empty one.
func object(text json.RawMessage) (*value.Map, error) {
	if len(text) == 0 || string(text) == "null" {
		return value.NewMap(0), nil
	}
	v, err := value.ReadStrict(nil, string(text))
	if err != nil {
		return nil, fmt.Errorf("reading an input: %w", err)
	}
	if v.Map() == nil {
		return nil, fmt.Errorf("reading an input: %s is not an object", text)
	}
	return v.Map(), nil
}

func values(text json.RawMessage) (mapping.Values, error) {
	m, err := object(text)
	if err != nil {
		return nil, err
	}
	list := make(mapping.Values, 0, m.Len())
	for _, e := range m.Entries() {
		list = append(list, mapping.Value{Name: e.Key.Str(), Value: e.Val.String()})
	}
	return list, nil
}

// Describe gives an error for a terminal: the message and, where it has a place in the template, the line with a caret.
func Describe(err error) string {
	var e *vtl.Error
	if errors.As(err, &e) {
		return e.Error() + "\n" + e.Caret()
	}
	return err.Error()
}

// Evaluation is what Eval renders: a template, a body and, as JSON with any of the members of Input but body, the rest.
type Evaluation struct {
	Name       string // what errors call the template
	Template   string
	Body       string
	Parameters string // JSON; "" for none
}

// Eval renders a template and writes the result to out. The error is for Describe.
func Eval(e Evaluation, out io.Writer) error {
	var in Input
	if e.Parameters != "" {
		if err := json.Unmarshal([]byte(e.Parameters), &in); err != nil {
			return fmt.Errorf("reading the parameters: %w", err)
		}
	}
	in.Body = &e.Body
	built, err := in.build()
	if err != nil {
		return err
	}
	template, err := mapping.Compile(e.Name, e.Template)
	if err != nil {
		return fmt.Errorf("template %s: %w", e.Name, err)
	}
	text, err := template.Render(built, nil)
	if err != nil {
		return fmt.Errorf("template %s: %w", e.Name, err)
	}
	if _, err := out.Write(value.MendUTF8(text)); err != nil {
		return fmt.Errorf("writing the result: %w", err)
	}
	return nil
}
