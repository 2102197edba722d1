package openapi

import (
	"regexp"
	"strings"

	"gatehouse/internal/apigw"
)

const contentTypeJSON = "application/json"

var statusCodePattern = regexp.MustCompile(`^[1-5]\d\d$`)

func (r *restReader) paths(prefix string) {
	paths := r.root.get("paths")
	if paths == nil || paths.kind != object {
		r.problem("The API definition has no paths")
		return
	}
	if prefix != "" {
		r.definition.Paths = append(r.definition.Paths, prefix)
	}
	for _, m := range paths.members {
		if strings.HasPrefix(m.name, "x-") {
			continue
		}
		if !strings.HasPrefix(m.name, "/") {
			r.problem("Path '%s' does not begin with a slash", m.name)
			continue
		}
		r.path(joined(prefix, strings.TrimSuffix(m.name, "/")), r.resolve(m.value, "path '"+m.name+"'"))
	}
}

// ignoredOfPath is what a path may have besides operations.
var ignoredOfPath = []string{"parameters", "summary", "description", "servers"}

// path reads the operations of one path; the root's is empty or "/".
func (r *restReader) path(path string, item *tree) {
	if path == "" {
		path = "/"
	}
	if item == nil {
		return
	}
	r.definition.Paths = append(r.definition.Paths, path)
	where := "path '" + path + "'"
	for _, m := range item.members {
		if method, ok := operationNames[strings.ToLower(m.name)]; ok {
			r.method(path, method, operationOf{item, m.value})
		} else if !contains(ignoredOfPath, m.name) && !strings.HasPrefix(m.name, "x-") {
			r.warn("Ignoring '%s' of %s: REST APIs have no such method", m.name, where)
		}
	}
	r.warnUnknown(item, where, extensionAnyMethod)
}

// operationOf is an operation and the path item around it.
type operationOf struct{ item, operation *tree }

// method reads one operation.
func (r *restReader) method(path, httpMethod string, at operationOf) {
	operation := at.operation
	method := RestMethod{Path: path, Method: apigw.Method{HttpMethod: httpMethod, OperationName: operation.get("operationId").text()}}
	where := "'" + httpMethod + "' for resource at path '" + path + "'"
	key := httpMethod + " " + path
	if r.methods[key] {
		r.problem("Unable to put method %s: it is there twice", where)
		return
	}
	r.methods[key] = true
	r.parameters(&method, at, where)
	r.requestBody(&method, operation, where)
	r.responses(&method, operation, where)
	if method.RequestValidator = operation.get(extensionValidator).text(); method.RequestValidator == "" {
		method.RequestValidator = r.root.get(extensionValidator).text()
	}
	if !r.authorize(&method, operation, where) {
		return
	}
	if in := operation.get(extensionIntegration); in != nil {
		method.MethodIntegration = r.integration(r.resolve(in, "the integration of "+where), where)
	}
	r.warnUnknown(operation, where, extensionIntegration, extensionValidator, extensionAuth)
	r.definition.Methods = append(r.definition.Methods, method)
}

// parameterLocations are the places of a parameter, as a method names them.
var parameterLocations = map[string]string{"path": "path", "query": "querystring", "header": "header"}

// parameters reads the parameters of an operation, and those of its path that it does
// not repeat.
func (r *restReader) parameters(method *RestMethod, at operationOf, where string) {
	for _, list := range []*tree{at.item.get("parameters"), at.operation.get("parameters")} {
		if list == nil {
			continue
		}
		for _, item := range list.items {
			parameter := r.resolve(item, where)
			switch {
			case parameter == nil:
			case parameter.get("in").text() == "body": // Swagger 2.0
				r.bodyModel(&method.RequestModels, r.mediaTypes(at.operation, "consumes"), parameter.get("schema"))
			default:
				r.parameter(method, parameter, where)
			}
		}
	}
}

func (r *restReader) parameter(method *RestMethod, parameter *tree, where string) {
	name, in := parameter.get("name").text(), parameter.get("in").text()
	location, ok := parameterLocations[in]
	if !ok {
		r.warn("Ignoring the parameter '%s' of %s: REST APIs have none in '%s'", name, where, in)
		return
	}
	if method.RequestParameters == nil {
		method.RequestParameters = map[string]bool{}
	}
	method.RequestParameters["method.request."+location+"."+name] = parameter.get("required").isTrue()
}

// mediaTypes are the content types of an operation, or of the whole document: its
// "consumes" or "produces".
func (r *restReader) mediaTypes(operation *tree, name string) []string {
	for _, at := range []*tree{operation, r.root} {
		if types := at.get(name).texts(); len(types) > 0 {
			return types
		}
	}
	return []string{contentTypeJSON}
}

// requestBody reads the models of an OpenAPI 3.0 body.
func (r *restReader) requestBody(method *RestMethod, operation *tree, where string) {
	body := operation.get("requestBody")
	if body == nil {
		return
	}
	r.contentModels(&method.RequestModels, r.resolve(body, where))
}

// contentModels reads the models of an OpenAPI 3.0 "content".
func (r *restReader) contentModels(models *map[string]string, at *tree) {
	for _, m := range at.get("content").membersOf() {
		r.bodyModel(models, []string{m.name}, m.value.get("schema"))
	}
}

// bodyModel gives content types the model of a schema.
func (r *restReader) bodyModel(models *map[string]string, contentTypes []string, schema *tree) {
	if schema == nil {
		return
	}
	name := r.modelOf(schema)
	for _, contentType := range contentTypes {
		if *models == nil {
			*models = map[string]string{}
		}
		(*models)[contentType] = name
	}
}

// responses reads the method responses. "default" is OpenAPI's alone: a REST API's method
// responses have status codes.
func (r *restReader) responses(method *RestMethod, operation *tree, where string) {
	for _, m := range operation.get("responses").membersOf() {
		if m.name == "default" || strings.HasPrefix(m.name, "x-") {
			continue
		}
		if !statusCodePattern.MatchString(m.name) {
			r.warn("Ignoring the response '%s' of %s: it is no status code", m.name, where)
			continue
		}
		response := apigw.MethodResponse{StatusCode: m.name}
		in := r.resolve(m.value, where)
		for _, header := range in.get("headers").membersOf() {
			if response.ResponseParameters == nil {
				response.ResponseParameters = map[string]bool{}
			}
			response.ResponseParameters["method.response.header."+header.name] = r.resolve(header.value, where).get("required").isTrue()
		}
		r.bodyModel(&response.ResponseModels, r.mediaTypes(operation, "produces"), in.get("schema"))
		r.contentModels(&response.ResponseModels, in)
		if method.MethodResponses == nil {
			method.MethodResponses = map[string]apigw.MethodResponse{}
		}
		method.MethodResponses[m.name] = response
	}
}

// membersOf are the members of an object, none of anything else.
func (t *tree) membersOf() []member {
	if t == nil {
		return nil
	}
	return t.members
}
