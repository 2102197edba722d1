package openapi

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/apigw/apigwv2"
)

// The formats that Write knows.
const (
	FormatJSON = "JSON"
	FormatYAML = "YAML"
)

// exportVersion is the only version of exports, and what documents say.
const exportVersion = "1.0"

// Export says what Write writes.
type Export struct {
	Snapshot apigwv2.Snapshot
	// ServerUrl is the API's URL without a stage; StageName is the server's base path,
	// and empty for the $default stage or none.
	ServerUrl, StageName string
	// Format is FormatJSON or FormatYAML.
	Format string
	// WithoutExtensions leaves out what only API Gateway understands.
	WithoutExtensions bool
}

// Write writes an OpenAPI 3.0 definition of an HTTP API. Read makes the same API of it.
func Write(e Export) ([]byte, error) {
	w := writer{Export: e, integrations: map[string]apigwv2.Integration{}, authorizers: map[string]apigwv2.Authorizer{}, routes: map[string]int{}}
	root := w.document()
	if e.Format == FormatYAML {
		return root.marshalYAML()
	}
	var b bytes.Buffer
	root.appendJSON(&b, "")
	return b.Bytes(), nil
}

type writer struct {
	Export

	integrations map[string]apigwv2.Integration // by id
	authorizers  map[string]apigwv2.Authorizer  // by id
	routes       map[string]int                 // how many lead to an integration, by its id
}

func (w *writer) document() *tree {
	for _, integration := range w.Snapshot.Integrations {
		w.integrations[integration.IntegrationId] = integration
	}
	for _, authorizer := range w.Snapshot.Authorizers {
		w.authorizers[authorizer.AuthorizerId] = authorizer
	}
	for _, route := range w.Snapshot.Routes {
		if id, ok := apigwv2.IntegrationIdOf(route.Target); ok {
			w.routes[id]++
		}
	}
	root := newObject()
	root.set("openapi", textOf("3.0.1"))
	root.set("info", w.info())
	root.set("servers", w.servers())
	if tags := w.tags(); len(tags.items) > 0 {
		root.set("tags", tags)
	}
	root.set("paths", w.paths())
	if components := w.components(); len(components.members) > 0 {
		root.set("components", components)
	}
	if w.WithoutExtensions {
		return root
	}
	if cors := w.Snapshot.Api.CorsConfiguration; cors != nil {
		root.set(extensionCors, corsTree(cors))
	}
	if w.Snapshot.Api.DisableExecuteApiEndpoint {
		root.set(extensionEndpoint, objectWith("disableExecuteApiEndpoint", booleanOf(true)))
	}
	root.set(extensionVersion, textOf(exportVersion))
	return root
}

// objectWith is an object of one member.
func objectWith(name string, value *tree) *tree {
	t := newObject()
	t.set(name, value)
	return t
}

func (w *writer) info() *tree {
	api, info := w.Snapshot.Api, newObject()
	info.set("title", textOf(api.Name))
	info.setText("description", api.Description)
	version := api.Version
	if version == "" { // OpenAPI requires one; AWS writes the time of the export
		version = api.CreatedDate.UTC().Format("2006-01-02 15:04:05UTC")
	}
	info.set("version", textOf(version))
	return info
}

func (w *writer) servers() *tree {
	server := newObject()
	server.set("url", textOf(w.ServerUrl+"/{basePath}"))
	server.set("variables", objectWith("basePath", objectWith("default", textOf(w.StageName))))
	return &tree{kind: list, items: []*tree{server}}
}

func (w *writer) tags() *tree {
	tags := &tree{kind: list}
	if w.WithoutExtensions {
		return tags
	}
	for _, name := range slices.Sorted(maps.Keys(w.Snapshot.Api.Tags)) {
		tag := newObject()
		tag.set("name", textOf(name))
		tag.set(extensionTagValue, textOf(w.Snapshot.Api.Tags[name]))
		tags.items = append(tags.items, tag)
	}
	return tags
}

func (w *writer) paths() *tree {
	paths := newObject()
	routes := slices.Clone(w.Snapshot.Routes)
	slices.SortFunc(routes, func(x, y apigwv2.Route) int {
		xMethod, xPath := routePlace(x)
		yMethod, yPath := routePlace(y)
		return strings.Compare(xPath+" "+xMethod, yPath+" "+yMethod)
	})
	for _, route := range routes {
		method, path := routePlace(route)
		if w.WithoutExtensions && method == extensionAnyMethod {
			continue // OpenAPI knows no such operation
		}
		operations := paths.get(path)
		if operations == nil {
			operations = newObject()
			paths.set(path, operations)
		}
		operations.set(method, w.operation(route, path))
	}
	return paths
}

// routePlace is where a document has a route.
func routePlace(route apigwv2.Route) (method, path string) {
	if route.RouteKey == apigwv2.DefaultRouteKey {
		return extensionAnyMethod, defaultPath
	}
	method, path, _ = strings.Cut(route.RouteKey, " ")
	if method == methodAny {
		return extensionAnyMethod, path
	}
	return strings.ToLower(method), path
}

func (w *writer) operation(route apigwv2.Route, path string) *tree {
	operation := newObject()
	operation.setText("operationId", route.OperationName)
	if parameters := pathParameters(path); len(parameters.items) > 0 {
		operation.set("parameters", parameters)
	}
	responses := objectWith("default", objectWith("description", textOf("Default response for "+route.RouteKey)))
	operation.set("responses", responses)
	w.secure(operation, route)
	if w.WithoutExtensions {
		return operation
	}
	if route.RouteKey == apigwv2.DefaultRouteKey {
		operation.set("isDefaultRoute", booleanOf(true))
	}
	id, _ := apigwv2.IntegrationIdOf(route.Target)
	if integration, ok := w.integrations[id]; ok && w.routes[id] > 1 {
		operation.set(extensionIntegration, objectWith("$ref", textOf(referencePrefix+id)))
	} else if ok {
		operation.set(extensionIntegration, integrationTree(integration))
	}
	return operation
}

func pathParameters(path string) *tree {
	parameters := &tree{kind: list}
	for _, segment := range strings.Split(path, "/") {
		name, ok := strings.CutPrefix(segment, "{")
		if name, closed := strings.CutSuffix(name, "}"); ok && closed {
			parameter := newObject()
			parameter.set("name", textOf(name))
			parameter.set("in", textOf("path"))
			parameter.set("required", booleanOf(true))
			parameter.set("schema", objectWith("type", textOf("string")))
			parameters.items = append(parameters.items, parameter)
		}
	}
	return parameters
}

// sigv4Scheme is the name that AWS reserves.
const sigv4Scheme = "sigv4"

func (w *writer) secure(operation *tree, route apigwv2.Route) {
	name := ""
	switch route.AuthorizationType {
	case authorizationIam:
		name = sigv4Scheme
	case authorizationCustom, authorizationJwt:
		name = w.authorizers[route.AuthorizerId].Name
	}
	if name != "" {
		requirement := objectWith(name, textsOf(route.AuthorizationScopes))
		operation.set("security", &tree{kind: list, items: []*tree{requirement}})
	}
}
