package schema

import (
	"fmt"
	"reflect"
	"strings"
)

// Ref stands in a table for a shape that is described elsewhere in it.
func Ref(name string) *Shape { return &Shape{Name: name} }

// FieldName is the name of a member's Go field: AWS's name with its first letter in upper case.
func FieldName(member string) string {
	return strings.ToUpper(member[:1]) + member[1:]
}

// Link resolves the names in a service's tables to shapes and field indexes, and returns the
// service. The tables are generated, so a name without a shape is a defect of the generator:
// Link panics, and a test links every service.
func Link(s *Service) *Service {
	s.shapes = make(map[string]*Shape, len(s.Shapes))
	s.operations = make(map[string]*Operation, len(s.Operations))
	s.exceptions = map[reflect.Type]*Shape{}
	for i := range s.Shapes {
		shape := &s.Shapes[i]
		s.shapes[shape.Name] = shape
		if shape.Exception != nil {
			s.exceptions[shape.Type] = shape
		}
	}
	for i := range s.Shapes {
		s.linkShape(&s.Shapes[i])
	}
	for i := range s.Operations {
		s.linkOperation(&s.Operations[i])
	}
	return s
}

func (s *Service) linkOperation(o *Operation) {
	s.operations[o.Name] = o
	if !o.Typed() {
		return
	}
	o.Input = s.linkTop(o.Input)
	o.Output = s.linkTop(o.Output)
}

// linkTop resolves an operation's input or output, which is described in place or by reference.
func (s *Service) linkTop(shape *Shape) *Shape {
	if shape.Kind == 0 {
		return s.find(shape.Name)
	}
	s.linkShape(shape)
	return shape
}

func (s *Service) linkShape(shape *Shape) {
	if shape.Pattern != "" {
		shape.pattern = newPattern(shape.Pattern)
	}
	for _, m := range []*Member{&shape.Element, &shape.Key, &shape.Value} {
		if m.Shape != "" {
			m.target = s.find(m.Shape)
		}
	}
	for i := range shape.Members {
		m := &shape.Members[i]
		m.target = s.find(m.Shape)
		field, ok := shape.Type.FieldByName(FieldName(m.Name))
		if !ok {
			panic(fmt.Sprintf("schema: %s has no field for member %s", shape.Type, m.Name))
		}
		m.index = field.Index[0]
		if m.Name == shape.Payload {
			shape.payload = m
		}
	}
}

func (s *Service) find(name string) *Shape {
	shape := s.shapes[name]
	if shape == nil {
		panic(fmt.Sprintf("schema: %s has no shape %s", s.Name, name))
	}
	return shape
}
