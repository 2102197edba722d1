package apis

import (
	"testing"

	"gatehouse/internal/awsapi/apigatewayv2"
)

// Source: websocket-api-request-validation.md and the API reference; the messages are
// unconfirmed.
func TestModels(t *testing.T) {
	f := newFixture(t)
	schema := `{"$schema":"http://json-schema.org/draft-04/schema#","type":"object","properties":{"a":{"type":"string"}}}`
	create := func(apiId, name, schema string) (*apigatewayv2.CreateModelOutput, error) {
		return f.CreateModel(f.ctx, &apigatewayv2.CreateModelInput{ApiId: apiId, Name: name, Schema: schema})
	}
	id := *must(create(f.ws, "Message", schema))(t).ModelId
	_, err := create(f.ws, "Message", schema)
	wantError(t, err, conflictCode, messageModelExists)
	_, err = create(f.ws, "no name", schema)
	wantError(t, err, badRequestCode, messageModelName+"no name")
	_, err = create(f.ws, "Bad", "{")
	wantError(t, err, badRequestCode, messageInvalidModel)
	_, err = create(f.http, "Message", schema)
	wantError(t, err, badRequestCode, messageModelsProtocol)
	refer := func(name string) string {
		return `{"$ref":"https://apigateway.amazonaws.com/restapis/a/models/` + name + `"}`
	}
	must(create(f.ws, "Other", refer("Message")))(t)
	_, err = create(f.ws, "Third", refer("None"))
	wantError(t, err, badRequestCode, messageInvalidModel)
	template := must(f.GetModelTemplate(f.ctx, &apigatewayv2.GetModelTemplateInput{ApiId: f.ws, ModelId: id}))(t)
	if *template.Value != "#set($inputRoot = $input.path('$'))\n{\n  \"a\" : \"foo\"\n}" {
		t.Errorf("%q", *template.Value)
	}
	routeId := *must(f.CreateRoute(f.ctx, &apigatewayv2.CreateRouteInput{
		ApiId: f.ws, RouteKey: "send", ModelSelectionExpression: value("$request.body.kind"), RequestModels: map[string]string{"m": "Message"},
	}))(t).RouteId
	_, err = f.DeleteModel(f.ctx, &apigatewayv2.DeleteModelInput{ApiId: f.ws, ModelId: id})
	wantError(t, err, conflictCode, "Cannot delete Model because it is referenced by the following Routes with Ids: ["+routeId+"]")
	_, err = f.UpdateModel(f.ctx, &apigatewayv2.UpdateModelInput{ApiId: f.ws, ModelId: id, Name: value("Fourth")})
	wantError(t, err, conflictCode, "Cannot delete Model because it is referenced by the following Routes with Ids: ["+routeId+"]")
	must(f.UpdateRoute(f.ctx, &apigatewayv2.UpdateRouteInput{ApiId: f.ws, RouteId: routeId, RequestModels: map[string]string{}}))(t)
	must(f.DeleteModel(f.ctx, &apigatewayv2.DeleteModelInput{ApiId: f.ws, ModelId: id}))(t)
}

// Source: apigateway-websocket-api-integration-responses.md,
// apigateway-websocket-api-route-response.md; the messages are unconfirmed.
func TestResponses(t *testing.T) {
	f := newFixture(t)
	integrationId := *must(f.CreateIntegration(f.ctx, &apigatewayv2.CreateIntegrationInput{ApiId: f.ws, IntegrationType: "MOCK"}))(t).IntegrationId
	routeId := f.route(f.ws, "send", integrationId)
	respond := func(key string, parameters map[string]string) error {
		_, err := f.CreateIntegrationResponse(f.ctx, &apigatewayv2.CreateIntegrationResponseInput{
			ApiId: f.ws, IntegrationId: integrationId, IntegrationResponseKey: key, ResponseParameters: parameters,
		})
		return err
	}
	wantError(t, respond("$default", nil), "", "")
	wantError(t, respond(`/4\d\d/`, nil), "", "")
	wantError(t, respond("/5/", map[string]string{"route.response.header.a": "integration.response.header.b"}), badRequestCode,
		"Gatehouse does not support responseParameters of IntegrationResponse yet: WebSocket messages have no headers")
	wantError(t, respond("$default", nil), conflictCode, "IntegrationResponse with key $default already exists for this Integration")
	wantError(t, respond("200", nil), badRequestCode, messageIntegrationResponseKey)
	wantError(t, respond("/(/", nil), badRequestCode, messageIntegrationResponseKey)
	wantError(t, respond("/5/", map[string]string{"header.a": "'b'"}), badRequestCode,
		"Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: header.a]")
	answer := func(key string) error {
		_, err := f.CreateRouteResponse(f.ctx, &apigatewayv2.CreateRouteResponseInput{ApiId: f.ws, RouteId: routeId, RouteResponseKey: key})
		return err
	}
	required := map[string]apigatewayv2.ParameterConstraints{"route.response.header.a": {Required: value(true)}}
	_, err := f.CreateRouteResponse(f.ctx, &apigatewayv2.CreateRouteResponseInput{ApiId: f.ws, RouteId: routeId, RouteResponseKey: "$default", ResponseParameters: required})
	wantError(t, err, badRequestCode, "Gatehouse does not support responseParameters of RouteResponse yet: WebSocket messages have no headers")
	_, err = f.UpdateRoute(f.ctx, &apigatewayv2.UpdateRouteInput{ApiId: f.ws, RouteId: routeId, RequestParameters: map[string]apigatewayv2.ParameterConstraints{
		"route.request.header.a": {Required: value(true)},
	}})
	wantError(t, err, badRequestCode, "Gatehouse does not support requestParameters that a route other than $connect requires of Route yet: WebSocket messages have no headers")
	wantError(t, answer("other"), badRequestCode, messageRouteResponseKey)
	wantError(t, answer("$default"), "", "")
	wantError(t, answer("$default"), conflictCode, "RouteResponse with key $default already exists for this Route")
	content := f.content(f.ws)
	if len(content.IntegrationResponses[integrationId]) != 2 || len(content.RouteResponses[routeId]) != 1 {
		t.Errorf("%+v", content)
	}
	must(f.DeleteRoute(f.ctx, &apigatewayv2.DeleteRouteInput{ApiId: f.ws, RouteId: routeId}))(t)
	must(f.DeleteIntegration(f.ctx, &apigatewayv2.DeleteIntegrationInput{ApiId: f.ws, IntegrationId: integrationId}))(t)
	if content := f.content(f.ws); len(content.IntegrationResponses) != 0 || len(content.RouteResponses) != 0 {
		t.Errorf("responses are left: %+v", content)
	}
}
