package openapi

import (
	"bytes"
	"slices"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/deployment"
)

// RestExport says what WriteRest writes.
type RestExport struct {
	Snapshot deployment.Snapshot
	// Documentation is what the API's stage shows; it may be empty.
	Documentation apigw.DocumentationVersion
	// ServerUrl is the API's URL without a stage; StageName is its base path.
	ServerUrl, StageName string
	// ModelUrl is what references to the API's models begin with.
	ModelUrl string
	// Swagger writes Swagger 2.0 in place of OpenAPI 3.0.
	Swagger bool
	// Format is FormatJSON or FormatYAML.
	Format string
	// Integrations adds what only API Gateway understands, but authorizers; Authorizers adds those.
	Integrations, Authorizers bool
	// DocumentationParts adds the parts themselves; OpenAPI's own members have them anyway.
	DocumentationParts bool
}

// WriteRest writes a definition of a REST API. ReadRest makes the same API of one with
// integrations and authorizers. The error is an *ExportError.
func WriteRest(e RestExport) ([]byte, error) {
	w := restWriter{RestExport: e, authorizers: map[string]apigw.Authorizer{}, validators: map[string]string{}, schemes: newObject(), referenced: map[string]bool{}}
	for _, authorizer := range e.Snapshot.Authorizers {
		w.authorizers[authorizer.Id] = authorizer
	}
	for _, validator := range e.Snapshot.RequestValidators {
		w.validators[validator.Id] = validator.Name
	}
	root := w.document()
	if w.problem != nil {
		return nil, w.problem
	}
	if e.Format == FormatYAML {
		return root.marshalYAML()
	}
	var b bytes.Buffer
	root.appendJSON(&b, "")
	return b.Bytes(), nil
}

type restWriter struct {
	RestExport

	authorizers map[string]apigw.Authorizer // by id
	validators  map[string]string           // names by id
	schemes     *tree                       // the security schemes that are used
	referenced  map[string]bool             // names of models that the document refers to
	problem     error
}

// ExportError says why an API cannot be written.
type ExportError struct{ Problem string }

// Error is the problem.
func (e *ExportError) Error() string { return e.Problem }

func (w *restWriter) document() *tree {
	root := newObject()
	if w.Swagger {
		root.set("swagger", textOf("2.0"))
	} else {
		root.set("openapi", textOf("3.0.1"))
	}
	root.set("info", w.info())
	w.place(root)
	root.set("paths", w.paths())
	if w.Authorizers { // also those that no method names
		for _, authorizer := range w.Snapshot.Authorizers {
			w.schemes.set(authorizer.Name, w.scheme(authorizer))
		}
	}
	w.components(root)
	if w.Integrations {
		w.extensions(root)
	}
	w.inject(root, apigw.DocumentationPartLocation{Type: "API"}, documentedOfApi)
	if w.DocumentationParts && len(w.Documentation.Parts) > 0 {
		root.set(extensionDocument, w.parts())
	}
	return root
}

func (w *restWriter) info() *tree {
	api, info := w.Snapshot.RestApi, newObject()
	info.set("title", textOf(api.Name))
	info.setText("description", api.Description)
	version := api.Version
	if version == "" { // OpenAPI requires one
		version = api.CreatedDate.UTC().Format(createdLayout)
	}
	info.set("version", textOf(version))
	if own := w.documented(apigw.DocumentationPartLocation{Type: "API"}).get("info"); own != nil {
		w.injectInto(info, own, documentedOfInfo)
	}
	return info
}

// createdLayout is how definitions write times.
const createdLayout = "2006-01-02T15:04:05Z"

// place says where the API is served.
func (w *restWriter) place(root *tree) {
	if w.Swagger {
		scheme, host, _ := strings.Cut(w.ServerUrl, "://")
		root.set("host", textOf(host))
		root.set("basePath", textOf("/"+w.StageName))
		root.set("schemes", textsOf([]string{scheme}))
		return
	}
	server := newObject()
	server.set("url", textOf(w.ServerUrl+"/{basePath}"))
	server.set("variables", objectWith("basePath", objectWith("default", textOf(w.StageName))))
	root.set("servers", &tree{kind: list, items: []*tree{server}})
}

// components writes models and security schemes.
func (w *restWriter) components(root *tree) {
	models := w.models()
	if w.Swagger {
		if len(w.schemes.members) > 0 {
			root.set("securityDefinitions", w.schemes)
		}
		if len(models.members) > 0 {
			root.set("definitions", models)
		}
		return
	}
	components := newObject()
	if len(models.members) > 0 {
		components.set("schemas", models)
	}
	if len(w.schemes.members) > 0 {
		components.set("securitySchemes", w.schemes)
	}
	if len(components.members) > 0 {
		root.set("components", components)
	}
}

// models writes the schemas of all models but of those, unchanged, that every new API has, which
// the document shows only where it refers to them (guide: the exports of its sample APIs).
func (w *restWriter) models() *tree {
	schemas, models := map[string]*tree{}, newObject()
	for _, model := range w.Snapshot.Models {
		schemas[model.Name] = w.schema(model)
	}
	for _, model := range w.Snapshot.Models {
		isDefault := slices.ContainsFunc(apigw.DefaultModels(), func(d apigw.Model) bool { return d.Name == model.Name && d.Schema == model.Schema })
		if schema := schemas[model.Name]; schema != nil && (w.referenced[model.Name] || !isDefault) {
			models.set(model.Name, schema)
		}
	}
	return models
}

// schema is a model's schema, without its $schema as in the guide's exports; nil for a model that is not of JSON, which definitions
// have no place for (guide: api-gateway-export-api.md).
func (w *restWriter) schema(model apigw.Model) *tree {
	schema, err := parse([]byte(model.Schema))
	if model.ContentType != contentTypeJSON || err != nil {
		return nil
	}
	schema = w.withLocalReferences(schema).without("$schema")
	w.inject(schema, apigw.DocumentationPartLocation{Type: "MODEL", Name: model.Name}, []string{"title", "description"})
	return schema
}

// reference is a schema that refers to a model.
func (w *restWriter) reference(name string) *tree {
	w.referenced[name] = true
	prefix := schemaPrefixes[1]
	if w.Swagger {
		prefix = schemaPrefixes[0]
	}
	return objectWith("$ref", textOf(prefix+name))
}

// withLocalReferences is a schema whose references name models as the document does.
func (w *restWriter) withLocalReferences(t *tree) *tree {
	copied := *t
	copied.items, copied.members, copied.places = nil, nil, nil
	for _, item := range t.items {
		copied.items = append(copied.items, w.withLocalReferences(item))
	}
	for _, m := range t.members {
		value := w.withLocalReferences(m.value)
		if name, ok := strings.CutPrefix(value.text(), w.ModelUrl); ok && m.name == "$ref" {
			value = w.reference(name).get("$ref")
		}
		copied.set(m.name, value)
	}
	return &copied
}

// extensions writes what API Gateway alone understands of the whole API. The endpoint
// configuration is not written (guide: import-export-api-endpoints.md).
func (w *restWriter) extensions(root *tree) {
	api := w.Snapshot.RestApi
	if api.ApiKeySource == "AUTHORIZER" {
		root.set(extensionKeySource, textOf(api.ApiKeySource))
	}
	if responses := w.gatewayResponses(); len(responses.members) > 0 {
		root.set(extensionResponses, responses)
	}
	if validators := w.requestValidators(); len(validators.members) > 0 {
		root.set(extensionValidators, validators)
	}
	if len(api.BinaryMediaTypes) > 0 {
		root.set(extensionBinary, textsOf(api.BinaryMediaTypes))
	}
	if api.MinimumCompressionSize != nil {
		root.set(extensionCompression, integerOf(int64(*api.MinimumCompressionSize)))
	}
	if policy, err := parse([]byte(api.Policy)); err == nil && api.Policy != "" {
		root.set(extensionPolicy, policy)
	}
}

func (w *restWriter) requestValidators() *tree {
	validators := newObject()
	for _, validator := range w.Snapshot.RequestValidators {
		out := newObject()
		out.set("validateRequestParameters", booleanOf(validator.ValidateRequestParameters))
		out.set("validateRequestBody", booleanOf(validator.ValidateRequestBody))
		validators.set(validator.Name, out)
	}
	return validators
}

func (w *restWriter) gatewayResponses() *tree {
	responses := newObject()
	for _, response := range w.Snapshot.GatewayResponses {
		out := newObject()
		out.setText("statusCode", response.StatusCode)
		setEntries(out, "responseParameters", response.ResponseParameters)
		setEntries(out, "responseTemplates", response.ResponseTemplates)
		responses.set(response.ResponseType, out)
	}
	return responses
}

// setEntries adds texts by name, unless there are none.
func setEntries(t *tree, name string, entries map[string]string) {
	if len(entries) > 0 {
		t.set(name, entriesTree(entries))
	}
}

// parts writes the documentation parts.
func (w *restWriter) parts() *tree {
	items := &tree{kind: list}
	for _, part := range w.Documentation.Parts {
		properties, err := parse([]byte(part.Properties))
		if err != nil {
			continue // checked when it was put
		}
		location := newObject()
		location.set("type", textOf(part.Location.Type))
		location.setText("path", part.Location.Path)
		location.setText("method", part.Location.Method)
		location.setText("statusCode", part.Location.StatusCode)
		location.setText("name", part.Location.Name)
		item := objectWith("location", location)
		item.set("properties", properties)
		items.items = append(items.items, item)
	}
	out := newObject()
	out.setText("version", w.Documentation.Version)
	if !w.Documentation.CreatedDate.IsZero() {
		out.set("createdDate", textOf(w.Documentation.CreatedDate.UTC().Format(createdLayout)))
	}
	out.set("documentationParts", items)
	return out
}

// inject puts the documentation of an entity into it: the members that OpenAPI knows
// there, and extensions of OpenAPI (guide: api-gateway-documenting-api-quick-start-publishing.md).
func (w *restWriter) inject(into *tree, location apigw.DocumentationPartLocation, known []string) {
	w.injectInto(into, w.documented(location), known)
}

func (w *restWriter) injectInto(into, properties *tree, known []string) {
	for _, m := range properties.membersOf() {
		if slices.Contains(known, m.name) || strings.HasPrefix(m.name, "x-") {
			into.set(m.name, m.value)
		}
	}
}

// documented is the documentation that an entity has or inherits; nil is none. The
// most specific path wins, then the method, then the status code.
func (w *restWriter) documented(location apigw.DocumentationPartLocation) *tree {
	full, _, _, _ := location.Complete()
	best, found := -1, ""
	for _, part := range w.Documentation.Parts {
		if rank := inherits(full, part.Location); rank > best {
			best, found = rank, part.Properties
		}
	}
	if best < 0 {
		return nil
	}
	properties, err := parse([]byte(found))
	if err != nil {
		return nil
	}
	return properties
}

// notInherited are the types whose documentation is for one entity alone.
var notInherited = []string{"API", "AUTHORIZER", "MODEL", "RESOURCE"}

// inherits ranks how well the location of a part fits an entity; -1 is not at all.
func inherits(entity, part apigw.DocumentationPartLocation) int {
	if entity.Type != part.Type || entity.Name != part.Name {
		return -1
	}
	if slices.Contains(notInherited, entity.Type) {
		if entity.Path != part.Path {
			return -1
		}
		return 0
	}
	prefix := strings.TrimSuffix(part.Path, "/")
	if entity.Path != part.Path && !strings.HasPrefix(entity.Path, prefix+"/") {
		return -1
	}
	const weight = 4 // above method and status code together
	rank := weight * len(prefix)
	for i, field := range [...][2]string{{entity.StatusCode, part.StatusCode}, {entity.Method, part.Method}} {
		switch field[1] {
		case field[0]:
			rank += i + 1
		case "*":
		default:
			return -1
		}
	}
	return rank
}
