package plan

import (
	"gatehouse/internal/apigw"
	"gatehouse/internal/throttle"
)

// ThrottleLimit completes a limit of which a setting may name one member alone: the other
// one is the account's. rate is in requests a second, burst in requests.
func ThrottleLimit(rate *float64, burst *int32) throttle.Limit {
	limit := throttle.Limit{Rate: apigw.AccountThrottleRateLimit, Burst: apigw.AccountThrottleBurstLimit}
	if rate != nil {
		limit.Rate = *rate
	}
	if burst != nil {
		limit.Burst = int(*burst)
	}
	return limit
}
