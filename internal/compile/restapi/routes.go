package restapi

import (
	"gatehouse/internal/apigw"
	"gatehouse/internal/plan"
	"maps"
	"slices"
)

// compileRoutes compiles every resource with its methods.
func (c *compiler) compileRoutes() (*plan.Routes, []*plan.Method) {
	var list []plan.Route
	var methods []*plan.Method
	for i := range c.snapshot.Resources {
		resource := &c.snapshot.Resources[i]
		route := plan.Route{ResourceId: resource.Id, Path: resource.Path}
		for _, httpMethod := range slices.Sorted(maps.Keys(resource.Methods)) {
			method := c.compileMethod(resource, httpMethod)
			method.Index = len(methods)
			methods = append(methods, method)
			route.Methods = append(route.Methods, method)
		}
		list = append(list, route)
	}
	return plan.NewRoutes(list), methods
}

// subject is the method that is being compiled, for diagnostics.
type subject struct {
	resource *apigw.Resource
	method   *apigw.Method
	plan     *plan.Method
}

// broken reports what keeps the method from working.
func (c *compiler) broken(s *subject, where, message string) {
	d := Diagnostic{Severity: Broken, Where: where, Message: message, ResourcePath: s.resource.Path, HttpMethod: s.method.HttpMethod}
	c.breakMethod(s, d)
}
