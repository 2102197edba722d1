// Known from: guide api-gateway-create-usage-plans-with-console.md (an exported file); test/scripts counts requests.

package apigateway

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestGetUsage(t *testing.T) {
	f := newFixture(t)
	plan := usagePlan(t, f, &apigateway.CreateUsagePlanInput{Name: aws.String("p"), Quota: &types.QuotaSettings{Limit: 5000, Period: types.QuotaPeriodTypeDay}})
	key := apiKey(t, f, &apigateway.CreateApiKeyInput{}).Id
	usagePlanKey(t, f, plan, key)
	today := time.Now().UTC()
	start, end := today.AddDate(0, 0, -1).Format(time.DateOnly), today.Format(time.DateOnly)
	output, err := f.client.GetUsage(f.ctx, &apigateway.GetUsageInput{UsagePlanId: plan, StartDate: &start, EndDate: &end})
	got := must(t, output, err)
	is(t, "startDate", got.StartDate, start)
	is(t, "endDate", got.EndDate, end)
	if days := got.Items[*key]; len(days) != 2 || days[1][0] != 0 || days[1][1] != 5000 {
		t.Errorf("%v", got.Items)
	}
}

func TestGetUsage_refuses(t *testing.T) {
	f := newFixture(t)
	plan := usagePlan(t, f, &apigateway.CreateUsagePlanInput{Name: aws.String("p")})
	for message, row := range map[string]struct{ code, plan, start, end string }{
		messageUsagePlan: {notFoundCode, missingId, "2026-01-01", "2026-01-02"},
		// The others are unconfirmed.
		"Invalid date specified. Must be yyyy-MM-dd":                                                              {badRequestCode, *plan, "yesterday", "2026-01-02"},
		"Invalid date range specified. The start must not be after the end, and at most 90 days can be asked for": {badRequestCode, *plan, "2026-01-02", "2026-01-01"},
	} {
		_, err := f.client.GetUsage(f.ctx, &apigateway.GetUsageInput{UsagePlanId: &row.plan, StartDate: &row.start, EndDate: &row.end})
		refused(t, err, row.code, message)
	}
	_, err := f.client.GetUsage(f.ctx, &apigateway.GetUsageInput{UsagePlanId: plan, KeyId: aws.String(missingId), StartDate: aws.String("2026-01-01"), EndDate: aws.String("2026-01-01")})
	refused(t, err, notFoundCode, "Invalid Usage Plan Key identifier specified")
}
