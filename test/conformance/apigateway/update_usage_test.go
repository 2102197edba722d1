// Known from: API reference, patch operations; the error of a path was reported by a user (boto/boto3#2504).

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestUpdateUsage(t *testing.T) {
	f := newFixture(t)
	plan := usagePlan(t, f, &apigateway.CreateUsagePlanInput{Name: aws.String("p"), Quota: &types.QuotaSettings{Limit: 10, Period: types.QuotaPeriodTypeMonth, Offset: 3}})
	key := apiKey(t, f, &apigateway.CreateApiKeyInput{}).Id
	usagePlanKey(t, f, plan, key)
	for _, remaining := range []int64{25, 3} {
		value := map[int64]string{25: "25", 3: "3"}[remaining]
		output, err := f.client.UpdateUsage(f.ctx, &apigateway.UpdateUsageInput{UsagePlanId: plan, KeyId: key, PatchOperations: replace("/remaining", value)})
		if days := must(t, output, err).Items[*key]; len(days) != 1 || days[0][0] != 0 || days[0][1] != remaining {
			t.Errorf("%v, want %d", days, remaining)
		}
	}
}

func TestUpdateUsage_refuses(t *testing.T) {
	f := newFixture(t)
	plan := usagePlan(t, f, &apigateway.CreateUsagePlanInput{Name: aws.String("p")})
	key := apiKey(t, f, &apigateway.CreateApiKeyInput{}).Id
	usagePlanKey(t, f, plan, key)
	for message, operation := range map[string]types.PatchOperation{
		"Invalid patch path  '/extension' specified for op 'add'. Must be one of: []": op(types.OpAdd, "/extension", "1"),
		"Usage Plan has no quota":                           op(types.OpReplace, "/remaining", "1"),  // unconfirmed
		"Remaining quota must be a number and not negative": op(types.OpReplace, "/remaining", "-1"), // unconfirmed
	} {
		_, err := f.client.UpdateUsage(f.ctx, &apigateway.UpdateUsageInput{UsagePlanId: plan, KeyId: key, PatchOperations: []types.PatchOperation{operation}})
		refused(t, err, badRequestCode, message)
	}
}
