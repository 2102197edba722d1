// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetVpcLinks(t *testing.T) {
	f := newHttp(t)
	id := f.vpcLink()
	output, err := f.client.GetVpcLinks(f.ctx, &apigatewayv2.GetVpcLinksInput{})
	count(t, "links", must(t, output, err).Items, 1)
	is(t, "vpcLinkId", output.Items[0].VpcLinkId, *id)
}
