package httpapi

import (
	"slices"
	"strings"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/compile/restapi"
	"gatehouse/internal/plan"
)

const (
	defaultRouteKey   = "$default"
	integrationPrefix = "integrations/"
)

// compileRoutes compiles the routes in order of their keys.
func (c *compiler) compileRoutes() []*plan.HttpRoute {
	routes := slices.Clone(c.snapshot.Routes)
	slices.SortFunc(routes, func(a, b apigwv2.Route) int { return strings.Compare(routeOrder(a.RouteKey), routeOrder(b.RouteKey)) })
	list := make([]*plan.HttpRoute, len(routes))
	for i := range routes {
		list[i] = c.compileRoute(i, &routes[i])
	}
	c.reportHidden(list)
	return list
}

// reportHidden warns of routes that no request reaches, because another one's path differs
// in the names of its variables alone: the last in order is served (what AWS does is
// unconfirmed; it takes both).
func (c *compiler) reportHidden(list []*plan.HttpRoute) {
	served := map[string]*plan.HttpRoute{}
	for i := len(list) - 1; i >= 0; i-- {
		route := list[i]
		shape := route.HttpMethod + " " + shapeOf(route.Path)
		if other := served[shape]; other != nil {
			c.report(route, Diagnostic{Severity: restapi.Warning, Where: "routeKey", Message: "is never reached: " + other.RouteKey + " matches the same requests"})
			continue
		}
		served[shape] = route
	}
}

// shapeOf is a path without the names of its variables.
func shapeOf(path string) string {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		if _, isGreedy, isVariable := plan.PathParameter(segment); isGreedy {
			segments[i] = "{+}"
		} else if isVariable {
			segments[i] = "{}"
		}
	}
	return strings.Join(segments, "/")
}

// routeOrder sorts by path, then method, $default last.
func routeOrder(routeKey string) string {
	method, path, ok := strings.Cut(routeKey, " ")
	if !ok {
		return "\xff" + routeKey
	}
	return path + " " + method
}

func (c *compiler) compileRoute(index int, record *apigwv2.Route) *plan.HttpRoute {
	route := &plan.HttpRoute{
		Index: index, RouteId: record.RouteId, RouteKey: record.RouteKey, OperationName: record.OperationName,
		AuthorizationType: record.AuthorizationType, AuthorizationScopes: record.AuthorizationScopes,
	}
	if route.AuthorizationType == "" {
		route.AuthorizationType = plan.AuthorizationNone
	}
	if record.RouteKey != defaultRouteKey {
		route.HttpMethod, route.Path, _ = strings.Cut(record.RouteKey, " ")
		route.PathParameters = plan.ParameterNames(route.Path)
		if route.HttpMethod != plan.AnyMethod && plan.VerbOf(route.HttpMethod) == plan.NoVerb || !strings.HasPrefix(route.Path, "/") {
			c.broken(route, "routeKey", "the route key is neither $default nor a method and a path")
		}
	}
	c.compileAuthorization(route, record)
	c.compileTarget(route, record)
	return route
}

func (c *compiler) compileTarget(route *plan.HttpRoute, record *apigwv2.Route) {
	id, ok := strings.CutPrefix(record.Target, integrationPrefix)
	if !ok {
		c.broken(route, "target", "the route has no integration")
		return
	}
	integration, ok := c.integrations[id]
	if !ok {
		c.broken(route, "target", "the integration "+id+" does not exist")
		return
	}
	route.Integration = c.compileIntegration(route, integration)
}
