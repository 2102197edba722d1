package app

import (
	"context"

	"gatehouse/internal/apikey"
	"gatehouse/internal/dataplane/usageplan"
	"gatehouse/internal/plan"
	"gatehouse/internal/usage"
	usagerecords "gatehouse/internal/usage/records"
)

// apiKeys are what usage plans are enforced with.
type apiKeys struct {
	values   *apikey.Values
	counters *usage.Counters
}

// openApiKeys counts usage until Stop, which stores what was counted last.
func (a *App) openApiKeys(ctx context.Context, known *identities) *apiKeys {
	k := &apiKeys{values: apikey.New(known.keeper), counters: usage.New(usagerecords.Keeper{Store: a.store}, a.now, a.log)}
	a.usage = k.counters
	a.background(ctx, k.counters.Run)
	return k
}

func (k *apiKeys) checker(p *parts) *usageplan.Checker {
	return &usageplan.Checker{
		Values: k.values, Throttles: p.throttles, Counters: k.counters,
		Plans: func(scope plan.Scope) *plan.UsagePlans { return p.publisher.Table().UsagePlans(scope) },
	}
}
