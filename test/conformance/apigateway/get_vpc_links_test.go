// Known from: the model.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"

	"gatehouse/test/conformance"
)

func TestGetVpcLinks(t *testing.T) {
	conformance.Ours(t)
	f := newFixture(t)
	for range 3 {
		vpcLink(t, f, networkLoadBalancer)
	}
	pages, count := apigateway.NewGetVpcLinksPaginator(f.client, &apigateway.GetVpcLinksInput{Limit: aws.Int32(2)}), 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(f.ctx)
		count += len(must(t, page, err).Items)
	}
	if count != 3 {
		t.Errorf("%d links over all pages", count)
	}
}
