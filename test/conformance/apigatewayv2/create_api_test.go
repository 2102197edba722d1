// Known from: the API reference; the error of credentials is observed.

package apigatewayv2

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"gatehouse/test/conformance"
)

func TestCreateApi_http(t *testing.T) {
	f := newHttp(t)
	output, err := f.client.GetApi(f.ctx, &apigatewayv2.GetApiInput{ApiId: f.apiId})
	got := must(t, output, err)
	is(t, "routeSelectionExpression", got.RouteSelectionExpression, "$request.method $request.path")
	is(t, "apiKeySelectionExpression", got.ApiKeySelectionExpression, "$request.header.x-api-key")
	is(t, "disableExecuteApiEndpoint", got.DisableExecuteApiEndpoint, false)
	if !strings.Contains(*got.ApiEndpoint, "://"+*f.apiId+".execute-api.") {
		t.Errorf("apiEndpoint %s", *got.ApiEndpoint)
	}
}

func TestCreateApi_webSocket(t *testing.T) {
	f := newWebSocket(t)
	output, err := f.client.GetApi(f.ctx, &apigatewayv2.GetApiInput{ApiId: f.apiId})
	got := must(t, output, err)
	is(t, "routeSelectionExpression", got.RouteSelectionExpression, "$request.body.action")
	if !strings.HasPrefix(*got.ApiEndpoint, "ws") {
		t.Errorf("apiEndpoint %s", *got.ApiEndpoint)
	}
}

func TestCreateApi_quickCreate(t *testing.T) {
	f := newFixture(t, &apigatewayv2.CreateApiInput{ProtocolType: types.ProtocolTypeHttp, Target: aws.String("https://example.com/")})
	routes, err := f.client.GetRoutes(f.ctx, &apigatewayv2.GetRoutesInput{ApiId: f.apiId})
	count(t, "routes", must(t, routes, err).Items, 1)
	is(t, "routeKey", routes.Items[0].RouteKey, "$default")
	is(t, "apiGatewayManaged", routes.Items[0].ApiGatewayManaged, true)
	stage, err := f.client.GetStage(f.ctx, &apigatewayv2.GetStageInput{ApiId: f.apiId, StageName: aws.String("$default")})
	is(t, "autoDeploy", must(t, stage, err).AutoDeploy, true)
}

func TestCreateApi_credentialsForEverybody(t *testing.T) {
	_, err := client(t).CreateApi(context.Background(), &apigatewayv2.CreateApiInput{
		Name: aws.String("n"), ProtocolType: types.ProtocolTypeHttp, CorsConfiguration: &types.Cors{AllowCredentials: aws.Bool(true), AllowOrigins: []string{"*"}},
	})
	refused(t, err, badRequestCode, "allow-credentials is not supported if 'allow-origin' is *")
}

func TestCreateApi_pinnedId(t *testing.T) {
	conformance.Ours(t)
	f := newFixture(t, &apigatewayv2.CreateApiInput{ProtocolType: types.ProtocolTypeHttp, Tags: map[string]string{"_custom_id_": "mine"}})
	is(t, "apiId", f.apiId, "mine")
}
