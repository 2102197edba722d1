package openapi

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"gatehouse/internal/apigw"
)

// inlinePrefix begins the names of models that are made of schemas without a name.
const inlinePrefix = "MODEL"

// models reads the schemas that have a name.
func (r *restReader) models() {
	for _, m := range r.schemas.membersOf() {
		if !apigw.ValidModelName(m.name) {
			r.warn("Model name must be alphanumeric: %s", m.name)
			continue
		}
		r.definition.Models = append(r.definition.Models, apigw.Model{
			Name: m.name, ContentType: contentTypeJSON, Schema: r.withModelUrls(m.value).json(),
		})
	}
}

// modelOf is the name of the model of a schema: the one it refers to, or one made of it.
func (r *restReader) modelOf(schema *tree) string {
	if name, ok := referredSchema(schema); ok {
		return name
	}
	text := r.withModelUrls(schema).json()
	sum := sha256.Sum256([]byte(text))
	name := inlinePrefix + hex.EncodeToString(sum[:3])
	if !r.inline[name] {
		r.inline[name] = true
		r.definition.Models = append(r.definition.Models, apigw.Model{Name: name, ContentType: contentTypeJSON, Schema: text})
	}
	return name
}

// schemaPrefixes begin references to the schemas that have a name.
var schemaPrefixes = []string{"#/definitions/", "#/components/schemas/"}

// referredSchema is the name behind a reference to a schema.
func referredSchema(schema *tree) (name string, ok bool) {
	reference := schema.get("$ref").text()
	for _, prefix := range schemaPrefixes {
		if name, ok := strings.CutPrefix(reference, prefix); ok && !strings.Contains(name, "/") {
			return name, true
		}
	}
	return "", false
}

// withModelUrls is a schema whose references name models by their URL, as models do.
func (r *restReader) withModelUrls(t *tree) *tree {
	copied := *t
	copied.items, copied.members, copied.places = nil, nil, nil
	for _, item := range t.items {
		copied.items = append(copied.items, r.withModelUrls(item))
	}
	for _, m := range t.members {
		value := r.withModelUrls(m.value)
		if name, ok := referredSchema(t); ok && m.name == "$ref" {
			value = textOf(r.options.ModelUrl + name)
		}
		copied.set(m.name, value)
	}
	return &copied
}
