package apis

import (
	"errors"
	"strconv"
	"testing"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/store"
)

// Source: the API reference and http-api-cors.md; the message of credentials is observed.
func TestCreateApi(t *testing.T) {
	f := newFixture(t)
	type in = apigatewayv2.CreateApiInput
	cors := func(c apigatewayv2.Cors) in { return in{Name: "n", ProtocolType: "HTTP", CorsConfiguration: &c} }
	for name, row := range map[string]struct {
		in            in
		code, message string
	}{
		"pinned":                {in: in{Name: "n", ProtocolType: "HTTP", Tags: map[string]string{"_custom_id_": "mine"}}},
		"cors":                  {in: cors(apigatewayv2.Cors{AllowOrigins: []string{"https://a.example:8080", "http://*", "*"}, AllowMethods: []string{"GET", "*"}, MaxAge: value(int32(-1))})},
		"route selection":       {in: in{Name: "n", ProtocolType: "HTTP", RouteSelectionExpression: value("${request.method} ${request.path}")}},
		"no name":               {in{ProtocolType: "HTTP"}, badRequestCode, messageInvalidName},
		"no route selection":    {in{Name: "n", ProtocolType: "WEBSOCKET"}, badRequestCode, messageRouteSelectionNeeded},
		"other route selection": {in{Name: "n", ProtocolType: "HTTP", RouteSelectionExpression: value("$request.body.a")}, badRequestCode, messageRouteSelectionFixed},
		"bad route selection":   {in{Name: "n", ProtocolType: "WEBSOCKET", RouteSelectionExpression: value("${request.body.a")}, badRequestCode, messageInvalidRouteSelection},
		"cors credentials":      {cors(apigatewayv2.Cors{AllowCredentials: value(true), AllowOrigins: []string{"*"}}), badRequestCode, "allow-credentials is not supported if 'allow-origin' is *"},
		"cors origin":           {cors(apigatewayv2.Cors{AllowOrigins: []string{"a.example"}}), badRequestCode, messageCorsOrigin + "a.example"},
		"cors method":           {cors(apigatewayv2.Cors{AllowMethods: []string{"ANY"}}), badRequestCode, messageCorsMethod + "ANY"},
		"cors age":              {cors(apigatewayv2.Cors{MaxAge: value(int32(86401))}), badRequestCode, messageCorsMaxAge},
		"cors of websocket":     {in{Name: "n", ProtocolType: "WEBSOCKET", RouteSelectionExpression: value("$request.body.a"), CorsConfiguration: &apigatewayv2.Cors{}}, badRequestCode, messageCorsProtocol},
		"schema of http":        {in{Name: "n", ProtocolType: "HTTP", DisableSchemaValidation: value(true)}, badRequestCode, messageSchemaValidation},
		"id":                    {in{Name: "n", ProtocolType: "HTTP", Tags: map[string]string{"_custom_id_": "My Id"}}, badRequestCode, "The tag _custom_id_ must hold 1 to 63 lower-case letters, digits and inner hyphens, not: My Id"},
		"key without target":    {in{Name: "n", ProtocolType: "HTTP", RouteKey: value("GET /")}, badRequestCode, messageQuickCreateTarget},
		"target of websocket":   {in{Name: "n", ProtocolType: "WEBSOCKET", RouteSelectionExpression: value("a"), Target: value("http://a")}, badRequestCode, messageQuickCreateHttp},
		"tag":                   {in{Name: "n", ProtocolType: "HTTP", Tags: map[string]string{"aws:a": "b"}}, badRequestCode, messageInvalidTagKey},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := f.CreateApi(f.ctx, &row.in)
			wantError(t, err, row.code, row.message)
		})
	}
	_, err := f.CreateApi(f.ctx, &in{Name: "n", ProtocolType: "HTTP", Tags: map[string]string{"_custom_id_": f.http}})
	wantError(t, err, conflictCode, "Another API already has the id that the tag _custom_id_ asks for: "+f.http)
}

// Source: the API reference ("quick create"): a URL is an HTTP proxy, an ARN a function.
func TestQuickCreate(t *testing.T) {
	f := newFixture(t)
	for target, want := range map[string]apigatewayv2.Integration{
		functionArn:         {IntegrationType: "AWS_PROXY", IntegrationMethod: value("POST"), PayloadFormatVersion: value("2.0")},
		"https://a.example": {IntegrationType: "HTTP_PROXY", IntegrationMethod: value("ANY"), PayloadFormatVersion: value("1.0")},
	} {
		apiId := *must(f.CreateApi(f.ctx, &apigatewayv2.CreateApiInput{Name: "quick", ProtocolType: "HTTP", Target: &target}))(t).ApiId
		integration := must(f.GetIntegrations(f.ctx, &apigatewayv2.GetIntegrationsInput{ApiId: apiId}))(t).Items[0]
		if integration.IntegrationType != want.IntegrationType || *integration.IntegrationMethod != *want.IntegrationMethod ||
			*integration.PayloadFormatVersion != *want.PayloadFormatVersion || !*integration.ApiGatewayManaged || *integration.IntegrationUri != target {
			t.Errorf("%s: %+v", target, integration)
		}
		route := must(f.GetRoutes(f.ctx, &apigatewayv2.GetRoutesInput{ApiId: apiId}))(t).Items[0]
		if route.RouteKey != "$default" || *route.Target != "integrations/"+*integration.IntegrationId || !*route.ApiGatewayManaged {
			t.Errorf("%+v", route)
		}
		stage := must(f.GetStage(f.ctx, &apigatewayv2.GetStageInput{ApiId: apiId, StageName: "$default"}))(t)
		if !*stage.AutoDeploy || stage.DeploymentId == nil || !*stage.ApiGatewayManaged {
			t.Errorf("%+v", stage)
		}
		f.checkManaged(apiId, *route.RouteId, *integration.IntegrationId)
	}
}

// checkManaged checks what the API reference says cannot be done to managed parts.
func (f *fixture) checkManaged(apiId, routeId, integrationId string) {
	_, err := f.UpdateRoute(f.ctx, &apigatewayv2.UpdateRouteInput{ApiId: apiId, RouteId: routeId, RouteKey: value("GET /")})
	wantError(f.t, err, badRequestCode, messageManagedRoute)
	_, err = f.UpdateStage(f.ctx, &apigatewayv2.UpdateStageInput{ApiId: apiId, StageName: "$default", Description: value("d")})
	wantError(f.t, err, badRequestCode, messageManagedStage)
	_, err = f.DeleteIntegration(f.ctx, &apigatewayv2.DeleteIntegrationInput{ApiId: apiId, IntegrationId: integrationId})
	wantError(f.t, err, badRequestCode, messageManagedIntegration)
	must(f.UpdateApi(f.ctx, &apigatewayv2.UpdateApiInput{ApiId: apiId, Target: value("http://b.example"), RouteKey: value("GET /b")}))(f.t)
	integration := must(f.GetIntegration(f.ctx, &apigatewayv2.GetIntegrationInput{ApiId: apiId, IntegrationId: integrationId}))(f.t)
	route := must(f.GetRoute(f.ctx, &apigatewayv2.GetRouteInput{ApiId: apiId, RouteId: routeId}))(f.t)
	if integration.IntegrationType != "HTTP_PROXY" || *integration.IntegrationUri != "http://b.example" || *route.RouteKey != "GET /b" {
		f.t.Errorf("%+v %+v", integration, route)
	}
}

func TestUpdateApi_notQuickCreated(t *testing.T) {
	f := newFixture(t)
	_, err := f.UpdateApi(f.ctx, &apigatewayv2.UpdateApiInput{ApiId: f.http, Target: value("http://a")})
	wantError(t, err, badRequestCode, messageQuickCreateMissing)
}

// Everything of an API goes with it.
func TestDeleteApi(t *testing.T) {
	f := newFixture(t)
	before := f.Store.View().Len()
	apiId := *must(f.CreateApi(f.ctx, &apigatewayv2.CreateApiInput{Name: "quick", ProtocolType: "HTTP", Target: value(functionArn)}))(t).ApiId
	must(f.DeleteApi(f.ctx, &apigatewayv2.DeleteApiInput{ApiId: apiId}))(t)
	if after := f.Store.View().Len(); after != before {
		t.Errorf("%d records became %d", before, after)
	}
	_, err := f.GetApi(f.ctx, &apigatewayv2.GetApiInput{ApiId: apiId})
	wantError(t, err, notFoundCode, "Invalid API identifier specified 000000000000:"+apiId)
}

// An API with more deployments than one transaction can delete can be deleted.
func TestDeleteApi_manyDeployments(t *testing.T) {
	f := newFixture(t)
	before := f.Store.View().Len()
	at := records.Scope(scopeOf(f.ctx))
	const many = store.MaxBatchWrites/2 + 100
	for start := 0; start < many; start += many / 2 {
		err := f.Store.Update(f.ctx, func(tx *store.Tx) error {
			var err error
			for i := start; i < start+many/2; i++ {
				id := strconv.Itoa(i)
				err = errors.Join(err, records.ApiDeployments.Put(tx, apigwv2.Deployment{DeploymentId: id}, at, f.http, id),
					records.ApiSnapshots.Put(tx, apigwv2.Snapshot{}, at, f.http, id))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	must(f.DeleteApi(f.ctx, &apigatewayv2.DeleteApiInput{ApiId: f.http}))(t)
	if after := f.Store.View().Len(); after != before-1 {
		t.Errorf("%d records became %d", before, after)
	}
}
