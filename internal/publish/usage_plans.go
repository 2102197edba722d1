package publish

import (
	"maps"
	"slices"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/apikey"
	"gatehouse/internal/plan"
	"gatehouse/internal/store"
	"gatehouse/internal/throttle"
	"gatehouse/internal/usage"
)

// Usage plans and API keys are live: no deployment freezes them. What a batch changed of
// them is made anew, the rest stays as it is.

// touchedPlans are the keys and plans of one scope that a change may have changed.
type touchedPlans struct{ keys, plans map[string]bool }

// changePlans makes the usage plans that a change touches.
func (p *Publisher) changePlans(change store.Change) {
	touched := touchedBy(change)
	if len(touched) == 0 && !change.Whole {
		return
	}
	next := map[plan.Scope]*plan.UsagePlans{}
	if !change.Whole {
		maps.Copy(next, p.plans)
	}
	for scope, part := range touched {
		c := planCompiler{p: p, r: change.Snapshot, at: scope}
		keys, plans := c.compile(part)
		id := plan.Scope{AccountId: scope.Account, Region: scope.Region}
		next[id] = next[id].With(keys, plans)
	}
	p.plans = next
}

// touchedBy reads which records a change wrote; all of them when it is whole.
func touchedBy(change store.Change) map[store.Scope]touchedPlans {
	touched := map[store.Scope]touchedPlans{}
	if !change.Whole {
		for _, write := range change.Writes {
			touchPlans(touched, write.Key.Segments())
		}
		return touched
	}
	for record := range change.Snapshot.List(store.NewKey()) {
		touchPlans(touched, record.Key.Segments())
	}
	return touched
}

// touchPlans notes the key and the plan that a record is about.
func touchPlans(touched map[store.Scope]touchedPlans, segments []string) {
	if len(segments) <= keyApi {
		return
	}
	keyId, planId := "", ""
	switch segments[keyKind] {
	case records.ApiKeys.Kind():
		keyId = segments[keyApi]
	case records.UsagePlans.Kind():
		planId = segments[keyApi]
	case records.UsagePlanKeys.Kind(), records.UsageExtensions.Kind():
		keyId = segments[len(segments)-1]
	default:
		return
	}
	scope := scopeOf(segments)
	part, ok := touched[scope]
	if !ok {
		part = touchedPlans{keys: map[string]bool{}, plans: map[string]bool{}}
		touched[scope] = part
	}
	if keyId != "" {
		part.keys[keyId] = true
	}
	if planId != "" {
		part.plans[planId] = true
	}
}

// planCompiler makes what the data plane knows of the keys and plans of a scope.
type planCompiler struct {
	p  *Publisher
	r  store.Snapshot
	at store.Scope
}

func (c *planCompiler) compile(touched touchedPlans) (map[string]*plan.ApiKey, map[string]*plan.UsagePlan) {
	plans := make(map[string]*plan.UsagePlan, len(touched.plans))
	for id := range touched.plans {
		plans[id] = c.usagePlan(id)
	}
	keys := make(map[string]*plan.ApiKey, len(touched.keys))
	members := c.members(touched.keys)
	for id := range touched.keys {
		keys[id] = c.apiKey(id, members[id])
	}
	return keys, plans
}

// fewKeys is how many keys are looked for in each plan; of more, all memberships are read
// at once.
const fewKeys = 16

// members are the plans of keys, in order of ids.
func (c *planCompiler) members(keys map[string]bool) map[string][]string {
	members := make(map[string][]string, len(keys))
	if len(keys) > fewKeys {
		for _, id := range records.UsagePlanKeys.IDs(c.r, c.at) {
			members[id[1]] = append(members[id[1]], id[0])
		}
		return members
	}
	for _, planId := range records.UsagePlans.IDs(c.r, c.at) {
		for keyId := range keys {
			if records.UsagePlanKeys.Has(c.r, c.at, planId[0], keyId) {
				members[keyId] = append(members[keyId], planId[0])
			}
		}
	}
	return members
}

// apiKey is nil for a key that is gone.
func (c *planCompiler) apiKey(id string, planIds []string) *plan.ApiKey {
	if !records.ApiKeys.Has(c.r, c.at, id) {
		return nil
	}
	record, err := records.ApiKeys.Get(c.r, c.at, id)
	digest, ok := apikey.ParseDigest(record.ValueDigest)
	if err != nil || !ok {
		c.p.log.Error("an API key is not served: its record cannot be read", "apiKey", id, "error", err)
		return nil
	}
	key := &plan.ApiKey{Id: id, Name: record.Name, Digest: digest, Enabled: record.Enabled}
	slices.Sort(planIds)
	for _, planId := range planIds {
		key.Subscriptions = append(key.Subscriptions, &plan.Subscription{
			Usage:        usage.Id{AccountId: c.at.Account, Region: c.at.Region, UsagePlanId: planId, KeyId: id},
			ThrottleName: "plan/" + c.at.Account + "/" + c.at.Region + "/" + planId + "/" + id,
			Extension:    c.extension(planId, id),
		})
	}
	return key
}

func (c *planCompiler) extension(planId, keyId string) *usage.Extension {
	record, err := records.UsageExtensions.Get(c.r, c.at, planId, keyId)
	if err != nil {
		return nil
	}
	start, err := usage.ParseDay(record.PeriodStart)
	if err != nil {
		return nil
	}
	return &usage.Extension{PeriodStart: start, Requests: record.Requests}
}

// usagePlan is nil for a plan that is gone.
func (c *planCompiler) usagePlan(id string) *plan.UsagePlan {
	if !records.UsagePlans.Has(c.r, c.at, id) {
		return nil
	}
	record, err := records.UsagePlans.Get(c.r, c.at, id)
	if err != nil {
		c.p.log.Error("a usage plan is not served: its record cannot be read", "usagePlan", id, "error", err)
		return nil
	}
	compiled := &plan.UsagePlan{Id: id, Name: record.Name}
	if record.Throttle != nil {
		compiled.Throttle = new(plan.ThrottleLimit(record.Throttle.RateLimit, record.Throttle.BurstLimit))
	}
	if quota := record.Quota; quota != nil {
		compiled.Quota = &usage.Quota{Limit: int64(quota.Limit), Period: usage.Period(quota.Period), Offset: int(quota.Offset)}
	}
	for _, stage := range record.ApiStages {
		compiled.Stages = append(compiled.Stages, plan.UsagePlanStage{ApiId: stage.ApiId, StageName: stage.Stage, Throttles: methodLimits(stage.Throttle)})
	}
	return compiled
}

func methodLimits(throttles map[string]apigw.ThrottleSettings) map[string]map[string]throttle.Limit {
	var limits map[string]map[string]throttle.Limit
	for key, settings := range throttles {
		path, httpMethod, ok := apigw.SplitMethodThrottleKey(key)
		if !ok {
			continue
		}
		if limits == nil {
			limits = map[string]map[string]throttle.Limit{}
		}
		if limits[path] == nil {
			limits[path] = map[string]throttle.Limit{}
		}
		limits[path][httpMethod] = plan.ThrottleLimit(settings.RateLimit, settings.BurstLimit)
	}
	return limits
}
