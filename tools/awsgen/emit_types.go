package main

import (
	"fmt"
	"strings"
)

// structure writes a Go struct with one field per member.
func (g *generator) structure(out *strings.Builder, name, comment string, members []member) {
	fmt.Fprintf(out, "// %s\ntype %s struct {\n", comment, name)
	for _, m := range members {
		fmt.Fprintf(out, "%s %s\n", upperFirst(m.Name), g.fieldType(m))
	}
	out.WriteString("}\n\n")
}

// fieldType is the Go type of a structure's member: plain where the member is required, a
// pointer for every other scalar; enumerations, lists, maps and blobs have an absent value.
func (g *generator) fieldType(m member) string {
	s := g.shapes[m.Shape]
	switch {
	case s.Type == "structure":
		return "*" + upperFirst(s.Name)
	case s.Type == "list" || s.Type == "map" || s.Type == "blob" || len(s.Enum) > 0 || m.Required:
		return g.elementType(m.Shape)
	}
	return "*" + g.elementType(m.Shape)
}

// elementType is the Go type of a value inside a list or map.
func (g *generator) elementType(name string) string {
	s := g.shapes[name]
	switch s.Type {
	case "string":
		if len(s.Enum) > 0 {
			return upperFirst(s.Name)
		}
		return "string"
	case "boolean":
		return "bool"
	case "integer":
		return "int32"
	case "long":
		return "int64"
	case "float", "double":
		return "float64"
	case "timestamp":
		return "time.Time"
	case "blob":
		return "[]byte"
	case "list":
		return "[]" + g.elementType(s.Member.Shape)
	case "map":
		return "map[string]" + g.elementType(s.Value.Shape)
	}
	return upperFirst(s.Name)
}

func (g *generator) typesFile() string {
	var out strings.Builder
	for _, s := range g.facts.Shapes {
		if !g.types[s.Name] || s.Exception != nil {
			continue
		}
		if s.Type == "structure" {
			comment := fmt.Sprintf("%s is AWS's shape %s.", upperFirst(s.Name), s.Name)
			g.structure(&out, upperFirst(s.Name), comment, s.Members)
		}
		if len(s.Enum) > 0 {
			enumeration(&out, &s)
		}
	}
	return g.head(out.String()) + out.String()
}

func enumeration(out *strings.Builder, s *shape) {
	name := upperFirst(s.Name)
	fmt.Fprintf(out, "// %s is AWS's enumeration %s.\ntype %s string\n\n", name, s.Name, name)
	fmt.Fprintf(out, "// The values of %s.\nconst (\n", name)
	for i, constant := range constantNames(s.Enum) {
		fmt.Fprintf(out, "%s%s %s = %q\n", name, constant, name, s.Enum[i])
	}
	out.WriteString(")\n\n")
}

func (g *generator) errorsFile() string {
	var out strings.Builder
	for _, s := range g.facts.Shapes {
		if s.Exception != nil {
			g.exception(&out, &s)
		}
	}
	return g.head(out.String()) + out.String()
}

// exception writes the Go type of an error. Every one has a Message, because the protocols
// carry one for errors whose shape has none too.
func (g *generator) exception(out *strings.Builder, s *shape) {
	code, status := exceptionFacts(s)
	name := upperFirst(s.Name)
	fmt.Fprintf(out, "// %s is AWS's error %s, answered with status %d.\ntype %s struct {\nMessage string\n", name, code, status, name)
	for _, m := range s.Members {
		if upperFirst(m.Name) != "Message" {
			fmt.Fprintf(out, "%s %s\n", upperFirst(m.Name), g.fieldType(m))
		}
	}
	out.WriteString("}\n\n")
	fmt.Fprintf(out, "// Error describes the error with its code.\nfunc (e *%s) Error() string { return awsapi.Describe(e) }\n\n", name)
	fmt.Fprintf(out, "// ErrorCode is %q.\nfunc (e *%s) ErrorCode() string { return %q }\n\n", code, name, code)
	fmt.Fprintf(out, "// ErrorMessage is the message.\nfunc (e *%s) ErrorMessage() string { return e.Message }\n\n", name)
	fmt.Fprintf(out, "// HTTPStatus is %d.\nfunc (e *%s) HTTPStatus() int { return %d }\n\n", status, name, status)
}

// exceptionFacts fills what a model leaves out: the code is the shape's name, the status 400.
func exceptionFacts(s *shape) (code string, status int) {
	code, status = s.Exception.Code, s.Exception.Status
	if code == "" {
		code = s.Name
	}
	if status == 0 {
		status = 400
	}
	return code, status
}

// head writes the package clause and the imports that the text needs.
func (g *generator) head(text string) string {
	var standard, own []string
	for _, known := range []struct{ use, path string }{
		{"context.", "context"}, {"reflect.", "reflect"}, {"sync.", "sync"}, {"time.Time", "time"},
		{"awsapi.", "gatehouse/internal/awsapi"}, {"schema.", "gatehouse/internal/awsapi/schema"},
	} {
		if !strings.Contains(text, known.use) {
			continue
		}
		if strings.HasPrefix(known.path, "gatehouse/") {
			own = append(own, fmt.Sprintf("%q\n", known.path))
		} else {
			standard = append(standard, fmt.Sprintf("%q\n", known.path))
		}
	}
	imports := strings.Join(standard, "") + "\n" + strings.Join(own, "")
	head := "package " + g.facts.Metadata.Service + "\n\n"
	if strings.TrimSpace(imports) == "" {
		return head
	}
	return head + "import (\n" + imports + ")\n\n"
}
