// Known from: AWS command line's get-resources example; error observed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestGetResource_namesOrEmbedsMethods(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	output, err := f.client.GetResource(f.ctx, &apigateway.GetResourceInput{RestApiId: f.apiId, ResourceId: f.rootId})
	got := must(t, output, err)
	if method, ok := got.ResourceMethods["GET"]; !ok || method.HttpMethod != nil || got.ParentId != nil || *got.Path != "/" {
		t.Errorf("%+v", got)
	}
	output, err = f.client.GetResource(f.ctx, &apigateway.GetResourceInput{RestApiId: f.apiId, ResourceId: f.rootId, Embed: []string{"methods"}})
	is(t, "embedded httpMethod", must(t, output, err).ResourceMethods["GET"].HttpMethod, "GET")
}

func TestGetResource_missing(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.GetResource(f.ctx, &apigateway.GetResourceInput{RestApiId: f.apiId, ResourceId: aws.String("zzzzzz")})
	refused(t, err, notFoundCode, messageResource)
}
