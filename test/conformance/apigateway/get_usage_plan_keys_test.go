// Known from: the model.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestGetUsagePlanKeys(t *testing.T) {
	f := newFixture(t)
	plan := usagePlan(t, f, &apigateway.CreateUsagePlanInput{Name: aws.String("p")})
	for _, name := range []string{"ab", "ac", "b"} {
		usagePlanKey(t, f, plan, apiKey(t, f, &apigateway.CreateApiKeyInput{Name: &name}).Id)
	}
	pages, count := apigateway.NewGetUsagePlanKeysPaginator(f.client, &apigateway.GetUsagePlanKeysInput{UsagePlanId: plan, Limit: aws.Int32(2)}), 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(f.ctx)
		count += len(must(t, page, err).Items)
	}
	if count != 3 {
		t.Errorf("%d keys over all pages", count)
	}
	output, err := f.client.GetUsagePlanKeys(f.ctx, &apigateway.GetUsagePlanKeysInput{UsagePlanId: plan, NameQuery: aws.String("a")})
	if got := must(t, output, err).Items; len(got) != 2 {
		t.Errorf("%+v", got)
	}
	_, err = f.client.GetUsagePlanKeys(f.ctx, &apigateway.GetUsagePlanKeysInput{UsagePlanId: aws.String(missingId)})
	refused(t, err, notFoundCode, messageUsagePlan)
}
