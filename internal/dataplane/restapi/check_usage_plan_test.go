package restapi_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"testing"

	"gatehouse/internal/apikey"
	"gatehouse/internal/dataplane/exchangetest"
	"gatehouse/internal/dataplane/usageplan"
	"gatehouse/internal/deployment/deploymenttest"
	"gatehouse/internal/fixture"
	"gatehouse/internal/plan"
	"gatehouse/internal/secret"
	"gatehouse/internal/throttle"
	"gatehouse/internal/usage"
)

// usagePlansFile is the section "usage plans" of a fixture.
type usagePlansFile struct {
	Keys []struct {
		Id, Name, Value string
		Disabled        bool
		Plans           []string
	}
	Plans []struct {
		Id, Name string
		Stages   []string // of the fixture's API
		Throttle *throttle.Limit
		Methods  map[string]map[string]throttle.Limit // by resource path and HTTP method
		Quota    *usage.Quota
	}
}

// nothingKept keeps no usage.
type nothingKept struct{}

func (nothingKept) Counted(usage.Id, usage.Day, usage.Day) int64 { return 0 }
func (nothingKept) Add(context.Context, []usage.Count) error     { return nil }

// checkerOf checks by the usage plans of a fixture.
func checkerOf(t testing.TB, archive *fixture.Archive, throttles usageplan.Throttles) *usageplan.Checker {
	t.Helper()
	keeper, err := secret.New(bytes.Repeat([]byte{1}, 32), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	checker := &usageplan.Checker{Values: apikey.New(keeper), Throttles: throttles, Counters: usage.New(nothingKept{}, exchangetest.Now, nil)}
	var file usagePlansFile
	if text, ok := archive.Get("usage plans"); ok {
		if err := json.Unmarshal([]byte(text), &file); err != nil {
			t.Fatal(err)
		}
	}
	plans := file.compile(checker.Values)
	checker.Plans = func(scope plan.Scope) *plan.UsagePlans {
		if scope != (plan.Scope{AccountId: exchangetest.Account, Region: exchangetest.Region}) {
			t.Errorf("asked for %+v", scope)
		}
		return plans
	}
	return checker
}

func (f *usagePlansFile) compile(values *apikey.Values) *plan.UsagePlans {
	keys, plans := map[string]*plan.ApiKey{}, map[string]*plan.UsagePlan{}
	for _, from := range f.Plans {
		compiled := &plan.UsagePlan{Id: from.Id, Name: from.Name, Throttle: from.Throttle, Quota: from.Quota}
		for _, stage := range from.Stages {
			compiled.Stages = append(compiled.Stages, plan.UsagePlanStage{ApiId: deploymenttest.ApiId, StageName: stage, Throttles: from.Methods})
		}
		plans[from.Id] = compiled
	}
	for _, from := range f.Keys {
		key := &plan.ApiKey{Id: from.Id, Name: from.Name, Digest: values.Digest(from.Value), Enabled: !from.Disabled}
		for _, planId := range from.Plans {
			key.Subscriptions = append(key.Subscriptions, &plan.Subscription{
				Usage: usage.Id{AccountId: exchangetest.Account, Region: exchangetest.Region, UsagePlanId: planId, KeyId: from.Id}, ThrottleName: planId + "/" + from.Id,
			})
		}
		keys[from.Id] = key
	}
	var none *plan.UsagePlans
	return none.With(keys, plans)
}
