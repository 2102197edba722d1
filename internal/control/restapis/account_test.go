package restapis

import (
	"testing"

	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/throttle"
)

// Known from: the model's ThrottleSettings; the quota "Throttle quota per account, per Region".
func TestGetAccountShowsTheThrottleThatIsEnforced(t *testing.T) {
	ctx, s, _ := newTestService(t)
	for _, c := range []struct {
		enforced throttle.Limit
		rate     float64
		burst    int32
	}{
		{throttle.Limit{}, 10000, 5000},
		{throttle.Limit{Rate: 100, Burst: 50}, 100, 50},
	} {
		s.AccountThrottle = c.enforced
		account, err := s.GetAccount(ctx, &apigateway.GetAccountInput{})
		if err != nil {
			t.Fatal(err)
		}
		if got := account.ThrottleSettings; *got.RateLimit != c.rate || *got.BurstLimit != c.burst {
			t.Errorf("enforced %v: shown %v a second, burst %v", c.enforced, *got.RateLimit, *got.BurstLimit)
		}
	}
}
