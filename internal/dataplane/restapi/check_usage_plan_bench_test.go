package restapi

import (
	"bytes"
	"context"
	"crypto/rand"
	"testing"
	"time"

	"gatehouse/internal/apikey"
	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/dataplane/usageplan"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
	"gatehouse/internal/secret"
	"gatehouse/internal/throttle"
	"gatehouse/internal/usage"
)

type nothingKept struct{}

func (nothingKept) Counted(usage.Id, usage.Day, usage.Day) int64 { return 0 }
func (nothingKept) Add(context.Context, []usage.Count) error     { return nil }

// keyedExchange is a request with a key to a method that needs one, or none.
func keyedExchange(t testing.TB, required bool) *exchange { //nolint:revive // the two cases of one thing
	t.Helper()
	keeper, err := secret.New(bytes.Repeat([]byte{1}, 32), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	const value = "apikey1234abcdefghij0123456789"
	values := apikey.New(keeper)
	var none *plan.UsagePlans
	plans := none.With(
		map[string]*plan.ApiKey{"k1": {Id: "k1", Digest: values.Digest(value), Enabled: true, Subscriptions: []*plan.Subscription{{Usage: usage.Id{UsagePlanId: "p1", KeyId: "k1"}, ThrottleName: "p1/k1"}}}},
		map[string]*plan.UsagePlan{"p1": {
			Id: "p1", Throttle: &throttle.Limit{Rate: 1e9, Burst: 1e9}, Quota: &usage.Quota{Limit: 1 << 60, Period: usage.PeriodDay},
			Stages: []plan.UsagePlanStage{{ApiId: "a1", StageName: "prod"}},
		}})
	checker := &usageplan.Checker{
		Values: values, Throttles: throttle.New(time.Now), Counters: usage.New(nothingKept{}, time.Now, nil),
		Plans: func(plan.Scope) *plan.UsagePlans { return plans },
	}
	return &exchange{
		pipeline: &Pipeline{UsagePlans: checker}, stage: &plan.RestStage{ApiId: "a1", StageName: "prod", Api: &plan.RestApi{}},
		in:         &inbound.Request{Headers: []integration.Field{{Name: "Accept", Value: "*/*"}, {Name: "x-api-key", Value: value}}},
		httpMethod: "GET", method: &plan.Method{ResourcePath: "/pets", HttpMethod: "GET", ApiKeyRequired: required},
	}
}

// Neither a request with a key nor one without allocates in the step.
func TestCheckUsagePlanDoesNotAllocate(t *testing.T) {
	for _, required := range []bool{false, true} {
		e := keyedExchange(t, required)
		if allocations := testing.AllocsPerRun(1000, func() {
			if f := checkUsagePlan(e); f != nil {
				t.Fatal(f.Found)
			}
		}); allocations != 0 {
			t.Errorf("required %t: %g allocations", required, allocations)
		}
	}
}

func BenchmarkCheckUsagePlan(b *testing.B) {
	for name, required := range map[string]bool{"no key needed": false, "with a key": true} {
		b.Run(name, func(b *testing.B) {
			e := keyedExchange(b, required)
			b.ReportAllocs()
			for b.Loop() {
				if f := checkUsagePlan(e); f != nil {
					b.Fatal(f.Found)
				}
			}
		})
	}
}
