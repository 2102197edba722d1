package apis

import (
	"strconv"
	"testing"

	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigatewayv2"
)

// Source: the API reference's autoDeploy; the two status messages are observed.
func TestAutoDeploy(t *testing.T) {
	f := newFixture(t)
	p := &publisher{}
	f.Publisher = p
	stage := must(f.CreateStage(f.ctx, &apigatewayv2.CreateStageInput{ApiId: f.http, StageName: "$default", AutoDeploy: value(true)}))(t)
	if text(stage.LastDeploymentStatusMessage) != "Deployment attempt failed: Unable to deploy API because no routes exist in this API" || stage.DeploymentId != nil {
		t.Errorf("a stage of an API without routes: %q %v", text(stage.LastDeploymentStatusMessage), stage.DeploymentId)
	}
	integrationId := f.integrate(f.http)
	f.route(f.http, "GET /a", integrationId)
	first := f.served("$default")
	f.route(f.http, "GET /b", integrationId)
	second := f.served("$default")
	if first == "" || first == second {
		t.Errorf("deployments %q then %q", first, second)
	}
	scope := scopeOf(f.ctx)
	snapshot := must(records.ApiSnapshots.Get(f.Store.View(), records.Scope(scope), f.http, second))(t)
	if len(snapshot.Routes) != 2 || len(snapshot.Integrations) != 1 {
		t.Errorf("the snapshot has %d routes, %d integrations", len(snapshot.Routes), len(snapshot.Integrations))
	}
	must(f.UpdateApi(f.ctx, &apigatewayv2.UpdateApiInput{ApiId: f.http, Description: value("d")}))(t)
	if third := f.served("$default"); third != second {
		t.Errorf("a description was deployed: %s", third)
	}
	if last := p.revisions[len(p.revisions)-1]; last != f.Store.View().Revision() {
		t.Errorf("waited for revision %d, the store is at %d", last, f.Store.View().Revision())
	}
	_, err := f.CreateDeployment(f.ctx, &apigatewayv2.CreateDeploymentInput{ApiId: f.http, StageName: value("$default")})
	wantError(t, err, badRequestCode, messageAutoDeployStage)
}

// served is what a stage of the HTTP API serves.
func (f *fixture) served(stageName string) string {
	f.t.Helper()
	return text(must(f.GetStage(f.ctx, &apigatewayv2.GetStageInput{ApiId: f.http, StageName: stageName}))(f.t).DeploymentId)
}

// Every automatic deployment but the served one and the last few goes; what was made by
// hand stays.
func TestAutoDeploy_forgets(t *testing.T) {
	f := newFixture(t)
	integrationId := f.integrate(f.http)
	f.route(f.http, "$default", integrationId)
	byHand := must(f.CreateDeployment(f.ctx, &apigatewayv2.CreateDeploymentInput{ApiId: f.http}))(t)
	must(f.CreateStage(f.ctx, &apigatewayv2.CreateStageInput{ApiId: f.http, StageName: "s", AutoDeploy: value(true)}))(t)
	for i := range 3 * automaticDeploymentsKept {
		f.route(f.http, "GET /"+string(rune('a'+i)), integrationId)
	}
	all := must(f.GetDeployments(f.ctx, &apigatewayv2.GetDeploymentsInput{ApiId: f.http}))(t).Items
	if len(all) != automaticDeploymentsKept+2 {
		t.Errorf("%d deployments are kept", len(all))
	}
	if *all[0].DeploymentId != f.served("s") || *all[len(all)-1].DeploymentId != *byHand.DeploymentId {
		t.Errorf("%+v", all)
	}
}

// BenchmarkCreateRoute_autoDeploy makes and deletes one route, so it deploys twice, of an API with 150 routes and integrations,
// in the middle of AWS's quota, with a stage that deploys by itself.
func BenchmarkCreateRoute_autoDeploy(b *testing.B) {
	f := newFixture(b)
	must(f.CreateStage(f.ctx, &apigatewayv2.CreateStageInput{ApiId: f.http, StageName: "$default", AutoDeploy: value(true)}))(b)
	for i := range 150 {
		f.route(f.http, "GET /x"+strconv.Itoa(i), f.integrate(f.http))
	}
	for b.Loop() {
		routeId := f.route(f.http, "GET /one", "")
		must(f.DeleteRoute(f.ctx, &apigatewayv2.DeleteRouteInput{ApiId: f.http, RouteId: routeId}))(b)
	}
}
