package restapi

import (
	"fmt"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/throttle"
)

// throttleMethod takes a token of the method's bucket, then one of the account's
// (guide: api-gateway-request-throttling.md gives the order; usage plans come before).
func throttleMethod(e *exchange) *fault.Fault {
	method := e.settings
	if method.HasThrottle {
		if decision := e.pipeline.Throttles.Take(method.ThrottleName, method.Throttle); !decision.Allowed {
			return throttled(e, "METHOD ("+e.method.HttpMethod+" "+e.method.ResourcePath+")", method.Throttle, decision)
		}
	}
	account := e.pipeline.AccountThrottle
	if account.Rate <= 0 {
		return nil
	}
	decision := e.pipeline.Throttles.Take(e.stage.AccountThrottleName, account)
	if decision.Allowed {
		return nil
	}
	if method.HasThrottle {
		e.pipeline.Throttles.GiveBack(method.ThrottleName, method.Throttle)
	}
	return throttled(e, accountLevel, account, decision)
}

// accountLevel is the throttle of all APIs of an account in a region.
const accountLevel = "ACCOUNT"

func throttled(e *exchange, level string, limit throttle.Limit, decision throttle.Decision) *fault.Fault {
	f := fault.New(fault.Throttled)
	f.Checked = level + " " + limit.String()
	f.Found, f.Wanted = decision.Explain()
	if level != accountLevel { // public log of 2019
		f.LogLine = fmt.Sprintf("Key throttle limit exceeded for RestApi %s, Stage %s, Resource %s, HttpMethod %s. Limit: %.2f Burst: %d",
			e.stage.ApiId, e.stage.StageName, e.method.ResourceId, e.httpMethod, limit.Rate, limit.Burst)
	}
	e.record.Note(record.ThrottleLevel, level)
	return f
}
