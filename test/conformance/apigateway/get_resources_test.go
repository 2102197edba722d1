// Known from: AWS command line's get-resources example; the model's paginator.

package apigateway

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestGetResources_pagesAndEmbeds(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	for _, part := range []string{"a", "b", "c"} {
		f.resource(f.rootId, part)
	}
	paths, pages := map[string]bool{}, 0
	in := &apigateway.GetResourcesInput{RestApiId: f.apiId, Limit: aws.Int32(3), Embed: []string{"methods"}}
	for p := apigateway.NewGetResourcesPaginator(f.client, in); p.HasMorePages(); pages++ {
		output, err := p.NextPage(f.ctx)
		for _, item := range must(t, output, err).Items {
			paths[*item.Path] = true
			if *item.Path == "/" {
				is(t, "authorizationType", item.ResourceMethods["GET"].AuthorizationType, "NONE")
			}
		}
	}
	if len(paths) != 4 || pages != 2 {
		t.Errorf("%v in %d pages", paths, pages)
	}
}

func TestGetResources_missing(t *testing.T) {
	_, err := client(t).GetResources(context.Background(), &apigateway.GetResourcesInput{RestApiId: aws.String(missingId)})
	refused(t, err, notFoundCode, messageApi)
}
