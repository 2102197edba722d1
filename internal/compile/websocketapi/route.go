package websocketapi

import (
	"maps"
	"slices"
	"strings"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/authorizer"
	"gatehouse/internal/integration"
	"gatehouse/internal/jsonschema"
	"gatehouse/internal/plan"
)

const (
	targetPrefix       = "integrations/"
	routeRequestPrefix = "route.request."
)

// compileRoutes compiles every route, in order of route keys.
func (c *compiler) compileRoutes() []*plan.WebSocketRoute {
	routes := make([]*plan.WebSocketRoute, 0, len(c.snapshot.Routes))
	for i := range c.snapshot.Routes {
		routes = append(routes, c.compileRoute(&c.snapshot.Routes[i]))
	}
	slices.SortStableFunc(routes, func(a, b *plan.WebSocketRoute) int { return strings.Compare(a.RouteKey, b.RouteKey) })
	return routes
}

func (c *compiler) compileRoute(from *apigwv2.Route) *plan.WebSocketRoute {
	route := &plan.WebSocketRoute{
		RouteId: from.RouteId, RouteKey: from.RouteKey, OperationName: from.OperationName, AuthorizationType: plan.AuthorizationNone,
	}
	if from.RouteKey == plan.RouteKeyConnect {
		c.compileAuthorization(route, from)
		route.Required = c.requiredParameters(route, from.RequestParameters)
	} else if from.ApiKeyRequired {
		c.warn(route, "apiKeyRequired", "only $connect asks for an API key; here it has no effect")
	} else if from.AuthorizationType != "" && from.AuthorizationType != plan.AuthorizationNone {
		c.warn(route, "authorizationType", "only $connect is authorized; here it has no effect")
	}
	c.compileModels(route, from)
	route.HasResponse = from.RouteResponseSelectionExpression != "" && c.hasDefaultResponse(from.RouteId)
	c.compileTarget(route, from)
	return route
}

// hasDefaultResponse says whether the route has a RouteResponse; only $default exists.
func (c *compiler) hasDefaultResponse(routeId string) bool {
	return slices.ContainsFunc(c.snapshot.RouteResponses[routeId], func(response apigwv2.RouteResponse) bool {
		return response.RouteResponseKey == plan.RouteKeyDefault
	})
}

func (c *compiler) compileTarget(route *plan.WebSocketRoute, from *apigwv2.Route) {
	if from.Target == "" {
		if route.RouteKey != plan.RouteKeyConnect && route.RouteKey != plan.RouteKeyDisconnect {
			c.broken(route, "target", "the route has no integration")
		}
		return
	}
	id, ok := strings.CutPrefix(from.Target, targetPrefix)
	target := c.integrations[id]
	if !ok || target == nil {
		c.broken(route, "target", "there is no integration "+from.Target)
		return
	}
	route.Integration = c.compileIntegration(route, target)
}

// compileAuthorization compiles what a client must show to connect.
func (c *compiler) compileAuthorization(route *plan.WebSocketRoute, from *apigwv2.Route) {
	if from.AuthorizationType != "" {
		route.AuthorizationType = from.AuthorizationType
	}
	switch route.AuthorizationType {
	case plan.AuthorizationNone, plan.AuthorizationIam:
	case plan.AuthorizationCustom:
		c.compileAuthorizer(route, from.AuthorizerId)
	default:
		c.refuse(route, "authorizationType", "authorization of type "+route.AuthorizationType)
	}
	if from.ApiKeyRequired {
		route.ApiKeyRequired = true
	}
}

func (c *compiler) compileAuthorizer(route *plan.WebSocketRoute, id string) {
	settings := c.authorizers[id]
	if settings == nil {
		c.broken(route, "authorizerId", "there is no authorizer "+id)
		return
	}
	function := &authorizer.Function{
		AuthorizerId: id, Form: authorizer.FormRequest, Credentials: settings.AuthorizerCredentialsArn,
		NeedsIdentity: len(settings.IdentitySource) > 0, Ttl: ttl(settings.AuthorizerResultTtlInSeconds), Timeout: apigwv2.WebSocketIntegrationTimeoutMaximum,
	}
	for _, text := range settings.IdentitySource {
		source, err := authorizer.ParseIdentitySource(text)
		if err != nil {
			c.broken(route, "authorizer.identitySource", err.Error())
			return
		}
		function.Sources = append(function.Sources, source)
	}
	uri := plan.NewUri(settings.AuthorizerUri)
	if literal, ok := uri.Literal(); ok {
		if function.FunctionArn, ok = integration.FunctionArnOf(literal); !ok {
			c.broken(route, "authorizer.authorizerUri", settings.AuthorizerUri+" names no Lambda function")
			return
		}
		uri = nil
	}
	route.Authorizer, route.AuthorizerUri = function, uri
}

// ttl is how long a grant is good. WebSocket authorizers have no cache unless one is
// asked for (model: AuthorizerResultTtlInSeconds).
func ttl(seconds *int32) time.Duration {
	if seconds == nil {
		return 0
	}
	return time.Duration(min(*seconds, apigw.AuthorizerResultTtlMaximum)) * time.Second
}

// requiredParameters are the parameters that $connect cannot do without.
func (c *compiler) requiredParameters(route *plan.WebSocketRoute, parameters map[string]bool) []plan.Parameter {
	var required []plan.Parameter
	for _, key := range slices.Sorted(maps.Keys(parameters)) {
		rest, ok := strings.CutPrefix(key, routeRequestPrefix)
		location, name, hasName := strings.Cut(rest, ".")
		if !ok || !hasName {
			c.broken(route, "requestParameters["+key+"]", "is no parameter of a route request")
			continue
		}
		if parameters[key] {
			required = append(required, plan.Parameter{Location: plan.Location(location), Name: name})
		}
	}
	return required
}

// compileModels compiles the models that messages are checked against. Models without
// an expression that selects one have no effect
// (guide: websocket-api-request-validation.md).
func (c *compiler) compileModels(route *plan.WebSocketRoute, from *apigwv2.Route) {
	route.ModelSelection = c.selection(route, "modelSelectionExpression", from.ModelSelectionExpression)
	if route.ModelSelection == nil {
		return
	}
	for _, key := range slices.Sorted(maps.Keys(from.RequestModels)) {
		where, name := "requestModels["+key+"]", from.RequestModels[key]
		model, ok := c.findModel(name)
		if !ok {
			c.broken(route, where, "there is no model "+name)
			continue
		}
		schema, err := jsonschema.Compile(model.Schema, c.resolveModel)
		if err != nil {
			c.broken(route, where, "model "+name+": "+err.Error())
			continue
		}
		route.Models = append(route.Models, plan.Model{ContentType: key, Name: name, Schema: schema})
	}
}

func (c *compiler) findModel(name string) (apigwv2.Model, bool) {
	for _, model := range c.snapshot.Models {
		if model.Name == name {
			return model, true
		}
	}
	return apigwv2.Model{}, false
}

// resolveModel finds the model that a $ref names: …/models/{name}.
func (c *compiler) resolveModel(url string) (string, bool) {
	slash := strings.LastIndexByte(url, '/')
	if slash < 0 || !strings.HasSuffix(url[:slash], "/models") {
		return "", false
	}
	model, ok := c.findModel(url[slash+1:])
	return model.Schema, ok
}
