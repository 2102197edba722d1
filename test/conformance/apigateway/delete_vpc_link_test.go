// Known from: the messages were reported by users of Terraform's provider.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"gatehouse/test/conformance"
)

func TestDeleteVpcLink(t *testing.T) {
	conformance.Ours(t)
	f := newFixture(t)
	id := vpcLink(t, f, networkLoadBalancer).Id
	f.method(f.rootId, nil)
	integrated, err := f.client.PutIntegration(f.ctx, &apigateway.PutIntegrationInput{
		RestApiId: f.apiId, ResourceId: f.rootId, HttpMethod: aws.String("GET"), Type: types.IntegrationTypeHttpProxy, IntegrationHttpMethod: aws.String("GET"),
		Uri: aws.String("http://nlb.example.com"), ConnectionType: types.ConnectionTypeVpcLink, ConnectionId: id,
	})
	is(t, "connection", must(t, integrated, err).ConnectionId, *id)
	_, err = f.client.DeleteVpcLink(f.ctx, &apigateway.DeleteVpcLinkInput{VpcLinkId: id})
	refused(t, err, badRequestCode, "Cannot delete vpc link. Vpc link '"+*id+"', is referenced in [GET:"+*f.rootId+"] in format of [Method:Resource].")
	deleted, err := f.client.DeleteIntegration(f.ctx, &apigateway.DeleteIntegrationInput{RestApiId: f.apiId, ResourceId: f.rootId, HttpMethod: aws.String("GET")})
	must(t, deleted, err)
	gone, err := f.client.DeleteVpcLink(f.ctx, &apigateway.DeleteVpcLinkInput{VpcLinkId: id})
	must(t, gone, err)
}
