package mapping

import (
	"fmt"

	"gatehouse/internal/jsonpath"
	"gatehouse/internal/value"
	"gatehouse/internal/vtl"
)

// nothingFound is what $input.json gives for a path that finds nothing: two quotes (quirk json-missing).
const nothingFound = `""`

// input is $input.
type input struct {
	*Input
	payload *Payload
	params  *value.Map // $input.params(), once asked for
}

// AppendString appends nothing (quirk objects-print-empty).
func (*input) AppendString(dst []byte) []byte { return dst }

// Property gives $input.body, a string (quirk body-is-string).
func (in *input) Property(_ *vtl.Execution, name string) (value.Value, error) {
	if name == "body" || name == "Body" {
		return value.OfString(in.payload.Text()), nil
	}
	return value.Value{}, nil
}

// preparedPath is a path that stands in the template as a constant.
type preparedPath struct {
	path *jsonpath.Path
	err  error
}

// prepare compiles the path of $input.json('…') and $input.path('…') with the template. What is wrong with it shows when it is used.
func prepare(site *vtl.CallSite) {
	if site.Root != "input" || len(site.Arguments) != 1 || site.Arguments[0].Kind() != value.KindString {
		return
	}
	if site.Method == "json" || site.Method == "path" {
		path, err := jsonpath.Compile(site.Arguments[0].Str())
		site.Prepared = &preparedPath{path, err}
	}
}

// find evaluates the path a call is given.
func (in *input) find(site *vtl.CallSite, argument value.Value) (value.Value, error) {
	prepared, _ := site.Prepared.(*preparedPath)
	if prepared == nil {
		path, err := jsonpath.Compile(argument.Str())
		prepared = &preparedPath{path, err}
	}
	if prepared.err != nil {
		// Jayway compiles the path before it reads the document, but the document is there before.
		if _, err := in.payload.value(in.Context.arena); err != nil {
			return value.Value{}, err
		}
		return value.Value{}, fmt.Errorf("compiling path: %w", prepared.err)
	}
	v, found, err := in.payload.find(in.Context.arena, prepared.path)
	if err != nil || !found {
		return value.Value{}, err
	}
	return v, nil
}

// Call calls $input.json, .path, .params or .getBody.
func (in *input) Call(ex *vtl.Execution, site *vtl.CallSite, a []value.Value) (value.Value, error) {
	isText := len(a) == 1 && (a[0].Kind() == value.KindString || a[0].IsNull())
	switch {
	case site.Method == "path" && isText:
		return in.find(site, a[0])
	case site.Method == "json" && isText:
		text, _, err := in.AppendCall(ex, nil, site, a)
		if err != nil {
			return value.Value{}, err
		}
		return value.OfString(string(text)), nil
	case site.Method == "params" && len(a) == 0:
		return value.OfMap(in.allParameters()), nil
	case site.Method == "params" && isText:
		return value.OfString(in.parameter(a[0].Str())), nil
	case site.Method == "getBody" && len(a) == 0:
		return value.OfString(in.payload.Text()), nil
	case site.Method == "getBody", site.Method == "params":
		return value.Value{}, vtl.ErrArguments
	}
	return value.Value{}, nil
}

// AppendCall appends what $input.json('…') gives without making a string of it; ok is false for everything else.
func (in *input) AppendCall(_ *vtl.Execution, dst []byte, site *vtl.CallSite, a []value.Value) (out []byte, ok bool, err error) {
	if site.Method != "json" || len(a) != 1 || a[0].Kind() != value.KindString && !a[0].IsNull() {
		return dst, false, nil
	}
	v, err := in.find(site, a[0])
	switch {
	case err != nil:
		return dst, true, err
	case v.IsNull():
		return append(dst, nothingFound...), true, nil
	}
	return value.AppendJSON(dst, v), true, nil
}

// parameter looks in path, querystring and header, in this order; there being none gives "" (quirk missing-params).
func (in *input) parameter(name string) string {
	if in.params != nil {
		return in.changedParameter(name)
	}
	for _, values := range [...]Values{in.Path, in.Querystring, in.Header} {
		if v, ok := values.Get(name); ok {
			return v
		}
	}
	return ""
}

// changedParameter looks in the maps $input.params() gave out, which a template may have changed. That the change shows is assumed.
func (in *input) changedParameter(name string) string {
	for _, group := range in.params.Entries() {
		if v, ok := group.Val.Map().GetString(name); ok {
			return v.String()
		}
	}
	return ""
}

// allParameters is $input.params(): a map of maps that print {k=v} (quirk params-print). The order of the groups is assumed.
func (in *input) allParameters() *value.Map {
	if in.params == nil {
		a := in.Context.arena
		m := a.NewMap(3)
		m.PutString("path", value.OfMap(in.Path.toMap(a)))
		m.PutString("querystring", value.OfMap(in.Querystring.toMap(a)))
		m.PutString("header", value.OfMap(in.Header.toMap(a)))
		in.params = m
	}
	return in.params
}
