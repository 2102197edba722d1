package plan

import (
	"slices"
	"strings"

	"gatehouse/internal/apikey"
	"gatehouse/internal/throttle"
	"gatehouse/internal/usage"
)

// Where an API's clients show their API key.
const (
	ApiKeySourceHeader     = "HEADER"
	ApiKeySourceAuthorizer = "AUTHORIZER"
)

// Scope is an account in a region.
type Scope struct{ AccountId, Region string }

// ApiKey is an API key as requests meet it. Its value is not in it.
type ApiKey struct {
	Id, Name string
	Digest   apikey.Digest
	Enabled  bool
	// Subscriptions are the key's plans, in order of their ids.
	Subscriptions []*Subscription
}

// Subscription is a key in a plan.
type Subscription struct {
	Usage usage.Id
	// ThrottleName names the key's bucket in the plan.
	ThrottleName string
	// Extension is what was added to the key's quota; nil without one.
	Extension *usage.Extension
}

// UsagePlan is a usage plan, ready to be enforced.
type UsagePlan struct {
	Id, Name string
	Throttle *throttle.Limit // nil without one
	Quota    *usage.Quota    // nil without one
	Stages   []UsagePlanStage
}

// UsagePlanStage is a stage that a plan opens.
type UsagePlanStage struct {
	ApiId, StageName string
	// Throttles limit single methods, by resource path and HTTP method.
	Throttles map[string]map[string]throttle.Limit
}

// Stage finds a stage of the plan; nil when the plan does not open it.
func (p *UsagePlan) Stage(apiId, stageName string) *UsagePlanStage {
	for i := range p.Stages {
		if p.Stages[i].ApiId == apiId && p.Stages[i].StageName == stageName {
			return &p.Stages[i]
		}
	}
	return nil
}

// Throttle finds the limit of a method; false when it has none of its own.
func (s *UsagePlanStage) Throttle(resourcePath, httpMethod string) (throttle.Limit, bool) {
	if len(s.Throttles) == 0 {
		return throttle.Limit{}, false
	}
	limit, ok := s.Throttles[resourcePath][httpMethod]
	return limit, ok
}

const keyShards = 256

// UsagePlans are the API keys and usage plans of an account in a region. It never
// changes; With makes the next one of it, and copies the part of the keys that differs
// alone, so that a change costs the same with 10,000 keys as with ten.
type UsagePlans struct {
	keys  [keyShards]map[apikey.Digest]*ApiKey
	plans map[string]*UsagePlan
	ids   [keyShards]map[string]*ApiKey
}

// ApiKey finds the key of a value's digest; nil when there is none.
func (u *UsagePlans) ApiKey(digest apikey.Digest) *ApiKey {
	if u == nil {
		return nil
	}
	return u.keys[digest[0]][digest]
}

// ApiKeyById finds a key by its id; nil when there is none.
func (u *UsagePlans) ApiKeyById(id string) *ApiKey {
	if u == nil {
		return nil
	}
	return u.ids[idShard(id)][id]
}

// UsagePlan finds a plan; nil when there is none.
func (u *UsagePlans) UsagePlan(id string) *UsagePlan {
	if u == nil {
		return nil
	}
	return u.plans[id]
}

// OfStage lists the plans that open a stage, in order of their ids.
func (u *UsagePlans) OfStage(apiId, stageName string) []*UsagePlan {
	var found []*UsagePlan
	if u == nil {
		return nil
	}
	for _, plan := range u.plans {
		if plan.Stage(apiId, stageName) != nil {
			found = append(found, plan)
		}
	}
	slices.SortFunc(found, func(a, b *UsagePlan) int { return strings.Compare(a.Id, b.Id) })
	return found
}

// With returns the plans with other keys in the place of those with the ids given, and
// other plans. A key that is nil is taken out, and so is a plan.
func (u *UsagePlans) With(keys map[string]*ApiKey, plans map[string]*UsagePlan) *UsagePlans {
	next := &UsagePlans{}
	if u != nil {
		*next = *u
	}
	edited := editedShards{next: next}
	for id, key := range keys {
		if old := next.ApiKeyById(id); old != nil {
			delete(edited.byDigest(old.Digest), old.Digest)
			delete(edited.byId(id), id)
		}
		if key != nil {
			edited.byDigest(key.Digest)[key.Digest] = key
			edited.byId(id)[id] = key
		}
	}
	if len(plans) > 0 {
		next.plans = copied(next.plans)
		for id, plan := range plans {
			next.plans[id] = plan
			if plan == nil {
				delete(next.plans, id)
			}
		}
	}
	return next
}

// editedShards copies each shard before its first change.
type editedShards struct {
	next         *UsagePlans
	digests, ids [keyShards]bool
}

func (e *editedShards) byDigest(digest apikey.Digest) map[apikey.Digest]*ApiKey {
	shard := digest[0]
	if !e.digests[shard] {
		e.next.keys[shard], e.digests[shard] = copied(e.next.keys[shard]), true
	}
	return e.next.keys[shard]
}

func (e *editedShards) byId(id string) map[string]*ApiKey {
	shard := idShard(id)
	if !e.ids[shard] {
		e.next.ids[shard], e.ids[shard] = copied(e.next.ids[shard]), true
	}
	return e.next.ids[shard]
}

func copied[K comparable, V any](from map[K]V) map[K]V {
	to := make(map[K]V, len(from)+1)
	for key, value := range from {
		to[key] = value
	}
	return to
}

// idShard spreads ids, which are random text.
func idShard(id string) uint8 {
	const prime = 31
	var sum uint8
	for i := range len(id) {
		sum = sum*prime + id[i]
	}
	return sum
}
