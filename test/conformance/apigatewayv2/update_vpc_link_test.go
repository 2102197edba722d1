// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestUpdateVpcLink(t *testing.T) {
	f := newHttp(t)
	output, err := f.client.UpdateVpcLink(f.ctx, &apigatewayv2.UpdateVpcLinkInput{VpcLinkId: f.vpcLink(), Name: aws.String("renamed")})
	is(t, "name", must(t, output, err).Name, "renamed")
}
