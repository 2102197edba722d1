// Known from: the API reference; the conflict and the missing authorizer are observed.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

func TestCreateRoute_defaults(t *testing.T) {
	f := newHttp(t)
	output, err := f.client.CreateRoute(f.ctx, &apigatewayv2.CreateRouteInput{ApiId: f.apiId, RouteKey: aws.String("GET /pets/{id}")})
	got := must(t, output, err)
	is(t, "routeKey", got.RouteKey, "GET /pets/{id}")
	is(t, "authorizationType", &got.AuthorizationType, types.AuthorizationTypeNone)
	is(t, "apiKeyRequired", got.ApiKeyRequired, false)
	if got.RouteId == nil || got.Target != nil {
		t.Errorf("%+v", got)
	}
}

func TestCreateRoute_authorizer(t *testing.T) {
	f := newHttp(t)
	output, err := f.client.CreateRoute(f.ctx, &apigatewayv2.CreateRouteInput{
		ApiId: f.apiId, RouteKey: aws.String("GET /"), AuthorizationType: types.AuthorizationTypeJwt, AuthorizerId: f.authorizer(),
		AuthorizationScopes: []string{"read"},
	})
	count(t, "scopes", must(t, output, err).AuthorizationScopes, 1)
	_, err = f.client.CreateRoute(f.ctx, &apigatewayv2.CreateRouteInput{ApiId: f.apiId, RouteKey: aws.String("GET /x"), AuthorizationType: types.AuthorizationTypeJwt})
	refused(t, err, badRequestCode, "Invalid authorizer ID specified. Setting the authorization type to JWT requires a valid JWT authorizer.")
}

func TestCreateRoute_webSocket(t *testing.T) {
	f := newWebSocket(t)
	output, err := f.client.CreateRoute(f.ctx, &apigatewayv2.CreateRouteInput{
		ApiId: f.apiId, RouteKey: aws.String("$connect"), AuthorizationType: types.AuthorizationTypeAwsIam,
		RequestParameters: map[string]types.ParameterConstraints{"route.request.querystring.token": {Required: aws.Bool(true)}},
	})
	is(t, "required", must(t, output, err).RequestParameters["route.request.querystring.token"].Required, true)
}

func TestCreateRoute_conflict(t *testing.T) {
	f := newHttp(t)
	f.route("GET /x")
	_, err := f.client.CreateRoute(f.ctx, &apigatewayv2.CreateRouteInput{ApiId: f.apiId, RouteKey: aws.String("GET /x")})
	refused(t, err, conflictCode, "Route with key GET /x already exists for this API")
}

// Guide websocket-api-develop-routes.md: a key can be asked for on $connect.
func TestCreateRoute_apiKeyRequired(t *testing.T) {
	f := newWebSocket(t)
	output, err := f.client.CreateRoute(f.ctx, &apigatewayv2.CreateRouteInput{ApiId: f.apiId, RouteKey: aws.String("$connect"), ApiKeyRequired: aws.Bool(true)})
	is(t, "apiKeyRequired", must(t, output, err).ApiKeyRequired, true)
}
