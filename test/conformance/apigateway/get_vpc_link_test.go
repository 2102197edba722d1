// Known from: guide set-up-nlb-for-vpclink-using-cli.md; the message of a failed link was reported by users, that of a missing one is unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestGetVpcLink(t *testing.T) {
	ours(t)
	f := newFixture(t)
	got, err := f.client.GetVpcLink(f.ctx, &apigateway.GetVpcLinkInput{VpcLinkId: vpcLink(t, f, networkLoadBalancer).Id})
	is(t, "status", &must(t, got, err).Status, types.VpcLinkStatusAvailable)
	is(t, "description", got.Description, "d")
	got, err = f.client.GetVpcLink(f.ctx, &apigateway.GetVpcLinkInput{VpcLinkId: vpcLink(t, f, "arn:x").Id})
	is(t, "status of a link to nothing", &must(t, got, err).Status, types.VpcLinkStatusFailed)
	is(t, "its message", got.StatusMessage, "NLB ARN is malformed")
	_, err = f.client.GetVpcLink(f.ctx, &apigateway.GetVpcLinkInput{VpcLinkId: aws.String("zzzzzz")})
	refused(t, err, notFoundCode, "Invalid VpcLink identifier specified")
}
