package apis

import (
	"testing"

	"gatehouse/internal/awsapi/apigatewayv2"
)

// Source: http-api-develop-routes.md.
func TestValidHttpRouteKey(t *testing.T) {
	for key, want := range map[string]bool{
		"GET /": true, "GET /pets/{id}": true, "ANY /{proxy+}": true, "$default": true, "OPTIONS /a/b/": true, "GET /a.b/~c": true,
		"GET": false, "get /": false, "GET pets": false, "FETCH /": false, "GET /{proxy+}/x": false, "GET /{a}/{a}": false,
		"GET /a{b}": false, "GET /{}": false, "$connect": false, "": false, "GET  /": false, "GET /a b": false,
	} {
		if got := validHttpRouteKey(key); got != want {
			t.Errorf("%q: %v", key, got)
		}
	}
}

// Source: the API reference; the messages of an existing key and of a JWT authorizer
// are observed.
func TestCreateRoute(t *testing.T) {
	f := newFixture(t)
	f.route(f.http, "GET /x", f.integrate(f.http))
	jwt := must(f.CreateAuthorizer(f.ctx, &apigatewayv2.CreateAuthorizerInput{
		ApiId: f.http, Name: "jwt", AuthorizerType: "JWT", IdentitySource: []string{"$request.header.Authorization"},
		JwtConfiguration: &apigatewayv2.JWTConfiguration{Issuer: value("https://issuer.example"), Audience: []string{"a"}},
	}))(t).AuthorizerId
	type in = apigatewayv2.CreateRouteInput
	for name, row := range map[string]struct {
		apiId         string
		in            in
		code, message string
	}{
		"jwt":                {apiId: f.http, in: in{RouteKey: "GET /jwt", AuthorizationType: "JWT", AuthorizerId: jwt, AuthorizationScopes: []string{"a"}}},
		"iam":                {apiId: f.http, in: in{RouteKey: "GET /iam", AuthorizationType: "AWS_IAM"}},
		"connect":            {apiId: f.ws, in: in{RouteKey: "$connect", AuthorizationType: "AWS_IAM", RequestParameters: map[string]apigatewayv2.ParameterConstraints{"route.request.querystring.q": {Required: value(true)}}}},
		"message":            {apiId: f.ws, in: in{RouteKey: "send message", RouteResponseSelectionExpression: value("$default")}},
		"same key":           {f.http, in{RouteKey: "GET /x"}, conflictCode, "Route with key GET /x already exists for this API"},
		"key of http":        {f.http, in{RouteKey: "sendmessage"}, badRequestCode, messageHttpRouteKey},
		"key of websocket":   {f.ws, in{RouteKey: "$other"}, badRequestCode, messageWebSocketRouteKey},
		"target":             {f.http, in{RouteKey: "GET /t", Target: value("integrations/" + missingId)}, notFoundCode, "Invalid Integration identifier specified"},
		"form of target":     {f.http, in{RouteKey: "GET /t", Target: value(missingId)}, badRequestCode, messageInvalidTarget},
		"authorizer":         {f.http, in{RouteKey: "GET /t", AuthorizationType: "JWT"}, badRequestCode, messageJwtAuthorizerNeeded},
		"other authorizer":   {f.http, in{RouteKey: "GET /t", AuthorizationType: "CUSTOM", AuthorizerId: jwt}, badRequestCode, messageAuthorizerNeeded},
		"jwt on websocket":   {f.ws, in{RouteKey: "$disconnect", AuthorizationType: "JWT"}, badRequestCode, messageRouteAuthorization},
		"iam on message":     {f.ws, in{RouteKey: "m", AuthorizationType: "AWS_IAM"}, badRequestCode, messageAuthorizationOnRoute},
		"scopes":             {f.http, in{RouteKey: "GET /t", AuthorizationScopes: []string{"a"}}, badRequestCode, messageScopes},
		"key on http":        {f.http, in{RouteKey: "GET /t", ApiKeyRequired: value(true)}, badRequestCode, "ApiKeyRequired is only supported for protocol type WEBSOCKET"},
		"key on websocket":   {f.ws, in{RouteKey: "$disconnect", ApiKeyRequired: value(true)}, badRequestCode, "Gatehouse does not support apiKeyRequired true of a route other than $connect of Route yet: clients show their key when they connect, and never again"},
		"model":              {f.ws, in{RouteKey: "m", RequestModels: map[string]string{"a": "None"}}, badRequestCode, "Invalid model identifier specified: None"},
		"parameters":         {f.ws, in{RouteKey: "m", RequestParameters: map[string]apigatewayv2.ParameterConstraints{"method.request.header.a": {}}}, badRequestCode, "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: method.request.header.a]"},
		"response":           {f.ws, in{RouteKey: "m", RouteResponseSelectionExpression: value("$request.body.a")}, badRequestCode, messageRouteResponseSelection},
		"parameters on http": {f.http, in{RouteKey: "GET /t", RequestParameters: map[string]apigatewayv2.ParameterConstraints{"route.request.header.a": {}}}, badRequestCode, "RequestParameters is only supported for protocol type WEBSOCKET"},
	} {
		t.Run(name, func(t *testing.T) {
			row.in.ApiId = row.apiId
			_, err := f.CreateRoute(f.ctx, &row.in)
			wantError(t, err, row.code, row.message)
		})
	}
}

func TestUpdateRoute(t *testing.T) {
	f := newFixture(t)
	integrationId := f.integrate(f.http)
	routeId := f.route(f.http, "GET /x", integrationId)
	f.route(f.http, "GET /y", integrationId)
	_, err := f.UpdateRoute(f.ctx, &apigatewayv2.UpdateRouteInput{ApiId: f.http, RouteId: routeId, RouteKey: value("GET /y")})
	wantError(t, err, conflictCode, "Route with key GET /y already exists for this API")
	got := must(f.UpdateRoute(f.ctx, &apigatewayv2.UpdateRouteInput{ApiId: f.http, RouteId: routeId, RouteKey: value("GET /z"), Target: value("")}))(t)
	if *got.RouteKey != "GET /z" || got.Target != nil || *got.RouteId != routeId {
		t.Errorf("%+v", got)
	}
}

func TestDeleteRouteRequestParameter(t *testing.T) {
	f := newFixture(t)
	routeId := must(f.CreateRoute(f.ctx, &apigatewayv2.CreateRouteInput{ApiId: f.ws, RouteKey: "$connect", RequestParameters: map[string]apigatewayv2.ParameterConstraints{
		"route.request.querystring.a": {}, "route.request.querystring.b": {},
	}}))(t).RouteId
	in := &apigatewayv2.DeleteRouteRequestParameterInput{ApiId: f.ws, RouteId: *routeId, RequestParameterKey: "route.request.querystring.a"}
	must(f.DeleteRouteRequestParameter(f.ctx, in))(t)
	got := must(f.GetRoute(f.ctx, &apigatewayv2.GetRouteInput{ApiId: f.ws, RouteId: *routeId}))(t)
	if len(got.RequestParameters) != 1 {
		t.Errorf("%v", got.RequestParameters)
	}
	_, err := f.DeleteRouteRequestParameter(f.ctx, in)
	wantError(t, err, notFoundCode, "Invalid request parameter identifier specified")
}
