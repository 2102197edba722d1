// Package validate checks a decoded input against the constraints of its model and words what
// is wrong as AWS does.
//
// It does not decide which error that becomes: every service has its own. A decoder tells the
// Report which required members were missing, because a plain Go field cannot; Check does the rest.
// Begin at Report.
package validate

import (
	"fmt"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"gatehouse/internal/awsapi/schema"
	"gatehouse/internal/wire/scalar"
)

// maxViolations bounds the text of an error.
const maxViolations = 50

// Report collects what is wrong with one input.
type Report struct {
	// Parent is what every path in the message begins with, a name such as
	// createAuthorizerInput; empty for services that begin with the member.
	Parent string

	missing    map[string]bool
	violations []string
	count      int
}

// Missing notes that a required member was not in the request.
func (r *Report) Missing(path string) {
	if r.missing == nil {
		r.missing = map[string]bool{}
	}
	r.missing[path] = true
}

// Path is the path of a member below a parent's, as AWS writes it: the names with a lower-case
// first letter, joined by dots.
func Path(parent, member string) string {
	name := strings.ToLower(member[:1]) + member[1:]
	if parent == "" {
		return name
	}
	return parent + "." + name
}

// Item is the path of an element of a list (counted from 1) or of a map.
func Item(parent, key string) string { return parent + "." + key + ".member" }

// Check walks an input (not a pointer to it) and notes every violation.
func (r *Report) Check(shape *schema.Shape, input reflect.Value) { r.structure(shape, input, "") }

// Message is AWS's text for all violations, or empty.
func (r *Report) Message() string {
	switch r.count {
	case 0:
		return ""
	case 1:
		return "1 validation error detected: " + r.violations[0]
	}
	return fmt.Sprintf("%d validation errors detected: %s", r.count, strings.Join(r.violations, "; "))
}

func (r *Report) violate(value, path, constraint string) {
	r.count++
	if r.count <= maxViolations {
		if r.Parent != "" {
			path = r.Parent + "." + path
		}
		r.violations = append(r.violations, fmt.Sprintf("Value %sat '%s' failed to satisfy constraint: %s", value, path, constraint))
	}
}

func (r *Report) structure(shape *schema.Shape, v reflect.Value, parent string) {
	for i := range shape.Members {
		m := &shape.Members[i]
		path := Path(parent, m.Name)
		if r.missing[path] {
			r.violate("null ", path, "Member must not be null")
			continue
		}
		value, present := scalar.Value(m.Field(v), m.Target())
		switch {
		case present:
			r.value(m.Target(), value, path)
		case m.Required && len(m.Target().Enum) > 0: // sent, and empty
			r.text(m.Target(), "", path)
		}
	}
}

func (r *Report) value(shape *schema.Shape, v reflect.Value, path string) {
	switch shape.Kind {
	case schema.Structure:
		r.structure(shape, v, path)
	case schema.List:
		r.size(shape, v, path)
		for i := range v.Len() {
			r.value(shape.Element.Target(), v.Index(i), Item(path, strconv.Itoa(i+1)))
		}
	case schema.Map:
		r.size(shape, v, path)
		for _, key := range sortedKeys(v) {
			r.key(shape, key, path)
			r.value(shape.Value.Target(), v.MapIndex(reflect.ValueOf(key)), Item(path, key))
		}
	case schema.String:
		r.text(shape, v.String(), path)
	case schema.Blob:
		r.bounds(shape, int64(v.Len()), violation{path: path, noun: "length"})
	case schema.Integer, schema.Long:
		r.bounds(shape, v.Int(), violation{value: fmt.Sprintf("'%d' ", v.Int()), path: path, noun: "value"})
	case schema.Double:
		r.doubleBounds(shape, v.Float(), path)
	}
}

// key notes that a map has a key that it must not have, with all that keys must be.
func (r *Report) key(shape *schema.Shape, key, path string) {
	var found Report
	keys := shape.Key.Target()
	if found.text(keys, key, path); found.count > 0 {
		r.violate("", path, "Map keys must satisfy constraint: ["+strings.Join(constraints(keys), ", ")+"]")
	}
}

// constraints words what a text must be.
func constraints(shape *schema.Shape) []string {
	var all []string
	if shape.Max.Set {
		all = append(all, fmt.Sprintf("Member must have length less than or equal to %d", shape.Max.Value))
	}
	if shape.Min.Set {
		all = append(all, fmt.Sprintf("Member must have length greater than or equal to %d", shape.Min.Value))
	}
	if shape.Pattern != "" {
		all = append(all, "Member must satisfy regular expression pattern: "+shape.Pattern)
	}
	if len(shape.Enum) > 0 {
		all = append(all, "Member must satisfy enum value set: ["+strings.Join(shape.Enum, ", ")+"]")
	}
	return all
}

func sortedKeys(v reflect.Value) []string {
	keys := make([]string, 0, v.Len())
	for _, key := range v.MapKeys() {
		keys = append(keys, key.String())
	}
	sort.Strings(keys)
	return keys
}

type violation struct{ value, path, noun string }

func (r *Report) size(shape *schema.Shape, v reflect.Value, path string) {
	r.bounds(shape, int64(v.Len()), violation{path: path, noun: "length"})
}

func (r *Report) bounds(shape *schema.Shape, number int64, at violation) {
	if shape.Min.Set && number < shape.Min.Value {
		r.violate(at.value, at.path, fmt.Sprintf("Member must have %s greater than or equal to %d", at.noun, shape.Min.Value))
	}
	if shape.Max.Set && number > shape.Max.Value {
		r.violate(at.value, at.path, fmt.Sprintf("Member must have %s less than or equal to %d", at.noun, shape.Max.Value))
	}
}

func (r *Report) doubleBounds(shape *schema.Shape, number float64, path string) {
	value := "'" + scalar.Double(number) + "' "
	if shape.Min.Set && number < float64(shape.Min.Value) {
		r.violate(value, path, fmt.Sprintf("Member must have value greater than or equal to %d", shape.Min.Value))
	}
	if shape.Max.Set && number > float64(shape.Max.Value) {
		r.violate(value, path, fmt.Sprintf("Member must have value less than or equal to %d", shape.Max.Value))
	}
}

func (r *Report) text(shape *schema.Shape, text, path string) {
	value := "'" + text + "' "
	if shape.Sensitive {
		value = ""
	}
	r.bounds(shape, int64(utf8.RuneCountInString(text)), violation{value: value, path: path, noun: "length"})
	if !shape.Matches(text) {
		r.violate(value, path, "Member must satisfy regular expression pattern: "+shape.Pattern)
	}
	if len(shape.Enum) > 0 && !slices.Contains(shape.Enum, text) {
		r.violate(value, path, "Member must satisfy enum value set: ["+strings.Join(shape.Enum, ", ")+"]")
	}
}
