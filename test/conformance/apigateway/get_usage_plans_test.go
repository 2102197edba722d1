// Known from: the model.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestGetUsagePlans(t *testing.T) {
	f := newFixture(t)
	key := apiKey(t, f, &apigateway.CreateApiKeyInput{}).Id
	for range 3 {
		usagePlanKey(t, f, usagePlan(t, f, &apigateway.CreateUsagePlanInput{Name: aws.String("p")}), key)
	}
	usagePlan(t, f, &apigateway.CreateUsagePlanInput{Name: aws.String("without the key")})
	pages, count := apigateway.NewGetUsagePlansPaginator(f.client, &apigateway.GetUsagePlansInput{Limit: aws.Int32(2), KeyId: key}), 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(f.ctx)
		count += len(must(t, page, err).Items)
	}
	if count != 3 {
		t.Errorf("%d plans over all pages", count)
	}
}

func TestGetUsagePlans_unknownKey(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.GetUsagePlans(f.ctx, &apigateway.GetUsagePlansInput{KeyId: aws.String(missingId)})
	refused(t, err, notFoundCode, messageApiKey) // unconfirmed
}
