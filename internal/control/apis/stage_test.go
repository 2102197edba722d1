package apis

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/apigw"
	"gatehouse/internal/awsapi/apigatewayv2"
)

// Source: the API reference and http-api-stages.md; the messages of execution logs and
// of unknown routes are observed.
func TestCreateStage(t *testing.T) {
	f := newFixture(t)
	f.route(f.http, "GET /x", f.integrate(f.http))
	deploymentId := must(f.CreateDeployment(f.ctx, &apigatewayv2.CreateDeploymentInput{ApiId: f.http}))(t).DeploymentId
	must(f.CreateStage(f.ctx, &apigatewayv2.CreateStageInput{ApiId: f.http, StageName: "taken"}))(t)
	type in = apigatewayv2.CreateStageInput
	settings := func(s apigatewayv2.RouteSettings) in { return in{StageName: "s", DefaultRouteSettings: &s} }
	for name, row := range map[string]struct {
		apiId         string
		in            in
		code, message string
	}{
		"default":             {apiId: f.http, in: in{StageName: "$default", DeploymentId: deploymentId}},
		"logging":             {apiId: f.ws, in: in{StageName: "s", DefaultRouteSettings: &apigatewayv2.RouteSettings{LoggingLevel: "INFO", DataTraceEnabled: value(true)}}},
		"route":               {apiId: f.http, in: in{StageName: "r", RouteSettings: map[string]apigatewayv2.RouteSettings{"GET /x": {ThrottlingRateLimit: value(1.0)}}}},
		"off on http":         {apiId: f.http, in: in{StageName: "o", DefaultRouteSettings: &apigatewayv2.RouteSettings{LoggingLevel: "OFF", DataTraceEnabled: value(false)}}},
		"default of ws":       {f.ws, in{StageName: "$default"}, badRequestCode, messageInvalidStageName},
		"name":                {f.http, in{StageName: "a.b"}, badRequestCode, messageInvalidStageName},
		"taken":               {f.http, in{StageName: "taken"}, conflictCode, "Stage already exists"},
		"deployment":          {f.http, in{StageName: "s", DeploymentId: value(missingId)}, notFoundCode, "Invalid Deployment identifier specified"},
		"auto and deployment": {f.http, in{StageName: "s", DeploymentId: deploymentId, AutoDeploy: value(true)}, badRequestCode, messageAutoDeployDeployment},
		"logging on http":     {f.http, settings(apigatewayv2.RouteSettings{LoggingLevel: "INFO"}), badRequestCode, "Execution logs are not supported on protocolType HTTP"},
		"metrics":             {apiId: f.http, in: in{StageName: "m", DefaultRouteSettings: &apigatewayv2.RouteSettings{DetailedMetricsEnabled: value(true)}}},
		"throttle":            {f.http, settings(apigatewayv2.RouteSettings{ThrottlingBurstLimit: value(int32(-1))}), badRequestCode, messageInvalidThrottle},
		"unknown route":       {f.http, in{StageName: "s", RouteSettings: map[string]apigatewayv2.RouteSettings{"GET /y": {}}}, notFoundCode, "Unable to find Route by key GET /y within the provided RouteSettings"},
		"variable":            {f.http, in{StageName: "s", StageVariables: map[string]string{"a-b": "c"}}, badRequestCode, "Invalid stage variable name: a-b. Please use names of alphanumeric characters and underscores, at most 64 of them."},
		"log":                 {f.http, in{StageName: "s", AccessLogSettings: &apigatewayv2.AccessLogSettings{DestinationArn: value("x"), Format: value("y")}}, badRequestCode, messageInvalidLogArn},
		"no log group":        {f.http, in{StageName: "s", AccessLogSettings: &apigatewayv2.AccessLogSettings{DestinationArn: value("arn:aws:logs:us-east-1:000000000000:delivery:x"), Format: value("$context.requestId")}}, badRequestCode, messageInvalidLogArn},
		"other's log group":   {f.http, in{StageName: "s", AccessLogSettings: &apigatewayv2.AccessLogSettings{DestinationArn: value("arn:aws:logs:us-east-1:111122223333:log-group:x"), Format: value("$context.requestId")}}, badRequestCode, unsupportedLogAccount.Message()},
		"two lines":           {f.http, in{StageName: "s", AccessLogSettings: accessLog("a\n$context.requestId")}, badRequestCode, messageInvalidLogFormat},
		"no request id":       {f.ws, in{StageName: "n", AccessLogSettings: accessLog("$context.status")}, badRequestCode, messageLogFormatWithoutId},
		"rest's variable":     {f.http, in{StageName: "s", AccessLogSettings: accessLog("$context.requestId $context.resourcePath $context.authorize.error $context.authorizer.x")}, badRequestCode, messageLogVariables + "[$context.resourcePath, $context.authorize.error]"},
		"websocket's":         {apiId: f.ws, in: in{StageName: "l", AccessLogSettings: accessLog("$context.requestId $context.connectionId $context.authorize.error\n")}},
		"certificate":         {f.ws, in{StageName: "c", ClientCertificateId: value("x")}, badRequestCode, "Gatehouse does not support clientCertificateId of Stage yet: client certificates are not built"},
	} {
		t.Run(name, func(t *testing.T) {
			row.in.ApiId = row.apiId
			_, err := f.CreateStage(f.ctx, &row.in)
			wantError(t, err, row.code, row.message)
		})
	}
}

// accessLog is an access log of a format.
func accessLog(format string) *apigatewayv2.AccessLogSettings {
	return &apigatewayv2.AccessLogSettings{DestinationArn: value("arn:aws:logs:us-east-1:000000000000:log-group:g"), Format: value(format)}
}

// Source: Terraform's provider for the removal of variables; the API reference for the
// Delete operations.
func TestUpdateStage(t *testing.T) {
	f := newFixture(t)
	f.route(f.http, "GET /x", "")
	logs := &apigatewayv2.AccessLogSettings{DestinationArn: value("arn:aws:logs:us-east-1:000000000000:log-group:g"), Format: value("$context.requestId")}
	must(f.CreateStage(f.ctx, &apigatewayv2.CreateStageInput{
		ApiId: f.http, StageName: "s", StageVariables: map[string]string{"a": "1", "b": "2"}, AccessLogSettings: logs,
		RouteSettings: map[string]apigatewayv2.RouteSettings{"GET /x": {ThrottlingBurstLimit: value(int32(1))}},
	}))(t)
	got := must(f.UpdateStage(f.ctx, &apigatewayv2.UpdateStageInput{
		ApiId: f.http, StageName: "s", StageVariables: map[string]string{"a": "", "c": "3"},
		DefaultRouteSettings: &apigatewayv2.RouteSettings{ThrottlingRateLimit: value(2.5)},
	}))(t)
	if diff := cmp.Diff(map[string]string{"b": "2", "c": "3"}, got.StageVariables); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(got.RouteSettings) != 1 || got.RouteSettings["GET /x"].DetailedMetricsEnabled != nil || *got.DefaultRouteSettings.ThrottlingRateLimit != 2.5 || got.AccessLogSettings == nil {
		t.Errorf("%+v", got)
	}
	settings := &apigatewayv2.DeleteRouteSettingsInput{ApiId: f.http, StageName: "s", RouteKey: "GET /x"}
	must(f.DeleteRouteSettings(f.ctx, settings))(t)
	_, err := f.DeleteRouteSettings(f.ctx, settings)
	wantError(t, err, notFoundCode, "Unable to find Route by key GET /x within the provided RouteSettings")
	must(f.DeleteAccessLogSettings(f.ctx, &apigatewayv2.DeleteAccessLogSettingsInput{ApiId: f.http, StageName: "s"}))(t)
	stage := must(f.GetStage(f.ctx, &apigatewayv2.GetStageInput{ApiId: f.http, StageName: "s"}))(t)
	if len(stage.RouteSettings) != 0 || stage.AccessLogSettings != nil || *stage.DefaultRouteSettings.ThrottlingRateLimit != 2.5 {
		t.Errorf("%+v", stage)
	}
}

// Source: the messages are observed; an API of neither protocol deploys without routes.
func TestCreateDeployment(t *testing.T) {
	f := newFixture(t)
	_, err := f.CreateDeployment(f.ctx, &apigatewayv2.CreateDeploymentInput{ApiId: f.http})
	wantError(t, err, badRequestCode, "Unable to deploy API because no routes exist in this API")
	_, err = f.CreateDeployment(f.ctx, &apigatewayv2.CreateDeploymentInput{ApiId: f.ws})
	wantError(t, err, badRequestCode, "At least one route is required before deploying the Api")
	f.route(f.ws, "$connect", "")
	_, err = f.CreateDeployment(f.ctx, &apigatewayv2.CreateDeploymentInput{ApiId: f.ws, StageName: value("s")})
	wantError(t, err, notFoundCode, "Unable to find Stage by name s")
	must(f.CreateStage(f.ctx, &apigatewayv2.CreateStageInput{ApiId: f.ws, StageName: "s"}))(t)
	created := must(f.CreateDeployment(f.ctx, &apigatewayv2.CreateDeploymentInput{ApiId: f.ws, StageName: value("s")}))(t)
	_, err = f.DeleteDeployment(f.ctx, &apigatewayv2.DeleteDeploymentInput{ApiId: f.ws, DeploymentId: *created.DeploymentId})
	wantError(t, err, badRequestCode, "Active stages pointing to this deployment must be moved or deleted")
	must(f.DeleteStage(f.ctx, &apigatewayv2.DeleteStageInput{ApiId: f.ws, StageName: "s"}))(t)
	must(f.DeleteDeployment(f.ctx, &apigatewayv2.DeleteDeploymentInput{ApiId: f.ws, DeploymentId: *created.DeploymentId}))(t)
}

func TestResetAuthorizersCache(t *testing.T) {
	f := newFixture(t)
	must(f.CreateStage(f.ctx, &apigatewayv2.CreateStageInput{ApiId: f.http, StageName: "s"}))(t)
	asked := ""
	f.ResetAuthorizers = func(_ context.Context, scope apigw.Scope, apiId, stageName string) error {
		asked = scope.Region + " " + apiId + " " + stageName
		return nil
	}
	must(f.Service.ResetAuthorizersCache(f.ctx, &apigatewayv2.ResetAuthorizersCacheInput{ApiId: f.http, StageName: "s"}))(t)
	if asked != "us-east-1 "+f.http+" s" {
		t.Errorf("asked %q", asked)
	}
	_, err := f.Service.ResetAuthorizersCache(f.ctx, &apigatewayv2.ResetAuthorizersCacheInput{ApiId: f.http, StageName: "none"})
	wantError(t, err, notFoundCode, "Unable to find Stage by name none")
}
