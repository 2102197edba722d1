package main

import (
	"fmt"
	"strconv"
	"strings"
)

// operationFile holds an operation's input, its output unless that is shared, and its table.
func (g *generator) operationFile(o *operation) string {
	var out strings.Builder
	route := o.Name
	if g.facts.Metadata.Protocol == "rest-json" {
		route = o.Method + " " + o.RequestURI
	}
	comment := fmt.Sprintf("%sInput is the input of %s (%s).", o.Name, o.Name, route)
	if route == o.Name {
		comment = fmt.Sprintf("%sInput is the input of %s.", o.Name, o.Name)
	}
	g.structure(&out, o.Name+"Input", comment, g.members(o.Input))
	if !g.sharedOutput(o) {
		comment := fmt.Sprintf("%sOutput is the output of %s.", o.Name, o.Name)
		g.structure(&out, o.Name+"Output", comment, g.members(o.Output))
	}
	fmt.Fprintf(&out, "func op%s() schema.Operation {\nreturn schema.Operation{\n", o.Name)
	fmt.Fprintf(&out, "Name: %q, Method: %q, Path: %q,%s\n", o.Name, o.Method, o.RequestURI, statusField(o))
	if o.ResultWrapper != "" {
		fmt.Fprintf(&out, "ResultWrapper: %q,\n", o.ResultWrapper)
	}
	if o.Output == "" {
		out.WriteString("NoOutput: true,\n")
	}
	out.WriteString("Handler: schema.Handle(Service." + o.Name + "),\n")
	if len(o.Errors) > 0 {
		fmt.Fprintf(&out, "Errors: []string{%s},\n", quoted(o.Errors))
	}
	out.WriteString("Input: &" + g.topShape(o.Name+"Input", o.Input) + ",\n")
	if g.sharedOutput(o) {
		fmt.Fprintf(&out, "Output: schema.Ref(%q),\n", o.Output)
	} else {
		out.WriteString("Output: &" + g.topShape(o.Name+"Output", o.Output) + ",\n")
	}
	out.WriteString("}\n}\n")
	return g.head(out.String()) + out.String()
}

func statusField(o *operation) string {
	if o.ResponseCode == 0 || o.ResponseCode == 200 {
		return ""
	}
	return fmt.Sprintf(" Status: %d,", o.ResponseCode)
}

func (g *generator) members(name string) []member {
	if name == "" {
		return nil
	}
	return g.shapes[name].Members
}

func (g *generator) topShape(goName, name string) string {
	s := shape{Name: goName, Type: "structure"}
	if name != "" {
		s = *g.shapes[name]
		s.Name = goName
	}
	return "schema.Shape" + g.shapeLiteral(&s)
}

// shapeLiteral is the composite literal of a shape, without its type.
func (g *generator) shapeLiteral(s *shape) string {
	var out strings.Builder
	fmt.Fprintf(&out, "{Name: %q, Kind: schema.%s", s.Name, kind(s))
	field := func(condition bool, text string, arguments ...any) {
		if condition {
			fmt.Fprintf(&out, ", "+text, arguments...)
		}
	}
	field(s.Type == "structure", "Type: reflect.TypeFor[%s]()", upperFirst(s.Name))
	field(s.Payload != "", "Payload: %q", s.Payload)
	field(len(s.Enum) > 0, "Enum: []string{%s}", quoted(s.Enum))
	field(s.Min != nil, "Min: schema.At(%d)", value(s.Min))
	field(s.Max != nil, "Max: schema.At(%d)", value(s.Max))
	field(s.Pattern != "", "Pattern: %s", rawQuoted(s.Pattern))
	field(s.TimestampFormat != "", "TimestampFormat: %q", s.TimestampFormat)
	field(s.Flattened, "Flattened: true")
	field(s.Streaming, "Streaming: true")
	field(s.Sensitive, "Sensitive: true")
	if s.Exception != nil {
		code, status := exceptionFacts(s)
		field(true, "Exception: &schema.Exception{Code: %q, Status: %d}", code, status)
	}
	if s.Member != nil {
		field(true, "Element: schema.Member%s", memberLiteral(*s.Member))
	}
	if s.Key != nil {
		field(true, "Key: schema.Member%s, Value: schema.Member%s", memberLiteral(*s.Key), memberLiteral(*s.Value))
	}
	if len(s.Members) > 0 {
		out.WriteString(", Members: []schema.Member{\n")
		for _, m := range s.Members {
			out.WriteString(memberLiteral(m) + ",\n")
		}
		out.WriteString("}")
	}
	out.WriteString("}")
	return out.String()
}

func kind(s *shape) string {
	if s.Type == "float" {
		return "Double"
	}
	return upperFirst(s.Type)
}

func memberLiteral(m member) string {
	var out strings.Builder
	out.WriteString("{")
	if m.Name != "" {
		fmt.Fprintf(&out, "Name: %q, ", m.Name)
	}
	fmt.Fprintf(&out, "Shape: %q", m.Shape)
	if m.Location != "" {
		fmt.Fprintf(&out, ", Location: schema.%s", location(m.Location))
	}
	if m.LocationName != "" && m.LocationName != m.Name {
		fmt.Fprintf(&out, ", LocationName: %q", m.LocationName)
	}
	if m.Required {
		out.WriteString(", Required: true")
	}
	if m.EmptyIsNull {
		out.WriteString(", EmptyIsNull: true")
	}
	if m.TimestampFormat != "" {
		fmt.Fprintf(&out, ", TimestampFormat: %q", m.TimestampFormat)
	}
	if m.Flattened {
		out.WriteString(", Flattened: true")
	}
	if m.JSONValue {
		out.WriteString(", JSONValue: true")
	}
	out.WriteString("}")
	return out.String()
}

func location(name string) string {
	if name == "uri" {
		return "URI"
	}
	return upperFirst(name)
}

func quoted(list []string) string {
	texts := make([]string, len(list))
	for i, text := range list {
		texts[i] = strconv.Quote(text)
	}
	return strings.Join(texts, ", ")
}

func rawQuoted(text string) string {
	if strings.Contains(text, "`") {
		return strconv.Quote(text)
	}
	return "`" + text + "`"
}

func value(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

// shapesFile holds the tables of the shared shapes.
func (g *generator) shapesFile() string {
	var out strings.Builder
	out.WriteString("func shapes() []schema.Shape {\nreturn []schema.Shape{\n")
	for i := range g.facts.Shapes {
		if s := &g.facts.Shapes[i]; g.types[s.Name] {
			out.WriteString(g.shapeLiteral(s) + ",\n")
		}
	}
	out.WriteString("}\n}\n")
	return g.head(out.String()) + out.String()
}

// operationsFile holds the table of all operations and the service's description.
func (g *generator) operationsFile() string {
	m := g.facts.Metadata
	var out strings.Builder
	out.WriteString("// Schema describes the service and all its operations; the same value is returned every time.\n")
	out.WriteString("func Schema() *schema.Service { return linked() }\n\n")
	out.WriteString("var linked = sync.OnceValue(func() *schema.Service {\nreturn schema.Link(&schema.Service{\n")
	signing := m.SigningName
	if signing == "" {
		signing = m.EndpointPrefix
	}
	for _, f := range []struct{ name, value string }{
		{"Name", m.Service}, {"FullName", m.ServiceFullName}, {"ServiceId", m.ServiceID}, {"APIVersion", m.APIVersion},
		{"SigningName", signing}, {"Protocol", m.Protocol}, {"JSONVersion", m.JSONVersion},
		{"TargetPrefix", m.TargetPrefix}, {"XMLNamespace", m.XMLNamespace},
	} {
		if f.value != "" {
			fmt.Fprintf(&out, "%s: %q,\n", f.name, f.value)
		}
	}
	out.WriteString("Operations: operations(),\nShapes: shapes(),\n")
	out.WriteString("Implements: func(implementation any) bool { _, ok := implementation.(Service); return ok },\n})\n})\n\n")
	out.WriteString("func operations() []schema.Operation {\nreturn []schema.Operation{\n")
	for i := range g.facts.Operations {
		o := &g.facts.Operations[i]
		if o.Typed {
			fmt.Fprintf(&out, "op%s(),\n", o.Name)
		} else {
			fmt.Fprintf(&out, "{Name: %q, Method: %q, Path: %q,%s},\n", o.Name, o.Method, o.RequestURI, statusField(o))
		}
	}
	out.WriteString("}\n}\n")
	return g.head(out.String()) + out.String()
}

// serviceFile holds the interface and the implementation that refuses every operation by name.
func (g *generator) serviceFile() string {
	m := g.facts.Metadata
	var out strings.Builder
	fmt.Fprintf(&out, "// Service is %s %s: its typed operations. An implementation embeds Unimplemented.\ntype Service interface {\n", m.ServiceFullName, m.APIVersion)
	for i := range g.facts.Operations {
		if o := &g.facts.Operations[i]; o.Typed {
			fmt.Fprintf(&out, "%s(ctx context.Context, in *%sInput) (*%s, error)\n", o.Name, o.Name, g.outputType(o))
		}
	}
	out.WriteString("}\n\n")
	out.WriteString("// Unimplemented refuses every operation by name.\ntype Unimplemented struct{}\n\nvar _ Service = Unimplemented{}\n\n")
	for i := range g.facts.Operations {
		o := &g.facts.Operations[i]
		if !o.Typed {
			continue
		}
		fmt.Fprintf(&out, "// %s refuses.\nfunc (Unimplemented) %s(context.Context, *%sInput) (*%s, error) {\nreturn nil, awsapi.NotImplemented{Service: %q, Operation: %q}\n}\n\n",
			o.Name, o.Name, o.Name, g.outputType(o), m.Service, o.Name)
	}
	doc := fmt.Sprintf("// Package %s holds the operations, types and errors of %s %s.\n//\n"+
		"// It is generated from the service's model and knows nothing else. Begin reading at Service.\n", m.Service, m.ServiceFullName, m.APIVersion)
	return doc + g.head(out.String()) + out.String()
}
