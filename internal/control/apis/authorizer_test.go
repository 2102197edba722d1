package apis

import (
	"testing"

	"gatehouse/internal/awsapi/apigatewayv2"
)

// Source: http-api-jwt-authorizer.md, http-api-lambda-authorizer.md,
// apigateway-websocket-api-lambda-auth.md; the message of an issuer is observed.
func TestCreateAuthorizer(t *testing.T) {
	f := newFixture(t)
	type in = apigatewayv2.CreateAuthorizerInput
	uri := value("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/" + functionArn + "/invocations")
	bearer := []string{"$request.header.Authorization"}
	jwt := func(issuer string, audience ...string) *apigatewayv2.JWTConfiguration {
		return &apigatewayv2.JWTConfiguration{Issuer: &issuer, Audience: audience}
	}
	const issuer = "https://issuer.example"
	for name, row := range map[string]struct {
		apiId         string
		in            in
		code, message string
	}{
		"jwt":               {apiId: f.http, in: in{AuthorizerType: "JWT", IdentitySource: bearer, JwtConfiguration: jwt(issuer, "a")}},
		"request":           {apiId: f.http, in: in{AuthorizerType: "REQUEST", AuthorizerUri: uri, AuthorizerPayloadFormatVersion: value("2.0"), EnableSimpleResponses: value(true), IdentitySource: []string{"$request.querystring.a", "$context.routeKey"}}},
		"without sources":   {apiId: f.http, in: in{AuthorizerType: "REQUEST", AuthorizerUri: uri, AuthorizerPayloadFormatVersion: value("1.0")}},
		"websocket":         {apiId: f.ws, in: in{AuthorizerType: "REQUEST", AuthorizerUri: uri, IdentitySource: []string{"route.request.header.Auth", "route.request.querystring.a"}}},
		"no audience":       {f.http, in{AuthorizerType: "JWT", IdentitySource: bearer, JwtConfiguration: jwt(issuer)}, badRequestCode, messageJwtConfiguration},
		"issuer":            {f.http, in{AuthorizerType: "JWT", IdentitySource: bearer, JwtConfiguration: jwt("issuer", "a")}, badRequestCode, "Invalid issuer: issuer. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration'"},
		"no source":         {f.http, in{AuthorizerType: "JWT", JwtConfiguration: jwt(issuer, "a")}, badRequestCode, messageIdentitySourceNeeded},
		"source of jwt":     {f.http, in{AuthorizerType: "JWT", IdentitySource: []string{"$context.routeKey"}, JwtConfiguration: jwt(issuer, "a")}, badRequestCode, messageIdentitySource + "$context.routeKey"},
		"jwt of websocket":  {f.ws, in{AuthorizerType: "JWT", IdentitySource: bearer, JwtConfiguration: jwt(issuer, "a")}, badRequestCode, messageJwtProtocol},
		"no uri":            {f.http, in{AuthorizerType: "REQUEST"}, badRequestCode, messageAuthorizerUriNeeded},
		"no payload":        {f.http, in{AuthorizerType: "REQUEST", AuthorizerUri: uri}, badRequestCode, messageAuthorizerPayload},
		"simple of 1.0":     {f.http, in{AuthorizerType: "REQUEST", AuthorizerUri: uri, AuthorizerPayloadFormatVersion: value("1.0"), EnableSimpleResponses: value(true)}, badRequestCode, messageSimpleResponses},
		"ttl":               {f.http, in{AuthorizerType: "REQUEST", AuthorizerUri: uri, AuthorizerPayloadFormatVersion: value("1.0"), AuthorizerResultTtlInSeconds: value(int32(3601))}, badRequestCode, messageAuthorizerTtl},
		"ttl of websocket":  {f.ws, in{AuthorizerType: "REQUEST", AuthorizerUri: uri, AuthorizerResultTtlInSeconds: value(int32(1))}, badRequestCode, "AuthorizerResultTtlInSeconds is only supported for protocol type HTTP"},
		"cached, no source": {f.http, in{AuthorizerType: "REQUEST", AuthorizerUri: uri, AuthorizerPayloadFormatVersion: value("1.0"), AuthorizerResultTtlInSeconds: value(int32(1))}, badRequestCode, "IdentitySource is a required parameter for authorizers whose results are cached"},
		"source of http":    {f.http, in{AuthorizerType: "REQUEST", AuthorizerUri: uri, AuthorizerPayloadFormatVersion: value("1.0"), IdentitySource: []string{"route.request.header.a"}}, badRequestCode, messageIdentitySource + "route.request.header.a"},
	} {
		t.Run(name, func(t *testing.T) {
			row.in.ApiId, row.in.Name = row.apiId, name
			_, err := f.CreateAuthorizer(f.ctx, &row.in)
			wantError(t, err, row.code, row.message)
		})
	}
	all := must(f.GetAuthorizers(f.ctx, &apigatewayv2.GetAuthorizersInput{ApiId: f.http}))(t).Items
	for _, authorizer := range all {
		want := map[string]int32{"request": 300, "without sources": 0}
		if ttl, ok := want[authorizer.Name]; ok && *authorizer.AuthorizerResultTtlInSeconds != ttl {
			t.Errorf("%s is remembered for %d s", authorizer.Name, *authorizer.AuthorizerResultTtlInSeconds)
		}
	}
	_, err := f.CreateAuthorizer(f.ctx, &in{ApiId: f.http, Name: "jwt", AuthorizerType: "JWT", IdentitySource: bearer, JwtConfiguration: jwt(issuer, "a")})
	wantError(t, err, badRequestCode, "Authorizer name must be unique. Authorizer jwt already exists in this RestApi.")
}

func TestDeleteAuthorizer_inUse(t *testing.T) {
	f := newFixture(t)
	id := must(f.CreateAuthorizer(f.ctx, &apigatewayv2.CreateAuthorizerInput{
		ApiId: f.http, Name: "a", AuthorizerType: "REQUEST", AuthorizerUri: value("arn:aws:apigateway:x"), AuthorizerPayloadFormatVersion: value("2.0"),
	}))(t).AuthorizerId
	routeId := must(f.CreateRoute(f.ctx, &apigatewayv2.CreateRouteInput{ApiId: f.http, RouteKey: "GET /", AuthorizationType: "CUSTOM", AuthorizerId: id}))(t).RouteId
	_, err := f.DeleteAuthorizer(f.ctx, &apigatewayv2.DeleteAuthorizerInput{ApiId: f.http, AuthorizerId: *id})
	wantError(t, err, conflictCode, "Cannot delete Authorizer because it is referenced by the following Routes with Ids: ["+*routeId+"]")
	must(f.UpdateRoute(f.ctx, &apigatewayv2.UpdateRouteInput{ApiId: f.http, RouteId: *routeId, AuthorizationType: "NONE"}))(t)
	must(f.DeleteAuthorizer(f.ctx, &apigatewayv2.DeleteAuthorizerInput{ApiId: f.http, AuthorizerId: *id}))(t)
}
