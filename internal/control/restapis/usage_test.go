package restapis

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/usage"
	usagerecords "gatehouse/internal/usage/records"
)

// Usage is told by day, what remains by period, and both include what was counted a
// moment ago.
func TestUsage(t *testing.T) {
	ctx, s, _ := newTestService(t)
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) // a Tuesday
	s.Now = func() time.Time { return now }
	counters := usage.New(usagerecords.Keeper{Store: s.Store}, s.Now, nil)
	s.Usage = counters
	key, err := s.CreateApiKey(ctx, &apigateway.CreateApiKeyInput{})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := s.CreateUsagePlan(ctx, &apigateway.CreateUsagePlanInput{
		Name: "p", Quota: &apigateway.QuotaSettings{Limit: value[int32](10), Period: "WEEK", Offset: value[int32](2)},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.CreateUsagePlanKey(ctx, &apigateway.CreateUsagePlanKeyInput{UsagePlanId: *plan.Id, KeyId: *key.Id, KeyType: "API_KEY"}); err != nil {
		t.Fatal(err)
	}
	id := s.viewKeys(ctx).usageId(*plan.Id, *key.Id)
	quota := &usage.Quota{Limit: 10, Period: usage.PeriodWeek, Offset: 2}
	for _, hours := range []time.Duration{-25, -24, 0, 0, 25} { // Monday twice, Tuesday twice, Wednesday
		now = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC).Add(hours * time.Hour)
		counters.Take(&id, quota, nil)
	}
	ask := func() [][]int64 {
		t.Helper()
		out, err := s.GetUsage(ctx, &apigateway.GetUsageInput{UsagePlanId: *plan.Id, KeyId: key.Id, StartDate: "2026-11-22", EndDate: "2026-11-26"})
		if err != nil {
			t.Fatal(err)
		}
		return out.Items[*key.Id]
	}
	// A period begins on Tuesday, the third day of the week.
	if diff := cmp.Diff([][]int64{{0, 10}, {2, 8}, {2, 8}, {1, 7}, {0, 7}}, ask()); diff != "" {
		t.Error(diff)
	}
	_, err = s.UpdateUsage(ctx, &apigateway.UpdateUsageInput{UsagePlanId: *plan.Id, KeyId: *key.Id, PatchOperations: []apigateway.PatchOperation{
		{Op: "replace", Path: value("/remaining"), Value: value("100")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]int64{{0, 10}, {2, 8}, {2, 101}, {1, 100}, {0, 100}}, ask()); diff != "" {
		t.Errorf("extended: %s", diff)
	}
}
