package diagnosis

import (
	"maps"
	"slices"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/dataplane/record"
)

// restDifferences compares what a request to a REST API met.
func (c *diagnosed) restDifferences(d *differences) {
	from, to, id := d.from.Rest, d.to.Rest, c.record.ResourceId
	d.setting("disableExecuteApiEndpoint", from.RestApi.DisableExecuteApiEndpoint, to.RestApi.DisableExecuteApiEndpoint)
	d.setting("the endpoint configuration", from.RestApi.EndpointConfiguration, to.RestApi.EndpointConfiguration)
	d.rerouted(c.record.HttpMethod, c.record.Path)
	if id != "" {
		before, after := d.from.restMethod(id, c.methodOfResource), d.to.restMethod(id, c.methodOfResource)
		d.compare(c.methodOfResource+" "+c.record.ResourcePath, Noun{NounResource, id}, before, after)
		d.restMethodNeeds(before, after)
		d.setting("the resource policy", from.RestApi.Policy, to.RestApi.Policy)
		d.setting("apiKeySource", from.RestApi.ApiKeySource, to.RestApi.ApiKeySource)
		d.setting("binaryMediaTypes", from.RestApi.BinaryMediaTypes, to.RestApi.BinaryMediaTypes)
		d.setting("minimumCompressionSize", from.RestApi.MinimumCompressionSize, to.RestApi.MinimumCompressionSize)
	}
	for _, responseType := range c.gatewayResponseTypes() {
		named := func(one apigw.GatewayResponse) bool { return one.ResponseType == responseType }
		d.compare("gateway response "+responseType, Noun{NounGatewayResponse, responseType}, first(from.GatewayResponses, named), first(to.GatewayResponses, named))
	}
}

// restMethodNeeds compares what a method names: its authorizer, its validator and its models.
func (d *differences) restMethodNeeds(before, after *apigw.Method) {
	from, to := d.from.Rest, d.to.Rest
	authorizers, validators, models := map[string]bool{}, map[string]bool{}, false
	for _, method := range []*apigw.Method{before, after} {
		if method != nil {
			authorizers[method.AuthorizerId], validators[method.RequestValidatorId] = true, true
			models = models || len(method.RequestModels) > 0
		}
	}
	for _, id := range slices.Sorted(maps.Keys(authorizers)) {
		named := func(one apigw.Authorizer) bool { return one.Id == id }
		old, now := first(from.Authorizers, named), first(to.Authorizers, named)
		d.compare("authorizer "+id+nameOf(old, now, func(one *apigw.Authorizer) string { return one.Name }), Noun{NounAuthorizer, id}, old, now)
	}
	for _, id := range slices.Sorted(maps.Keys(validators)) {
		named := func(one apigw.RequestValidator) bool { return one.Id == id }
		d.compare("request validator "+id, Noun{NounRequestValidator, id}, first(from.RequestValidators, named), first(to.RequestValidators, named))
	}
	if !models {
		return
	}
	names := map[string]bool{} // all of them: a model may name another one
	for _, model := range slices.Concat(from.Models, to.Models) {
		names[model.Name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		named := func(one apigw.Model) bool { return one.Name == name }
		d.compare("model "+name, Noun{NounModel, name}, first(from.Models, named), first(to.Models, named))
	}
}

// gatewayResponseTypes are those that made the answer, or would have.
func (c *diagnosed) gatewayResponseTypes() []string {
	if c.record.Fault == nil {
		return nil
	}
	fallback := "DEFAULT_4XX"
	if c.record.Fault.Entry.StatusCode >= firstServerError {
		fallback = "DEFAULT_5XX"
	}
	if own := c.record.Fault.Entry.ResponseType; own != "" && own != fallback {
		return []string{own, fallback}
	}
	return []string{fallback}
}

// httpDifferences compares what a request to an HTTP API or a WebSocket API met.
func (c *diagnosed) httpDifferences(d *differences) {
	from, to := d.from.Http, d.to.Http
	d.setting("disableExecuteApiEndpoint", from.Api.DisableExecuteApiEndpoint, to.Api.DisableExecuteApiEndpoint)
	if c.isWebSocket() {
		d.setting("routeSelectionExpression", from.Api.RouteSelectionExpression, to.Api.RouteSelectionExpression)
		d.setting("apiKeySelectionExpression", from.Api.ApiKeySelectionExpression, to.Api.ApiKeySelectionExpression)
		d.reroutedMessage(c.selectedRouteKey())
	} else {
		d.setting("corsConfiguration", from.Api.CorsConfiguration, to.Api.CorsConfiguration)
		d.rerouted(c.record.HttpMethod, c.record.Path)
	}
	if id := c.record.ResourceId; id != "" {
		before, after := d.from.httpRoute(id), d.to.httpRoute(id)
		d.compare("route "+c.record.ResourcePath, Noun{NounRoute, id}, before, after)
		d.compare("the responses of route "+c.record.ResourcePath, Noun{NounRouteResponse, id}, from.RouteResponses[id], to.RouteResponses[id])
		d.httpRouteNeeds(before, after)
	}
}

// httpRouteNeeds compares what a route names: its integration, its authorizer and its models.
func (d *differences) httpRouteNeeds(before, after *apigwv2.Route) {
	from, to := d.from.Http, d.to.Http
	integrations, authorizers, models := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, route := range []*apigwv2.Route{before, after} {
		if route == nil {
			continue
		}
		id, _ := apigwv2.IntegrationIdOf(route.Target)
		integrations[id], authorizers[route.AuthorizerId] = true, true
		for _, name := range route.RequestModels {
			models[name] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(integrations)) {
		named := func(one apigwv2.Integration) bool { return one.IntegrationId == id }
		d.compare("integration "+id, Noun{NounIntegration, id}, first(from.Integrations, named), first(to.Integrations, named))
		d.compare("the responses of integration "+id, Noun{NounIntegrationResponse, id}, from.IntegrationResponses[id], to.IntegrationResponses[id])
	}
	for _, id := range slices.Sorted(maps.Keys(authorizers)) {
		named := func(one apigwv2.Authorizer) bool { return one.AuthorizerId == id }
		old, now := first(from.Authorizers, named), first(to.Authorizers, named)
		d.compare("authorizer "+id+nameOf(old, now, func(one *apigwv2.Authorizer) string { return one.Name }), Noun{NounAuthorizer, id}, old, now)
	}
	for _, name := range slices.Sorted(maps.Keys(models)) {
		named := func(one apigwv2.Model) bool { return one.Name == name }
		noun, old, now := Noun{Kind: NounModel}, first(from.Models, named), first(to.Models, named)
		if now != nil {
			noun.Id = now.ModelId
		}
		d.compare("model "+name, noun, old, now)
	}
}

// reroutedMessage is for a message that would get the route of its own key.
func (d *differences) reroutedMessage(key string) {
	if key == "" {
		return
	}
	named := func(one apigwv2.Route) bool { return one.RouteKey == key }
	if route := first(d.to.Http.Routes, named); route != nil && first(d.from.Http.Routes, named) == nil {
		d.addReached("route "+key, Noun{NounRoute, route.RouteId})
	}
}

// selectedRouteKey is the key that a message asked for and for which there was no route;
// empty where it got what it asked for.
func (c *diagnosed) selectedRouteKey() string { return c.fact(record.RouteKey) }

func first[T any](list []T, named func(T) bool) *T {
	if i := slices.IndexFunc(list, named); i >= 0 {
		return &list[i]
	}
	return nil
}

// nameOf is the name of what is there in one form or the other, in parentheses.
func nameOf[T any](one, other *T, name func(*T) string) string {
	if one == nil {
		one = other
	}
	if one == nil || name(one) == "" {
		return ""
	}
	return " (" + name(one) + ")"
}
