// Known from: the model; error observed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

// A key that goes leaves its plans.
func TestDeleteApiKey(t *testing.T) {
	f := newFixture(t)
	created, plan := apiKey(t, f, &apigateway.CreateApiKeyInput{}), usagePlan(t, f, &apigateway.CreateUsagePlanInput{Name: aws.String("p")})
	usagePlanKey(t, f, plan, created.Id)
	output, err := f.client.DeleteApiKey(f.ctx, &apigateway.DeleteApiKeyInput{ApiKey: created.Id})
	must(t, output, err)
	members, err := f.client.GetUsagePlanKeys(f.ctx, &apigateway.GetUsagePlanKeysInput{UsagePlanId: plan})
	if got := must(t, members, err).Items; len(got) != 0 {
		t.Errorf("the plan has %+v", got)
	}
	_, err = f.client.DeleteApiKey(f.ctx, &apigateway.DeleteApiKeyInput{ApiKey: created.Id})
	refused(t, err, notFoundCode, messageApiKey)
}
