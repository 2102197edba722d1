// Known from: the guide says that what is below goes too; errors observed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestDeleteResource_takesAllBelow(t *testing.T) {
	f := newFixture(t)
	pets := f.resource(f.rootId, "pets")
	f.resource(f.resource(pets, "{id}"), "toys")
	_, err := f.client.DeleteResource(f.ctx, &apigateway.DeleteResourceInput{RestApiId: f.apiId, ResourceId: pets})
	must(t, 0, err)
	output, err := f.client.GetResources(f.ctx, &apigateway.GetResourcesInput{RestApiId: f.apiId})
	if got := must(t, output, err).Items; len(got) != 1 {
		t.Errorf("%d resources are left", len(got))
	}
}

func TestDeleteResource_refuses(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.DeleteResource(f.ctx, &apigateway.DeleteResourceInput{RestApiId: f.apiId, ResourceId: f.rootId})
	refused(t, err, badRequestCode, "Root resource cannot be removed.")
	_, err = f.client.DeleteResource(f.ctx, &apigateway.DeleteResourceInput{RestApiId: f.apiId, ResourceId: aws.String("zzzzzz")})
	refused(t, err, notFoundCode, messageResource)
}
