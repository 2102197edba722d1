// Known from: Terraform's users, who reported the message.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

func TestDeleteVpcLink_inUse(t *testing.T) {
	f := newHttp(t)
	link := f.vpcLink()
	created, err := f.client.CreateIntegration(f.ctx, &apigatewayv2.CreateIntegrationInput{
		ApiId: f.apiId, IntegrationType: types.IntegrationTypeHttpProxy, IntegrationMethod: aws.String("ANY"), PayloadFormatVersion: aws.String("1.0"),
		ConnectionType: types.ConnectionTypeVpcLink, ConnectionId: link,
		IntegrationUri: aws.String("arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/a/b/c"),
	})
	integrationId := must(t, created, err).IntegrationId
	route, err := f.client.CreateRoute(f.ctx, &apigatewayv2.CreateRouteInput{ApiId: f.apiId, RouteKey: aws.String("ANY /x"), Target: aws.String("integrations/" + *integrationId)})
	routeId := must(t, route, err).RouteId
	in := &apigatewayv2.DeleteVpcLinkInput{VpcLinkId: link}
	_, err = f.client.DeleteVpcLink(f.ctx, in)
	refused(t, err, badRequestCode, "Cannot delete vpc link. Vpc link '"+*link+"', is referenced in [ANY:"+*routeId+"] in format of [Method:Resource].")
	updated, err := f.client.UpdateIntegration(f.ctx, &apigatewayv2.UpdateIntegrationInput{
		ApiId: f.apiId, IntegrationId: integrationId, ConnectionType: types.ConnectionTypeInternet, IntegrationUri: aws.String("https://example.com"),
	})
	must(t, updated, err)
	output, err := f.client.DeleteVpcLink(f.ctx, in)
	must(t, output, err)
}
