package apis

import (
	"testing"

	"gatehouse/internal/awsapi/apigatewayv2"
)

// Source: the messages are observed; the steps that free a link are those of AWS's article
// on deleting one.
func TestDeleteVpcLink_inUse(t *testing.T) {
	f := newFixture(t)
	created := must(f.CreateVpcLink(f.ctx, &apigatewayv2.CreateVpcLinkInput{Name: "l", SubnetIds: []string{"s"}}))(t)
	if created.VpcLinkStatus != "PENDING" {
		t.Errorf("a new link is %s", created.VpcLinkStatus)
	}
	link := *created.VpcLinkId
	if got := must(f.GetVpcLink(f.ctx, &apigatewayv2.GetVpcLinkInput{VpcLinkId: link}))(t); got.VpcLinkStatus != "AVAILABLE" || got.VpcLinkVersion != "V2" {
		t.Errorf("%+v", got)
	}
	integrationId := *must(f.CreateIntegration(f.ctx, &apigatewayv2.CreateIntegrationInput{
		ApiId: f.http, IntegrationType: "HTTP_PROXY", IntegrationMethod: value("ANY"), IntegrationUri: value(listenerArn), ConnectionType: "VPC_LINK", ConnectionId: &link,
	}))(t).IntegrationId
	routeId := f.route(f.http, "ANY /x", integrationId)
	must(f.CreateStage(f.ctx, &apigatewayv2.CreateStageInput{ApiId: f.http, StageName: "prod"}))(t)
	deploy := func() {
		t.Helper()
		must(f.CreateDeployment(f.ctx, &apigatewayv2.CreateDeploymentInput{ApiId: f.http, StageName: value("prod")}))(t)
	}
	deploy()
	in := &apigatewayv2.DeleteVpcLinkInput{VpcLinkId: link}
	_, err := f.DeleteVpcLink(f.ctx, in)
	wantError(t, err, badRequestCode, "Cannot delete vpc link. Vpc link '"+link+"', is referenced in [ANY:"+routeId+"] in format of [Method:Resource].")
	must(f.UpdateIntegration(f.ctx, &apigatewayv2.UpdateIntegrationInput{
		ApiId: f.http, IntegrationId: integrationId, ConnectionType: "INTERNET", IntegrationUri: value("https://a.example"),
	}))(t)
	_, err = f.DeleteVpcLink(f.ctx, in)
	wantError(t, err, badRequestCode, "Cannot delete vpc link. Vpc link '"+link+"', is referenced in [ANY:"+routeId+":prod] in format of [Method:Resource:Stage].")
	deploy()
	must(f.DeleteVpcLink(f.ctx, in))(t)
	_, err = f.GetVpcLink(f.ctx, &apigatewayv2.GetVpcLinkInput{VpcLinkId: link})
	wantError(t, err, notFoundCode, "Invalid VpcLink identifier specified")
}
