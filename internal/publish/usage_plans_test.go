package publish

import (
	"errors"
	"fmt"
	"testing"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/apikey"
	"gatehouse/internal/plan"
	"gatehouse/internal/store"
	"gatehouse/internal/store/memory"
)

var planScope = plan.Scope{AccountId: scope.Account, Region: scope.Region}

func digestOf(number int) apikey.Digest {
	return apikey.Digest{byte(number), byte(number >> 8), byte(number >> 16), 1}
}

func putKey(tx *store.Tx, number int, planIds ...string) error {
	id := fmt.Sprintf("key%07d", number)
	err := records.ApiKeys.Put(tx, apigw.ApiKey{Id: id, Enabled: true, ValueDigest: digestOf(number).String()}, scope, id)
	for _, planId := range planIds {
		err = errors.Join(err, records.UsagePlanKeys.Put(tx, apigw.UsagePlanKey{Id: id, Type: apigw.UsagePlanKeyType}, scope, planId, id))
	}
	return err
}

func putPlan(tx *store.Tx, id string, stages ...string) error {
	usagePlan := apigw.UsagePlan{
		Id: id, Throttle: &apigw.ThrottleSettings{RateLimit: new(2.5)}, Quota: &apigw.QuotaSettings{Limit: 10, Period: apigw.QuotaPeriodWeek, Offset: 1},
	}
	for _, stage := range stages {
		usagePlan.ApiStages = append(usagePlan.ApiStages, apigw.ApiStage{ApiId: "api1", Stage: stage, Throttle: map[string]apigw.ThrottleSettings{"/pets/GET": {BurstLimit: new(int32(3))}}})
	}
	return records.UsagePlans.Put(tx, usagePlan, scope, id)
}

func TestUsagePlansAreServedOnceWaitedFor(t *testing.T) {
	f := start(t, memory.New())
	f.update(t, func(tx *store.Tx) error { return errors.Join(putKey(tx, 1), putPlan(tx, "p1", "prod")) })
	before := f.Table().UsagePlans(planScope)
	if key := before.ApiKey(digestOf(1)); key == nil || !key.Enabled || len(key.Subscriptions) != 0 {
		t.Fatalf("key %+v", key)
	}
	p1 := before.UsagePlan("p1")
	if p1.Throttle.Rate != 2.5 || p1.Throttle.Burst != apigw.AccountThrottleBurstLimit || p1.Quota.Offset != 1 || p1.Stage("api1", "prod") == nil {
		t.Errorf("plan %+v", p1)
	}
	if limit, ok := p1.Stage("api1", "prod").Throttle("/pets", "GET"); !ok || limit.Burst != 3 || limit.Rate != apigw.AccountThrottleRateLimit {
		t.Errorf("throttle of the method %+v", limit)
	}
	f.update(t, func(tx *store.Tx) error {
		return errors.Join(putKey(tx, 1, "p1"), putPlan(tx, "p1", "prod", "test"),
			records.UsageExtensions.Put(tx, apigw.UsageExtension{PeriodStart: "2026-11-23", Requests: 5}, scope, "p1", "key0000001"))
	})
	after := f.Table().UsagePlans(planScope)
	key := after.ApiKey(digestOf(1))
	if len(key.Subscriptions) != 1 || key.Subscriptions[0].Usage.UsagePlanId != "p1" || key.Subscriptions[0].Extension.Requests != 5 {
		t.Errorf("key %+v", key)
	}
	if after.UsagePlan("p1").Stage("api1", "test") == nil || len(after.OfStage("api1", "test")) != 1 || after.ApiKeyById("key0000001") != key {
		t.Error("the change of the plan is not served")
	}
	if before.UsagePlan("p1").Stage("api1", "test") != nil || len(before.ApiKey(digestOf(1)).Subscriptions) != 0 {
		t.Error("what was published changed")
	}
	f.update(t, func(tx *store.Tx) error {
		records.UsagePlanKeys.Delete(tx, scope, "p1")
		records.UsagePlans.Delete(tx, scope, "p1")
		records.ApiKeys.Delete(tx, scope, "key0000001")
		return nil
	})
	if gone := f.Table().UsagePlans(planScope); gone.ApiKey(digestOf(1)) != nil || gone.UsagePlan("p1") != nil || gone.ApiKeyById("key0000001") != nil {
		t.Error("what was deleted is served")
	}
}

// A change that is about other things keeps the plans, and a reset forgets them.
func TestUsagePlansAndOtherChanges(t *testing.T) {
	f := start(t, memory.New())
	f.update(t, func(tx *store.Tx) error { return errors.Join(putKey(tx, 1, "p1"), putPlan(tx, "p1", "prod")) })
	before := f.Table().UsagePlans(planScope)
	f.update(t, func(tx *store.Tx) error {
		return deploy(tx, parse(t, "api1", "/a"), "d1", apigw.Stage{StageName: "prod"})
	})
	if f.Table().UsagePlans(planScope) != before {
		t.Error("a deployment made the plans anew")
	}
	if err := f.store.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := f.WaitFor(t.Context(), f.store.View().Revision()); err != nil {
		t.Fatal(err)
	}
	if f.Table().UsagePlans(planScope).ApiKey(digestOf(1)) != nil {
		t.Error("a key is served after a reset")
	}
}

// Many changes one after the other lead to the same table as reading all at once.
func TestUsagePlansByStepsAndWhole(t *testing.T) {
	f := start(t, memory.New())
	for i := range 40 {
		f.update(t, func(tx *store.Tx) error {
			return errors.Join(putPlan(tx, fmt.Sprint("p", i%3), "prod"), putKey(tx, i*7, fmt.Sprint("p", i%3)), putKey(tx, i*5))
		})
	}
	whole := New(f.store, nil)
	whole.apply(store.Change{Snapshot: f.store.View(), Whole: true})
	steps, once := f.Table().UsagePlans(planScope), whole.Table().UsagePlans(planScope)
	for i := range 300 {
		a, b := steps.ApiKey(digestOf(i)), once.ApiKey(digestOf(i))
		if (a == nil) != (b == nil) || a != nil && (a.Id != b.Id || len(a.Subscriptions) != len(b.Subscriptions)) {
			t.Errorf("key %d: %+v by steps, %+v at once", i, a, b)
		}
	}
}

func manyKeys(b *testing.B) store.Store {
	b.Helper()
	s := memory.New()
	b.Cleanup(func() { _ = s.Close() })
	for batch := range 10 {
		err := s.Update(b.Context(), func(tx *store.Tx) error {
			err := putPlan(tx, "p1", "prod")
			for i := range 1000 {
				err = errors.Join(err, putKey(tx, batch*1000+i, "p1"))
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return s
}

// BenchmarkPublishOneOfTenThousandKeys is one key that changed beside 9,999 others.
func BenchmarkPublishOneOfTenThousandKeys(b *testing.B) {
	s := manyKeys(b)
	p := New(s, nil)
	p.apply(store.Change{Snapshot: s.View(), Whole: true})
	key := records.ApiKeys.Key(scope, "key0005000")
	b.ReportAllocs()
	for b.Loop() {
		p.apply(store.Change{Snapshot: s.View(), Writes: []store.Write{{Key: key}}})
	}
}

// BenchmarkPublishTenThousandKeys is the start of a server with 10,000 keys.
func BenchmarkPublishTenThousandKeys(b *testing.B) {
	s := manyKeys(b)
	for b.Loop() {
		p := New(s, nil)
		p.apply(store.Change{Snapshot: s.View(), Whole: true})
		if p.Table().UsagePlans(planScope).ApiKeyById("key0005000") == nil {
			b.Fatal("a key is missing")
		}
	}
}
