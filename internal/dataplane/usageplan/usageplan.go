// Package usageplan checks the API key of a request against the usage plans of its stage:
// is the key one of a plan of the stage, has the plan's bucket a token, has the quota
// room. Both pipelines that know API keys, of REST APIs and of WebSocket APIs, ask it.
//
// It decides from the published plan and from counters in memory alone. It does not find
// the key in a request, and renders nothing but the lines that AWS's execution log fixes.
//
// Begin at Checker.Check; explain.go says why a key was refused.
package usageplan

import (
	"fmt"

	"gatehouse/internal/apikey"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
	"gatehouse/internal/throttle"
	"gatehouse/internal/usage"
)

// Throttles takes tokens; *throttle.Limiter does.
type Throttles interface {
	Take(name string, limit throttle.Limit) throttle.Decision
}

// Counters counts requests; *usage.Counters does.
type Counters interface {
	Take(id *usage.Id, quota *usage.Quota, extension *usage.Extension) usage.Decision
}

// Checker checks API keys. All fields must be set.
type Checker struct {
	// Values digests the values of keys.
	Values *apikey.Values
	// Plans finds what is published for an account in a region; nil knows no key.
	Plans     func(scope plan.Scope) *plan.UsagePlans
	Throttles Throttles
	Counters  Counters
}

// Call is what a request shows, and where it goes.
type Call struct {
	Scope            plan.Scope
	ApiId, StageName string
	// ResourcePath is "/pets/{id}", or a route key; HttpMethod is the request's, and
	// MethodOfResource the Method that serves it, a verb or ANY.
	ResourceId, ResourcePath, HttpMethod, MethodOfResource string

	// Value is the key's value as the request shows it; empty when it shows none.
	Value string
	// Source is where the value is looked for: plan.ApiKeySourceHeader or …Authorizer.
	Source string
	// Request is asked when there is no value; it may be nil.
	Request Request
}

// Request is what a refusal wants to know more of.
type Request interface {
	// SimilarToApiKey tells of something that looks like a misplaced key; empty when
	// nothing does.
	SimilarToApiKey() string
}

// The reasons of refusals, as a record notes them.
const (
	ReasonNoKey     = "no-key"
	ReasonUnknown   = "unknown-key"
	ReasonDisabled  = "disabled-key"
	ReasonNoPlan    = "key-in-no-plan"
	ReasonNoStage   = "stage-not-in-plan"
	ReasonThrottled = "throttled"
	ReasonQuota     = "quota-exceeded"
)

// The levels of a plan's throttle. The second is followed by the Method that the plan
// limits, where a record notes it.
const (
	LevelPlan       = "USAGE PLAN"
	LevelPlanMethod = "USAGE PLAN METHOD"
)

// Check lets a request pass, counted, or says why not. The key is nil when it is not known.
func (c *Checker) Check(call *Call, notes *record.Notes) (*plan.ApiKey, *fault.Fault) {
	if notes.Verbose() {
		notes.Note(record.ApiKey, apikey.Mask(call.Value))
	}
	plans := c.Plans(call.Scope)
	var key *plan.ApiKey
	if call.Value != "" {
		key = plans.ApiKey(c.Values.Digest(call.Value))
	}
	if key != nil {
		notes.Hide(call.Value)
	}
	if key == nil || !key.Enabled {
		return key, refuse(call, plans, key, notes)
	}
	usagePlan, subscription, stage := find(plans, key, call)
	if usagePlan == nil {
		return key, refuse(call, plans, key, notes)
	}
	if notes.Enabled() {
		notes.Note(record.ApiKeyId, key.Id)
		notes.Note(record.UsagePlanId, usagePlan.Id)
	}
	if f := c.takeToken(call, admission{key, usagePlan, subscription, stage}, notes); f != nil {
		return key, f
	}
	decision := c.Counters.Take(&subscription.Usage, usagePlan.Quota, subscription.Extension)
	if !decision.Allowed {
		return key, quotaExceeded(call, admission{key, usagePlan, subscription, stage}, decision, notes)
	}
	return key, nil
}

// admission is a key with the plan that opens the stage to it.
type admission struct {
	key          *plan.ApiKey
	usagePlan    *plan.UsagePlan
	subscription *plan.Subscription
	stage        *plan.UsagePlanStage
}

// find returns the plan of the key that has the stage; there is one at most (guide:
// api-gateway-api-usage-plans.md).
func find(plans *plan.UsagePlans, key *plan.ApiKey, call *Call) (*plan.UsagePlan, *plan.Subscription, *plan.UsagePlanStage) {
	for _, subscription := range key.Subscriptions {
		usagePlan := plans.UsagePlan(subscription.Usage.UsagePlanId)
		if usagePlan == nil {
			continue
		}
		if stage := usagePlan.Stage(call.ApiId, call.StageName); stage != nil {
			return usagePlan, subscription, stage
		}
	}
	return nil, nil, nil
}

// takeToken takes a token of the method's bucket, if the plan limits the method, else of
// the plan's own, which all stages of the plan share. That one replaces the other is
// unconfirmed; a request that is refused here is not counted by the quota.
func (c *Checker) takeToken(call *Call, a admission, notes *record.Notes) *fault.Fault {
	name, level, method := a.subscription.ThrottleName, LevelPlan, call.MethodOfResource
	limit, ofMethod := a.stage.Throttle(call.ResourcePath, method)
	if !ofMethod && method != call.HttpMethod {
		method = call.HttpMethod
		limit, ofMethod = a.stage.Throttle(call.ResourcePath, method)
	}
	switch {
	case ofMethod:
		name += "/" + call.ApiId + "/" + call.StageName + "/" + method + call.ResourcePath
		level = LevelPlanMethod
	case a.usagePlan.Throttle != nil:
		limit = *a.usagePlan.Throttle
	default:
		return nil
	}
	decision := c.Throttles.Take(name, limit)
	if decision.Allowed {
		return nil
	}
	f := fault.New(fault.Throttled)
	f.Checked = fmt.Sprintf("%s (plan %s, key %s, %s %s): %s", level, describePlan(a.usagePlan), describeKey(a.key),
		call.HttpMethod, call.ResourcePath, limit)
	f.Found, f.Wanted = decision.Explain()
	f.LogLine = fmt.Sprintf("API Key %s exceeded throttle limit for API Stage %s/%s: Key throttle limit exceeded for Usage Plan ID %s, RestApi %s, Stage %s, Resource %s, HttpMethod %s. Limit: %.2f Burst: %d",
		apikey.Mask(call.Value), call.ApiId, call.StageName, a.usagePlan.Id, call.ApiId, call.StageName, call.ResourceId, call.HttpMethod, limit.Rate, limit.Burst)
	if ofMethod {
		level += " " + method
	}
	notes.Note(record.ThrottleLevel, level)
	notes.Note(record.ApiKeyReason, ReasonThrottled)
	return f
}

func quotaExceeded(call *Call, a admission, decision usage.Decision, notes *record.Notes) *fault.Fault {
	quota := a.usagePlan.Quota
	f := fault.New(fault.QuotaExceeded)
	f.Checked = fmt.Sprintf("the quota of key %s in plan %s: %d requests a %s", describeKey(a.key), describePlan(a.usagePlan), quota.Limit, quota.Period)
	f.Found = fmt.Sprintf("%d of %d requests used", decision.Used, decision.Limit)
	f.Wanted = "room in the quota; the next period begins on " + decision.Reset.String() + " at 00:00 UTC"
	f.LogLine = fmt.Sprintf("API Key %s exceeded quota limit for API Stage %s/%s: Key quota exhausted for Usage Plan ID %s. Limit: %d Period: %s",
		apikey.Mask(call.Value), call.ApiId, call.StageName, a.usagePlan.Id, decision.Limit, quota.Period)
	notes.Note(record.ApiKeyReason, ReasonQuota)
	return f
}
