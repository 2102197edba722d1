// Known from: guide set-up-nlb-for-vpclink-using-cli.md (output); the message about target ARNs and that of a status were reported by users.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"gatehouse/test/conformance"
)

// networkLoadBalancer is one that a test's own server declares.
const networkLoadBalancer = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/declared/50dc6c495c0c9188"

// vpcLink makes a link that goes when the test ends.
func vpcLink(t *testing.T, f *fixture, targetArn string) *apigateway.CreateVpcLinkOutput {
	t.Helper()
	created, err := f.client.CreateVpcLink(f.ctx, &apigateway.CreateVpcLinkInput{
		Name: aws.String("link"), Description: aws.String("d"), TargetArns: []string{targetArn}, Tags: map[string]string{"k": "v"},
	})
	got := must(t, created, err)
	t.Cleanup(func() { _, _ = f.client.DeleteVpcLink(f.ctx, &apigateway.DeleteVpcLinkInput{VpcLinkId: got.Id}) })
	return got
}

func TestCreateVpcLink(t *testing.T) {
	conformance.Ours(t)
	f := newFixture(t)
	got := vpcLink(t, f, networkLoadBalancer)
	is(t, "name", got.Name, "link")
	is(t, "status", &got.Status, types.VpcLinkStatusPending)
	is(t, "target", &got.TargetArns[0], networkLoadBalancer)
	if len(*got.Id) != 6 || got.Tags["k"] != "v" || got.StatusMessage != nil {
		t.Errorf("%+v", got)
	}
}

func TestCreateVpcLink_refuses(t *testing.T) {
	f := newFixture(t)
	for message, in := range map[string]*apigateway.CreateVpcLinkInput{
		"More than one target arn specified for vpc link.": {Name: aws.String("l"), TargetArns: []string{"a", "b"}},
		"A target arn must be specified for vpc link.":     {Name: aws.String("l"), TargetArns: []string{}}, // unconfirmed
	} {
		_, err := f.client.CreateVpcLink(f.ctx, in)
		refused(t, err, badRequestCode, message)
	}
}
