package httpapi

import (
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/throttle"
)

// throttleRoute takes a token of the route's bucket, then one of the account's (guide:
// http-api-throttling.md).
func throttleRoute(e *exchange) *fault.Fault {
	route := &e.stage.Settings[e.route.Index]
	if route.HasThrottle {
		if decision := e.pipeline.Throttles.Take(route.ThrottleName, route.Throttle); !decision.Allowed {
			return throttled(e, "ROUTE ("+e.route.RouteKey+")", route.Throttle, decision)
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
	if route.HasThrottle {
		e.pipeline.Throttles.GiveBack(route.ThrottleName, route.Throttle)
	}
	return throttled(e, "ACCOUNT", account, decision)
}

func throttled(e *exchange, level string, limit throttle.Limit, decision throttle.Decision) *fault.Fault {
	f := fault.New(fault.Throttled)
	f.Checked = level + " " + limit.String()
	f.Found, f.Wanted = decision.Explain()
	e.record.Note(record.ThrottleLevel, level)
	return f
}
