package apis

import (
	"context"
	"maps"
	"slices"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/control/list"
	"gatehouse/internal/mapping"
)

const (
	authorizationNone   = "NONE"
	authorizationIam    = "AWS_IAM"
	authorizationCustom = "CUSTOM"
	authorizationJwt    = "JWT"

	// defaultKey is the only route response, and the key of what nothing else matches.
	defaultKey = "$default"
)

// CreateRoute adds a route to an API.
func (s *Service) CreateRoute(ctx context.Context, in *apigatewayv2.CreateRouteInput) (*apigatewayv2.CreateRouteOutput, error) {
	created := apigwv2.Route{
		RouteKey: in.RouteKey, Target: text(in.Target), AuthorizationType: string(in.AuthorizationType), AuthorizerId: text(in.AuthorizerId),
		AuthorizationScopes: in.AuthorizationScopes, ApiKeyRequired: given(in.ApiKeyRequired, false), OperationName: text(in.OperationName),
		ModelSelectionExpression: text(in.ModelSelectionExpression), RequestModels: in.RequestModels,
		RequestParameters:                parametersOf(in.RequestParameters),
		RouteResponseSelectionExpression: text(in.RouteResponseSelectionExpression),
	}
	if created.AuthorizationType == "" {
		created.AuthorizationType = authorizationNone
	}
	err := s.updateContent(ctx, in.ApiId, func(a api) error { return a.putNewRoute(&created) })
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.CreateRouteOutput)(routeOutput(created)), nil
}

// putNewRoute gives a route its id and puts it.
func (a api) putNewRoute(created *apigwv2.Route) error {
	ids := records.Routes.IDs(a.r, a.at, a.id)
	if len(ids) >= apigwv2.RoutesLimit {
		return limitReached("Routes")
	}
	if err := a.routeKeyFree(created.RouteKey); err != nil {
		return err
	}
	var err error
	if created.RouteId, err = newId(a.place, records.Routes, a.service.Ids.Route, a.id); err != nil {
		return err
	}
	return a.putRoute(created)
}

func (a api) routeKeyFree(routeKey string) error {
	routes, err := records.Routes.List(a.r, a.at, a.id)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(routes, func(route apigwv2.Route) bool { return route.RouteKey == routeKey }) {
		return routeExists(routeKey)
	}
	return nil
}

// GetRoute returns a route.
func (s *Service) GetRoute(ctx context.Context, in *apigatewayv2.GetRouteInput) (*apigatewayv2.GetRouteOutput, error) {
	a, err := s.viewApi(ctx, in.ApiId)
	if err != nil {
		return nil, err
	}
	found, err := a.route(in.RouteId)
	if err != nil {
		return nil, err
	}
	return routeOutput(found), nil
}

// GetRoutes lists the routes of an API.
func (s *Service) GetRoutes(ctx context.Context, in *apigatewayv2.GetRoutesInput) (*apigatewayv2.GetRoutesOutput, error) {
	a, err := s.viewApi(ctx, in.ApiId)
	if err != nil {
		return nil, err
	}
	all, err := records.Routes.List(a.r, a.at, a.id)
	if err != nil {
		return nil, err
	}
	found, err := paginate(all, func(r apigwv2.Route) string { return r.RouteId }, pageRequest{in.NextToken, in.MaxResults})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.GetRoutesOutput{Items: list.Convert(found.Items, routeItem), NextToken: found.Next}, nil
}

// UpdateRoute changes a route.
func (s *Service) UpdateRoute(ctx context.Context, in *apigatewayv2.UpdateRouteInput) (*apigatewayv2.UpdateRouteOutput, error) {
	var updated apigwv2.Route
	err := s.updateContent(ctx, in.ApiId, func(a api) error {
		var err error
		if updated, err = a.route(in.RouteId); err != nil {
			return err
		}
		if in.RouteKey != nil && *in.RouteKey != updated.RouteKey {
			if updated.ApiGatewayManaged {
				return badRequest(messageManagedRoute)
			}
			if err := a.routeKeyFree(*in.RouteKey); err != nil {
				return err
			}
		}
		changeRoute(&updated, in)
		return a.putRoute(&updated)
	})
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.UpdateRouteOutput)(routeOutput(updated)), nil
}

func changeRoute(r *apigwv2.Route, in *apigatewayv2.UpdateRouteInput) {
	set(&r.RouteKey, in.RouteKey)
	set(&r.Target, in.Target)
	setEnum(&r.AuthorizationType, in.AuthorizationType)
	set(&r.AuthorizerId, in.AuthorizerId)
	setList(&r.AuthorizationScopes, in.AuthorizationScopes)
	set(&r.ApiKeyRequired, in.ApiKeyRequired)
	set(&r.OperationName, in.OperationName)
	set(&r.ModelSelectionExpression, in.ModelSelectionExpression)
	setMap(&r.RequestModels, in.RequestModels)
	setMap(&r.RequestParameters, parametersOf(in.RequestParameters))
	set(&r.RouteResponseSelectionExpression, in.RouteResponseSelectionExpression)
	if r.AuthorizationType == authorizationNone || r.AuthorizationType == authorizationIam {
		r.AuthorizerId, r.AuthorizationScopes = "", nil
	}
}

// DeleteRoute deletes a route with its responses.
func (s *Service) DeleteRoute(ctx context.Context, in *apigatewayv2.DeleteRouteInput) (*apigatewayv2.DeleteRouteOutput, error) {
	err := s.updateContent(ctx, in.ApiId, func(a api) error {
		if _, err := a.route(in.RouteId); err != nil {
			return err
		}
		records.Routes.Delete(a.tx, a.at, a.id, in.RouteId)
		records.RouteResponses.Delete(a.tx, a.at, a.id, in.RouteId)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.DeleteRouteOutput{}, nil
}

// DeleteRouteRequestParameter deletes one request parameter of a route.
func (s *Service) DeleteRouteRequestParameter(ctx context.Context, in *apigatewayv2.DeleteRouteRequestParameterInput) (*apigatewayv2.DeleteRouteRequestParameterOutput, error) {
	err := s.updateContent(ctx, in.ApiId, func(a api) error {
		route, err := a.route(in.RouteId)
		if err != nil {
			return err
		}
		if _, ok := route.RequestParameters[in.RequestParameterKey]; !ok {
			return invalidIdentifier("request parameter")
		}
		route.RequestParameters = maps.Clone(route.RequestParameters)
		delete(route.RequestParameters, in.RequestParameterKey)
		return a.putRoute(&route)
	})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.DeleteRouteRequestParameterOutput{}, nil
}

func (a api) route(id string) (apigwv2.Route, error) {
	return find(a.place, records.Routes, invalidIdentifier("Route"), a.id, id)
}

// routeIds lists the routes for which uses holds.
func (a api) routeIds(uses func(apigwv2.Route) bool) ([]string, error) {
	routes, err := records.Routes.List(a.r, a.at, a.id)
	var ids []string
	for _, route := range routes {
		if uses(route) {
			ids = append(ids, route.RouteId)
		}
	}
	return ids, err
}

// putRoute checks a route and puts it.
func (a api) putRoute(route *apigwv2.Route) error {
	checks := []func(*apigwv2.Route) error{a.validateRouteKey, a.validateProtocol, a.validateTarget, a.validateAuthorization, a.validateRouteModels}
	for _, check := range checks {
		if err := check(route); err != nil {
			return err
		}
	}
	if err := unsupportedOfRoute.Refuse(route, badRequest); err != nil {
		return err
	}
	return records.Routes.Put(a.tx, *route, a.at, a.id, route.RouteId)
}

// validateProtocol refuses what WebSocket APIs alone have.
func (a api) validateProtocol(route *apigwv2.Route) error {
	if route.RouteResponseSelectionExpression != "" && route.RouteResponseSelectionExpression != defaultKey {
		return badRequest(messageRouteResponseSelection)
	}
	if !a.isHttp() {
		return nil
	}
	switch {
	case route.ApiKeyRequired:
		return badRequest("ApiKeyRequired" + messageWebSocketOnly)
	case route.ModelSelectionExpression != "":
		return badRequest("ModelSelectionExpression" + messageWebSocketOnly)
	case len(route.RequestModels) > 0:
		return badRequest("RequestModels" + messageWebSocketOnly)
	case len(route.RequestParameters) > 0:
		return badRequest("RequestParameters" + messageWebSocketOnly)
	case route.RouteResponseSelectionExpression != "":
		return badRequest("RouteResponseSelectionExpression" + messageWebSocketOnly)
	}
	return nil
}

func (a api) validateTarget(route *apigwv2.Route) error {
	if route.Target == "" {
		return nil
	}
	integrationId, ok := apigwv2.IntegrationIdOf(route.Target)
	if !ok {
		return badRequest(messageInvalidTarget)
	}
	_, err := a.integration(integrationId)
	return err
}

func (a api) validateAuthorization(route *apigwv2.Route) error {
	switch route.AuthorizationType {
	case authorizationNone, authorizationIam:
	case authorizationCustom:
		if !a.hasAuthorizer(route.AuthorizerId, authorizerRequest) {
			return badRequest(messageAuthorizerNeeded)
		}
	case authorizationJwt:
		if !a.isHttp() {
			return badRequest(messageRouteAuthorization)
		}
		if !a.hasAuthorizer(route.AuthorizerId, authorizerJwt) {
			return badRequest(messageJwtAuthorizerNeeded)
		}
	default:
		return badRequest(messageRouteAuthorization)
	}
	if !a.isHttp() && route.AuthorizationType != authorizationNone && route.RouteKey != apigwv2.ConnectRouteKey {
		return badRequest(messageAuthorizationOnRoute)
	}
	scopes := len(route.AuthorizationScopes)
	if scopes > apigwv2.ScopesLimit || scopes > 0 && route.AuthorizationType != authorizationJwt {
		return badRequest(messageScopes)
	}
	return nil
}

func (a api) hasAuthorizer(id, authorizerType string) bool {
	if id == "" {
		return false
	}
	found, err := a.authorizer(id)
	return err == nil && found.AuthorizerType == authorizerType
}

// validateRouteModels checks what a WebSocket route says of its messages.
func (a api) validateRouteModels(route *apigwv2.Route) error {
	if route.ModelSelectionExpression != "" {
		if _, err := mapping.CompileSelection(route.ModelSelectionExpression); err != nil {
			return badRequest(messageInvalidModelSelection)
		}
	}
	if err := a.hasModels(route.RequestModels); err != nil {
		return err
	}
	return undeclarable(routeRequest, route.RequestParameters)
}

// hasModels checks that the models which a route or a route response names are there.
func (a api) hasModels(byKey map[string]string) error {
	if len(byKey) == 0 {
		return nil
	}
	models, err := records.ApiModels.List(a.r, a.at, a.id)
	if err != nil {
		return err
	}
	for _, name := range byKey {
		if !slices.ContainsFunc(models, func(model apigwv2.Model) bool { return model.Name == name }) {
			return badRequest("Invalid model identifier specified: " + name)
		}
	}
	return nil
}

func parametersOf(in map[string]apigatewayv2.ParameterConstraints) map[string]bool {
	if in == nil {
		return nil
	}
	parameters := make(map[string]bool, len(in))
	for name, constraints := range in {
		parameters[name] = given(constraints.Required, false)
	}
	return parameters
}

func parametersOutput(parameters map[string]bool) map[string]apigatewayv2.ParameterConstraints {
	if parameters == nil {
		return nil
	}
	out := make(map[string]apigatewayv2.ParameterConstraints, len(parameters))
	for name, required := range parameters {
		out[name] = apigatewayv2.ParameterConstraints{Required: &required}
	}
	return out
}

func routeOutput(r apigwv2.Route) *apigatewayv2.GetRouteOutput {
	return &apigatewayv2.GetRouteOutput{
		ApiGatewayManaged: only(r.ApiGatewayManaged), ApiKeyRequired: &r.ApiKeyRequired, AuthorizationScopes: r.AuthorizationScopes,
		AuthorizationType: apigatewayv2.AuthorizationType(r.AuthorizationType), AuthorizerId: optional(r.AuthorizerId),
		ModelSelectionExpression: optional(r.ModelSelectionExpression), OperationName: optional(r.OperationName), RequestModels: r.RequestModels,
		RequestParameters: parametersOutput(r.RequestParameters), RouteId: &r.RouteId, RouteKey: &r.RouteKey,
		RouteResponseSelectionExpression: optional(r.RouteResponseSelectionExpression), Target: optional(r.Target),
	}
}

func routeItem(r apigwv2.Route) apigatewayv2.Route {
	out := routeOutput(r)
	return apigatewayv2.Route{
		ApiGatewayManaged: out.ApiGatewayManaged, ApiKeyRequired: out.ApiKeyRequired, AuthorizationScopes: out.AuthorizationScopes,
		AuthorizationType: out.AuthorizationType, AuthorizerId: out.AuthorizerId, ModelSelectionExpression: out.ModelSelectionExpression,
		OperationName: out.OperationName, RequestModels: out.RequestModels, RequestParameters: out.RequestParameters, RouteId: out.RouteId,
		RouteKey: r.RouteKey, RouteResponseSelectionExpression: out.RouteResponseSelectionExpression, Target: out.Target,
	}
}
