// Known from: guide http-api-vpc-links.md; the status message is observed.

package apigatewayv2

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"gatehouse/test/conformance"
)

func TestCreateVpcLink(t *testing.T) {
	conformance.Ours(t)
	c := client(t)
	output, err := c.CreateVpcLink(context.Background(), &apigatewayv2.CreateVpcLinkInput{Name: aws.String("link"), SubnetIds: []string{"subnet-1"}, SecurityGroupIds: []string{"sg-1"}})
	got := must(t, output, err)
	is(t, "vpcLinkStatus", &got.VpcLinkStatus, types.VpcLinkStatusPending)
	is(t, "vpcLinkVersion", &got.VpcLinkVersion, types.VpcLinkVersionV2)
	found, err := c.GetVpcLink(context.Background(), &apigatewayv2.GetVpcLinkInput{VpcLinkId: got.VpcLinkId})
	is(t, "vpcLinkStatus", &must(t, found, err).VpcLinkStatus, types.VpcLinkStatusAvailable)
	is(t, "vpcLinkStatusMessage", found.VpcLinkStatusMessage, "VPC link is ready to route traffic")
}
