// Known from: the model and guide api-gateway-api-usage-plans.md; that a stage is not found was reported by users (aws/serverless-application-model#1560).

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// usagePlan makes a plan that goes when the test ends.
func usagePlan(t *testing.T, f *fixture, in *apigateway.CreateUsagePlanInput) *string {
	t.Helper()
	created, err := f.client.CreateUsagePlan(f.ctx, in)
	id := must(t, created, err).Id
	t.Cleanup(func() {
		for _, stage := range created.ApiStages {
			_, _ = f.client.UpdateUsagePlan(f.ctx, &apigateway.UpdateUsagePlanInput{
				UsagePlanId: id, PatchOperations: []types.PatchOperation{op(types.OpRemove, "/apiStages", *stage.ApiId+":"+*stage.Stage)},
			})
		}
		_, _ = f.client.DeleteUsagePlan(f.ctx, &apigateway.DeleteUsagePlanInput{UsagePlanId: id})
	})
	return id
}

func TestCreateUsagePlan(t *testing.T) {
	f := newFixture(t)
	f.deploy("prod")
	output, err := f.client.CreateUsagePlan(f.ctx, &apigateway.CreateUsagePlanInput{
		Name: aws.String("gold"), Description: aws.String("d"), Tags: map[string]string{"k": "v"},
		Throttle: &types.ThrottleSettings{RateLimit: 1.5, BurstLimit: 3}, Quota: &types.QuotaSettings{Limit: 100, Period: types.QuotaPeriodTypeWeek, Offset: 6},
		ApiStages: []types.ApiStage{{ApiId: f.apiId, Stage: aws.String("prod"), Throttle: map[string]types.ThrottleSettings{"//GET": {RateLimit: 1, BurstLimit: 1}}}},
	})
	got := must(t, output, err)
	t.Cleanup(func() {
		_, _ = f.client.UpdateUsagePlan(f.ctx, &apigateway.UpdateUsagePlanInput{UsagePlanId: got.Id, PatchOperations: []types.PatchOperation{op(types.OpRemove, "/apiStages", *f.apiId+":prod")}})
		_, _ = f.client.DeleteUsagePlan(f.ctx, &apigateway.DeleteUsagePlanInput{UsagePlanId: got.Id})
	})
	is(t, "name", got.Name, "gold")
	is(t, "description", got.Description, "d")
	is(t, "rateLimit", &got.Throttle.RateLimit, 1.5)
	is(t, "burstLimit", &got.Throttle.BurstLimit, 3)
	is(t, "limit", &got.Quota.Limit, 100)
	is(t, "offset", &got.Quota.Offset, 6)
	is(t, "period", &got.Quota.Period, types.QuotaPeriodTypeWeek)
	if len(*got.Id) != 6 || len(got.ApiStages) != 1 || got.ApiStages[0].Throttle["//GET"].BurstLimit != 1 || got.Tags["k"] != "v" {
		t.Errorf("%+v", got)
	}
}

func TestCreateUsagePlan_refuses(t *testing.T) {
	f := newFixture(t)
	f.deploy("prod")
	for message, row := range map[string]struct {
		code string
		in   apigateway.CreateUsagePlanInput
	}{
		"API Stage not found: " + *f.apiId + ":none": {notFoundCode, apigateway.CreateUsagePlanInput{ApiStages: []types.ApiStage{{ApiId: f.apiId, Stage: aws.String("none")}}}},
		"Invalid API Stage specified":                {badRequestCode, apigateway.CreateUsagePlanInput{ApiStages: []types.ApiStage{{ApiId: f.apiId}}}},
		// The following are unconfirmed; Terraform's provider knows the ranges.
		"Usage Plan quota offset must be zero in the DAY period":                         {badRequestCode, apigateway.CreateUsagePlanInput{Quota: &types.QuotaSettings{Limit: 1, Period: types.QuotaPeriodTypeDay, Offset: 1}}},
		"Usage Plan quota offset must be between 0 and 6 inclusive in the WEEK period":   {badRequestCode, apigateway.CreateUsagePlanInput{Quota: &types.QuotaSettings{Limit: 1, Period: types.QuotaPeriodTypeWeek, Offset: 7}}},
		"Usage Plan quota offset must be between 0 and 27 inclusive in the MONTH period": {badRequestCode, apigateway.CreateUsagePlanInput{Quota: &types.QuotaSettings{Limit: 1, Period: types.QuotaPeriodTypeMonth, Offset: 28}}},
		"Usage Plan quota limit must be greater than 0":                                  {badRequestCode, apigateway.CreateUsagePlanInput{Quota: &types.QuotaSettings{Period: types.QuotaPeriodTypeDay}}},
		"Usage Plan throttle limits must not be negative":                                {badRequestCode, apigateway.CreateUsagePlanInput{Throttle: &types.ThrottleSettings{RateLimit: -1}}},
		"Invalid method throttle specified: */*. Must be <resourcePath>/<httpMethod>": {badRequestCode, apigateway.CreateUsagePlanInput{ApiStages: []types.ApiStage{
			{ApiId: f.apiId, Stage: aws.String("prod"), Throttle: map[string]types.ThrottleSettings{"*/*": {RateLimit: 1}}},
		}}},
	} {
		row.in.Name = aws.String("p")
		_, err := f.client.CreateUsagePlan(f.ctx, &row.in)
		refused(t, err, row.code, message)
	}
}
