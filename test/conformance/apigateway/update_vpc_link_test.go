// Known from: API reference, patch operations of UpdateVpcLink.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"

	"gatehouse/test/conformance"
)

func TestUpdateVpcLink(t *testing.T) {
	conformance.Ours(t)
	f := newFixture(t)
	id := vpcLink(t, f, networkLoadBalancer).Id
	got, err := f.client.UpdateVpcLink(f.ctx, &apigateway.UpdateVpcLinkInput{VpcLinkId: id, PatchOperations: replace("/name", "other")})
	is(t, "name", must(t, got, err).Name, "other")
	is(t, "description, as it was", got.Description, "d")
	if got.Tags == nil { // the aws CLI's example
		t.Error("no tags at all")
	}
	_, err = f.client.UpdateVpcLink(f.ctx, &apigateway.UpdateVpcLinkInput{VpcLinkId: id, PatchOperations: replace("/targetArns", "x")})
	refused(t, err, badRequestCode, "Invalid patch path  '/targetArns' specified for op 'replace'. Must be one of: [/name, /description]")
}
