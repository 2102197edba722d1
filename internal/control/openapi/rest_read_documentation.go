package openapi

import (
	"slices"
	"strings"

	"gatehouse/internal/apigw"
)

// The members of OpenAPI that are documentation, by the type of what they document.
var (
	documentedOfInfo      = []string{"description", "termsOfService", "contact", "license"}
	documentedOfApi       = []string{"tags", "externalDocs"}
	documentedOfResource  = []string{"summary", "description"}
	documentedOfMethod    = []string{"summary", "description", "tags", "externalDocs", "deprecated"}
	documentedOfParameter = []string{"description"}
)

// documentedParameters are the types of parameters, by where they are.
var documentedParameters = map[string]string{"path": "PATH_PARAMETER", "query": "QUERY_PARAMETER", "header": "REQUEST_HEADER", "body": "REQUEST_BODY"}

// documentation reads what the document says for people: the parts of the extension, and
// before them those that OpenAPI has a place for.
func (r *restReader) documentation() {
	if r.options.WithoutDocumentation {
		return
	}
	r.definition.Documented = true
	r.documentApi()
	for _, item := range r.root.get("paths").membersOf() {
		path := joined(basePrefix(r.root, r.options.Basepath), strings.TrimSuffix(item.name, "/"))
		if strings.HasPrefix(item.name, "/") {
			r.documentPath(orRoot(path), item.value)
		}
	}
	for _, m := range r.schemes.membersOf() {
		if m.value.get(extensionAuthorizer) != nil {
			r.document(apigw.DocumentationPartLocation{Type: "AUTHORIZER", Name: m.name}, pick(m.value, documentedOfParameter))
		}
	}
	r.definition.DocumentationParts = MergeDocumentation(r.definition.DocumentationParts, r.extensionParts())
}

func orRoot(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

// pick takes the members of these names; nil when there are none.
func pick(from *tree, names []string) *tree {
	picked := newObject()
	for _, m := range from.membersOf() {
		if slices.Contains(names, m.name) && m.value.kind != null {
			picked.set(m.name, m.value)
		}
	}
	if len(picked.members) == 0 {
		return nil
	}
	return picked
}

// document adds a part, unless there is nothing to say.
func (r *restReader) document(location apigw.DocumentationPartLocation, properties *tree) {
	if properties == nil {
		return
	}
	full, _, _, _ := location.Complete()
	r.definition.DocumentationParts = append(r.definition.DocumentationParts, apigw.DocumentationPart{Location: full, Properties: properties.json()})
}

func (r *restReader) documentApi() {
	properties := pick(r.root, documentedOfApi)
	if info := pick(r.root.get("info"), documentedOfInfo); info != nil {
		if properties == nil {
			properties = newObject()
		}
		properties.set("info", info)
	}
	r.document(apigw.DocumentationPartLocation{Type: "API"}, properties)
}

func (r *restReader) documentPath(path string, item *tree) {
	item = r.resolve(item, "path '"+path+"'")
	r.document(apigw.DocumentationPartLocation{Type: "RESOURCE", Path: path}, pick(item, documentedOfResource))
	for _, m := range item.membersOf() {
		if method, ok := operationNames[strings.ToLower(m.name)]; ok {
			r.documentMethod(apigw.DocumentationPartLocation{Path: path, Method: method}, operationOf{item, m.value})
		}
	}
}

func (r *restReader) documentMethod(at apigw.DocumentationPartLocation, of operationOf) {
	typed := func(kind string) apigw.DocumentationPartLocation { at := at; at.Type = kind; return at }
	where := "'" + at.Method + "' for resource at path '" + at.Path + "'"
	r.document(typed("METHOD"), pick(of.operation, documentedOfMethod))
	r.documentParameters(typed, of, where)
	r.document(typed("REQUEST_BODY"), pick(r.resolve(of.operation.get("requestBody"), where), documentedOfParameter))
	r.documentResponses(typed, of.operation, where)
}

func (r *restReader) documentParameters(typed func(string) apigw.DocumentationPartLocation, of operationOf, where string) {
	for _, list := range []*tree{of.item.get("parameters"), of.operation.get("parameters")} {
		if list == nil {
			continue
		}
		for _, item := range list.items {
			parameter := r.resolve(item, where)
			location := typed(documentedParameters[parameter.get("in").text()])
			if location.Type != "REQUEST_BODY" {
				location.Name = parameter.get("name").text()
			}
			if location.Type != "" {
				r.document(location, pick(parameter, documentedOfParameter))
			}
		}
	}
}

func (r *restReader) documentResponses(typed func(string) apigw.DocumentationPartLocation, operation *tree, where string) {
	for _, m := range operation.get("responses").membersOf() {
		if !statusCodePattern.MatchString(m.name) {
			continue
		}
		response, location := r.resolve(m.value, where), typed("RESPONSE")
		location.StatusCode = m.name
		r.document(location, pick(response, documentedOfParameter))
		for _, header := range response.get("headers").membersOf() {
			location.Type, location.Name = "RESPONSE_HEADER", header.name
			r.document(location, pick(r.resolve(header.value, where), documentedOfParameter))
		}
	}
}

// extensionParts reads the parts of the extension.
func (r *restReader) extensionParts() []apigw.DocumentationPart {
	parts, problems := readParts(r.root.get(extensionDocument))
	r.problems = append(r.problems, problems...)
	return parts
}

func readParts(extension *tree) (parts []apigw.DocumentationPart, problems []string) {
	list := extension.get("documentationParts")
	if list == nil {
		return nil, nil
	}
	for _, item := range list.items {
		at := item.get("location")
		location := apigw.DocumentationPartLocation{
			Type: at.get("type").text(), Path: at.get("path").text(), Method: at.get("method").text(),
			StatusCode: at.get("statusCode").text(), Name: at.get("name").text(),
		}
		full, found, invalid, missing := location.Complete()
		switch {
		case !found:
			problems = append(problems, "Unable to create documentation part: there is no type '"+location.Type+"'")
		case invalid != "" || missing != "":
			problems = append(problems, "Unable to create documentation part at "+location.String()+": "+invalid+missing+" is not as the type needs it")
		case item.get("properties") == nil || item.get("properties").kind != object:
			problems = append(problems, "Unable to create documentation part at "+location.String()+": it has no properties")
		default:
			parts = append(parts, apigw.DocumentationPart{Location: full, Properties: item.get("properties").json()})
		}
	}
	return parts, problems
}

// MergeDocumentation adds parts to others. The properties of a part that is there are
// replaced one by one, and the others of it stay (guide:
// api-gateway-documenting-api-quick-start-import-export.md).
func MergeDocumentation(into, parts []apigw.DocumentationPart) []apigw.DocumentationPart {
	merged, places := slices.Clone(into), map[apigw.DocumentationPartLocation]int{}
	for i, part := range merged {
		places[part.Location] = i
	}
	for _, part := range parts {
		i, there := places[part.Location]
		if !there {
			places[part.Location] = len(merged)
			merged = append(merged, part)
			continue
		}
		merged[i].Properties = mergeProperties(merged[i].Properties, part.Properties)
	}
	return merged
}

// mergeProperties leaves properties alone to which nothing is added or changed.
func mergeProperties(into, from string) string {
	old, err := parse([]byte(into))
	if err != nil {
		return from
	}
	added, err := parse([]byte(from))
	if err != nil {
		return into
	}
	before := old.json()
	for _, m := range added.members {
		old.set(m.name, m.value)
	}
	if old.json() == before {
		return into
	}
	return old.json()
}

// ReadDocumentation reads the documentation parts of a definition of a REST API: of its
// extension alone, which is what ImportDocumentationParts takes. The error is an *Error.
func ReadDocumentation(document []byte) ([]apigw.DocumentationPart, error) {
	root, err := parseWith(document, Options{})
	if err != nil {
		return nil, err
	}
	parts, problems := readParts(root.get(extensionDocument))
	if len(problems) > 0 {
		return nil, &Error{problems}
	}
	return parts, nil
}
