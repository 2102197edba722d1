// Known from: the model.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestGetApiKeys(t *testing.T) {
	f := newFixture(t)
	for _, name := range []string{"conformance-a", "conformance-b", "conformance-c"} {
		apiKey(t, f, &apigateway.CreateApiKeyInput{Name: &name, CustomerId: aws.String("customer " + name)})
	}
	in := &apigateway.GetApiKeysInput{Limit: aws.Int32(2), NameQuery: aws.String("conformance-"), IncludeValues: aws.Bool(true)}
	pages, count := apigateway.NewGetApiKeysPaginator(f.client, in), 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(f.ctx)
		for _, item := range must(t, page, err).Items {
			count++
			if item.Value == nil {
				t.Errorf("%s has no value", *item.Name)
			}
		}
	}
	if count != 3 {
		t.Errorf("%d keys over all pages", count)
	}
	output, err := f.client.GetApiKeys(f.ctx, &apigateway.GetApiKeysInput{CustomerId: aws.String("customer conformance-b")})
	if got := must(t, output, err).Items; len(got) != 1 || *got[0].Name != "conformance-b" || got[0].Value != nil {
		t.Errorf("%+v", got)
	}
}
