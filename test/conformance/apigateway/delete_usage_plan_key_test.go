// Known from: the model.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestDeleteUsagePlanKey(t *testing.T) {
	f := newFixture(t)
	plan, key := usagePlan(t, f, &apigateway.CreateUsagePlanInput{Name: aws.String("p")}), apiKey(t, f, &apigateway.CreateApiKeyInput{}).Id
	usagePlanKey(t, f, plan, key)
	output, err := f.client.DeleteUsagePlanKey(f.ctx, &apigateway.DeleteUsagePlanKeyInput{UsagePlanId: plan, KeyId: key})
	must(t, output, err)
	_, err = f.client.DeleteUsagePlanKey(f.ctx, &apigateway.DeleteUsagePlanKeyInput{UsagePlanId: plan, KeyId: key})
	refused(t, err, notFoundCode, "Invalid Usage Plan Key identifier specified") // unconfirmed
}
