// Known from: guide set-up-nlb-for-vpclink-using-cli.md; the message of a failed link was reported by users, that of a missing one is unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"gatehouse/test/conformance"
)

func TestGetVpcLink(t *testing.T) {
	conformance.Ours(t)
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

func TestTagResource_vpcLink(t *testing.T) {
	conformance.Ours(t)
	f := newFixture(t)
	id := vpcLink(t, f, networkLoadBalancer).Id
	arn := aws.String("arn:aws:apigateway:us-east-1::/vpclinks/" + *id)
	tagged, err := f.client.TagResource(f.ctx, &apigateway.TagResourceInput{ResourceArn: arn, Tags: map[string]string{"more": "1"}})
	must(t, tagged, err)
	untagged, err := f.client.UntagResource(f.ctx, &apigateway.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"k"}})
	must(t, untagged, err)
	got, err := f.client.GetTags(f.ctx, &apigateway.GetTagsInput{ResourceArn: arn})
	if tags := must(t, got, err).Tags; len(tags) != 1 || tags["more"] != "1" {
		t.Errorf("tags are %v", tags)
	}
	missing := aws.String("arn:aws:apigateway:us-east-1::/vpclinks/zzzzzz")
	_, err = f.client.GetTags(f.ctx, &apigateway.GetTagsInput{ResourceArn: missing})
	refused(t, err, notFoundCode, "Invalid VpcLink identifier specified")
}
