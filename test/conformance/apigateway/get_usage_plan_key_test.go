// Known from: the model.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestGetUsagePlanKey(t *testing.T) {
	f := newFixture(t)
	plan, key := usagePlan(t, f, &apigateway.CreateUsagePlanInput{Name: aws.String("p")}), apiKey(t, f, &apigateway.CreateApiKeyInput{Name: aws.String("k")}).Id
	_, err := f.client.GetUsagePlanKey(f.ctx, &apigateway.GetUsagePlanKeyInput{UsagePlanId: plan, KeyId: key})
	refused(t, err, notFoundCode, "Invalid Usage Plan Key identifier specified") // unconfirmed
	usagePlanKey(t, f, plan, key)
	output, err := f.client.GetUsagePlanKey(f.ctx, &apigateway.GetUsagePlanKeyInput{UsagePlanId: plan, KeyId: key})
	got := must(t, output, err)
	is(t, "name", got.Name, "k")
	is(t, "type", got.Type, "API_KEY")
	if got.Value != nil {
		t.Error("the value is told")
	}
}
