package diagnosis

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/plan"
)

// endpoint is a method of a REST API or a route of an HTTP API, as it is defined.
type endpoint struct {
	kind             NounKind
	id               string // of the resource, or of the route
	httpMethod, path string // both are empty for the route $default
	authorizerId     string
}

func (e *endpoint) text() string {
	if e.path == "" {
		return plan.DefaultStage // the route key $default, which is spelled as the stage is
	}
	return e.httpMethod + " " + e.path
}

func (e *endpoint) noun() Noun { return Noun{e.kind, e.id} }

// endpoints are all that a Definition has, in order of their paths.
func (d *Definition) endpoints() []endpoint {
	var list []endpoint
	switch {
	case d == nil:
	case d.Rest != nil:
		for _, resource := range d.Rest.Resources {
			for _, method := range resource.Methods {
				list = append(list, endpoint{NounResource, resource.Id, method.HttpMethod, resource.Path, method.AuthorizerId})
			}
		}
	case d.Http != nil:
		for _, route := range d.Http.Routes {
			httpMethod, path, _ := strings.Cut(route.RouteKey, " ")
			if path == "" {
				httpMethod = ""
			}
			list = append(list, endpoint{NounRoute, route.RouteId, httpMethod, path, route.AuthorizerId})
		}
	}
	slices.SortFunc(list, func(a, b endpoint) int { return cmp.Compare(a.path+" "+a.httpMethod, b.path+" "+b.httpMethod) })
	return list
}

// find finds the endpoint that a request would reach.
func (d *Definition) find(httpMethod, path string) (endpoint, bool) {
	list := d.endpoints()
	if d != nil && d.Http != nil {
		return findRoute(list, httpMethod, path)
	}
	methods := map[*plan.Method]endpoint{}
	found, _ := routesOf(list, methods).Find(plan.VerbOf(httpMethod), path, nil)
	if found == nil {
		return endpoint{}, false
	}
	return methods[found], true
}

func findRoute(list []endpoint, httpMethod, path string) (endpoint, bool) {
	var routes []*plan.HttpRoute
	for i := range list {
		key := list[i].text()
		routes = append(routes, &plan.HttpRoute{Index: i, RouteKey: key, HttpMethod: list[i].httpMethod, Path: list[i].path})
	}
	found, _ := plan.NewHttpRoutes(routes).Find(httpMethod, path, nil)
	if found == nil {
		return endpoint{}, false
	}
	return list[found.Index], true
}

// routesOf makes a tree of endpoints; methods says which is whose, unless it is nil.
func routesOf(list []endpoint, methods map[*plan.Method]endpoint) *plan.Routes {
	routes := map[string]*plan.Route{}
	for _, one := range list {
		if one.path == "" {
			continue
		}
		method := &plan.Method{HttpMethod: one.httpMethod, ResourcePath: one.path}
		if methods != nil {
			methods[method] = one
		}
		if routes[one.path] == nil {
			routes[one.path] = &plan.Route{Path: one.path}
		}
		routes[one.path].Methods = append(routes[one.path].Methods, method)
	}
	var ordered []plan.Route
	for _, path := range slices.Sorted(maps.Keys(routes)) {
		ordered = append(ordered, *routes[path])
	}
	return plan.NewRoutes(ordered)
}

// nearest is the endpoint that a request most probably meant; for the root path, which
// resembles nothing, the first of the same verb that has no parameters.
func (d *Definition) nearest(httpMethod, path string) (endpoint, bool) {
	list := d.endpoints()
	text := routesOf(list, nil).Nearest(httpMethod, path)
	for i := range list {
		isFirst := text == "" && path == "/" && list[i].path != "" && !strings.Contains(list[i].path, "{") &&
			(list[i].httpMethod == httpMethod || list[i].httpMethod == plan.AnyMethod)
		if isFirst || text != "" && list[i].text() == text {
			return list[i], true
		}
	}
	return endpoint{}, false
}

// ofPath finds an endpoint that a path leads to, whatever the verb.
func (d *Definition) ofPath(path string) (endpoint, bool) {
	for _, httpMethod := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"} {
		if found, ok := d.find(httpMethod, path); ok {
			return found, true
		}
	}
	return endpoint{}, false
}

// deployed is what the stage of the request serves; nil when it is not known.
func (c *diagnosed) deployed() *Definition {
	if c.definition == nil {
		return nil
	}
	return c.definition.snapshot(c.definition.Stages[c.record.StageName].Id)
}

// snapshot is what a deployment froze; nil when it is not known.
func (d *Definition) snapshot(deploymentId string) *Definition {
	if d.Snapshot == nil || deploymentId == "" {
		return nil
	}
	if known, ok := d.known[deploymentId]; ok {
		return known
	}
	if d.known == nil {
		d.known = map[string]*Definition{}
	}
	d.known[deploymentId] = d.Snapshot(deploymentId)
	return d.known[deploymentId]
}

// restMethod is the method of a REST API that served the request.
func (d *Definition) restMethod(resourceId, httpMethod string) *apigw.Method {
	if d == nil || d.Rest == nil {
		return nil
	}
	for i := range d.Rest.Resources {
		if d.Rest.Resources[i].Id == resourceId {
			if method, ok := d.Rest.Resources[i].Methods[httpMethod]; ok {
				return &method
			}
		}
	}
	return nil
}

// integrationOf is the integration of the method that served; nil when it is not known.
func (c *diagnosed) restIntegration() *apigw.Integration {
	if method := c.definition.restMethod(c.record.ResourceId, c.methodOfResource); method != nil {
		return method.MethodIntegration
	}
	return nil
}

// httpRoute is the route that served; httpIntegration its integration.
func (d *Definition) httpRoute(routeId string) *apigwv2.Route {
	if d == nil || d.Http == nil {
		return nil
	}
	for i := range d.Http.Routes {
		if d.Http.Routes[i].RouteId == routeId {
			return &d.Http.Routes[i]
		}
	}
	return nil
}

func (d *Definition) httpIntegration(routeId string) *apigwv2.Integration {
	route := d.httpRoute(routeId)
	if route == nil {
		return nil
	}
	id, _ := apigwv2.IntegrationIdOf(route.Target)
	for i := range d.Http.Integrations {
		if d.Http.Integrations[i].IntegrationId == id {
			return &d.Http.Integrations[i]
		}
	}
	return nil
}

// authorizing is an authorizer of a REST or an HTTP API, as far as fixes need it.
type authorizing struct {
	id, uri string
	ttl     int32 // seconds
	sources []string
	issuer  string
	// audiences are those of a JWT authorizer.
	audiences []string
}

const defaultAuthorizerTtl = 300

// authorizer is that of the method or route of the request.
func (c *diagnosed) authorizer() (authorizing, bool) {
	switch d := c.definition; {
	case d == nil:
	case d.Rest != nil:
		method := d.restMethod(c.record.ResourceId, c.methodOfResource)
		for i := range d.Rest.Authorizers {
			if one := &d.Rest.Authorizers[i]; method != nil && one.Id == method.AuthorizerId {
				ttl := int32(defaultAuthorizerTtl)
				if one.AuthorizerResultTtlInSeconds != nil {
					ttl = *one.AuthorizerResultTtlInSeconds
				}
				return authorizing{id: one.Id, uri: one.AuthorizerUri, ttl: ttl, sources: strings.Split(one.IdentitySource, ",")}, true
			}
		}
	default:
		return d.httpAuthorizer(d.httpRoute(c.record.ResourceId))
	}
	return authorizing{}, false
}

func (d *Definition) httpAuthorizer(route *apigwv2.Route) (authorizing, bool) {
	for i := range d.Http.Authorizers {
		one := &d.Http.Authorizers[i]
		if route == nil || one.AuthorizerId != route.AuthorizerId {
			continue
		}
		found := authorizing{id: one.AuthorizerId, uri: one.AuthorizerUri, sources: one.IdentitySource}
		if one.AuthorizerResultTtlInSeconds != nil {
			found.ttl = *one.AuthorizerResultTtlInSeconds
		}
		if one.JwtConfiguration != nil {
			found.issuer, found.audiences = one.JwtConfiguration.Issuer, one.JwtConfiguration.Audience
		}
		return found, true
	}
	return authorizing{}, false
}

// functionOfUri is the function that an invocation URI names.
func functionOfUri(uri string) string {
	const begin, end = "/functions/", "/invocations"
	if _, arn, ok := strings.Cut(uri, begin); ok {
		return strings.TrimSuffix(arn, end)
	}
	return uri
}
