package usageplan

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/apikey"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
	"gatehouse/internal/secret"
	"gatehouse/internal/throttle"
	"gatehouse/internal/usage"
)

type nothingKept struct{}

func (nothingKept) Counted(usage.Id, usage.Day, usage.Day) int64 { return 0 }
func (nothingKept) Add(context.Context, []usage.Count) error     { return nil }

var scope = plan.Scope{AccountId: "123456789012", Region: "us-east-1"}

func valueOf(number int) string { return fmt.Sprintf("value-of-key-%027d", number) }

// checkerWith knows count keys, all in one plan of stage a1/prod.
func checkerWith(t testing.TB, count int, usagePlan *plan.UsagePlan) *Checker {
	t.Helper()
	keeper, err := secret.New(bytes.Repeat([]byte{1}, 32), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &Checker{Values: apikey.New(keeper), Throttles: throttle.New(time.Now), Counters: usage.New(nothingKept{}, time.Now, nil)}
	keys := map[string]*plan.ApiKey{}
	for i := range count {
		id := fmt.Sprintf("key%07d", i)
		keys[id] = &plan.ApiKey{Id: id, Digest: c.Values.Digest(valueOf(i)), Enabled: true, Subscriptions: []*plan.Subscription{{
			Usage: usage.Id{AccountId: scope.AccountId, Region: scope.Region, UsagePlanId: usagePlan.Id, KeyId: id}, ThrottleName: "plan/" + id,
		}}}
	}
	var none *plan.UsagePlans
	plans := none.With(keys, map[string]*plan.UsagePlan{usagePlan.Id: usagePlan})
	c.Plans = func(plan.Scope) *plan.UsagePlans { return plans }
	return c
}

func gold() *plan.UsagePlan {
	return &plan.UsagePlan{
		Id: "gold", Throttle: &throttle.Limit{Rate: 1e9, Burst: 1e9}, Quota: &usage.Quota{Limit: 1 << 60, Period: usage.PeriodMonth},
		Stages: []plan.UsagePlanStage{{ApiId: "a1", StageName: "prod"}},
	}
}

func call(value string) *Call {
	return &Call{
		Scope: scope, ApiId: "a1", StageName: "prod", ResourcePath: "/pets", HttpMethod: "GET", MethodOfResource: "ANY",
		Value: value, Source: plan.ApiKeySourceHeader,
	}
}

// A plan's limit of a method is taken by the Method that serves, or by the request's verb
// where the Method is ANY; another stage of the plan does not have it.
func TestMethodThrottleOfAny(t *testing.T) {
	closed := map[string]throttle.Limit{"GET": {}}
	usagePlan := gold()
	usagePlan.Stages = []plan.UsagePlanStage{
		{ApiId: "a1", StageName: "prod", Throttles: map[string]map[string]throttle.Limit{"/pets": closed}}, {ApiId: "a1", StageName: "test"},
	}
	c := checkerWith(t, 1, usagePlan)
	if _, f := c.Check(call(valueOf(0)), nil); f == nil || f.Id() != fault.Throttled {
		t.Errorf("got %v", f)
	}
	for _, change := range []func(*Call){
		func(c *Call) { c.HttpMethod = "POST" }, func(c *Call) { c.ResourcePath = "/" }, func(c *Call) { c.StageName = "test" },
	} {
		other := call(valueOf(0))
		change(other)
		if _, f := c.Check(other, nil); f != nil {
			t.Errorf("%+v: %v", other, f.Found)
		}
	}
}

// Each key has a bucket and a quota of its own (guide: api-gateway-api-usage-plans.md).
func TestLimitsAreOfEachKey(t *testing.T) {
	usagePlan := gold()
	usagePlan.Throttle, usagePlan.Quota = &throttle.Limit{Rate: 0, Burst: 2}, &usage.Quota{Limit: 1, Period: usage.PeriodDay}
	c := checkerWith(t, 2, usagePlan)
	for i, want := range []fault.Id{"", fault.QuotaExceeded, fault.Throttled} {
		for key := range 2 {
			_, f := c.Check(call(valueOf(key)), nil)
			if got := idOf(f); got != want {
				t.Errorf("request %d of key %d: %s, want %s", i, key, got, want)
			}
		}
	}
}

func idOf(f *fault.Fault) fault.Id {
	if f == nil {
		return ""
	}
	return f.Id()
}

// Nothing that a refusal says, and nothing that is recorded, has the value in it.
func TestValueIsNotTold(t *testing.T) {
	usagePlan := gold()
	usagePlan.Quota = &usage.Quota{Limit: 0, Period: usage.PeriodDay}
	for name, c := range map[string]*Checker{"unknown": checkerWith(t, 0, gold()), "quota": checkerWith(t, 1, usagePlan)} {
		r := record.NewNotes(&record.Method{}, record.Exchange{})
		r.Method.LoggingLevel, r.Method.DataTraceEnabled = record.LevelInfo, true
		r.BeginStep(record.NameStep("check_usage_plan"), 0)
		_, f := c.Check(call(valueOf(0)), r)
		r.NoteBody(record.EndpointBody, []byte(`{"apiKey":"`+valueOf(0)+`"}`))
		r.Note(record.Sending, "http://h/?k="+valueOf(0))
		r.NoteFields(record.EndpointHeaders, []record.Field{{Name: "X-Key", Value: "k " + valueOf(0)}})
		told := strings.Join([]string{f.Checked, f.Found, f.Wanted, f.Nearest, f.LogLine}, "\n")
		if name == "quota" { // of a value that is no key's nothing more is known
			told += string(r.Encode())
		}
		if strings.Contains(told, valueOf(0)) {
			t.Errorf("%s: the value is told in %s", name, told)
		}
		if !strings.Contains(told, apikey.Mask(valueOf(0))) {
			t.Errorf("%s: the masked value is not told in %s", name, told)
		}
	}
}

func TestSimilar(t *testing.T) {
	for want, fields := range map[string][2][]integration.Field{
		"": {{{Name: "Accept", Value: "*/*"}, {Name: "Authorization", Value: "Bearer apikey"}}, {{Name: "key", Value: "x"}}},
		"the header apikey was sent; keys are read from x-api-key":                        {{{Name: "apikey"}}},
		"the header X_API_KEY was sent; keys are read from x-api-key":                     {{{Name: "X_API_KEY"}}},
		"the header Authorization: Api-Key was sent; keys are read from x-api-key":        {{{Name: "authorization", Value: "Api-Key abc"}}},
		"the query parameter apiKey was sent; keys are read from the header x-api-key":    {nil, {{Name: "apiKey"}}},
		"the query parameter x-api-key was sent; keys are read from the header x-api-key": {nil, {{Name: "x-api-key"}}},
	} {
		if got := Similar(fields[0], fields[1]); got != want {
			t.Errorf("%v: %q, want %q", fields, got, want)
		}
	}
}

// A request that passes allocates nothing while nobody records it.
func TestCheckDoesNotAllocate(t *testing.T) {
	c, shown := checkerWith(t, 100, gold()), call(valueOf(7))
	if allocations := testing.AllocsPerRun(1000, func() {
		if _, f := c.Check(shown, nil); f != nil {
			t.Fatal(f.Found)
		}
	}); allocations != 0 {
		t.Errorf("%g allocations", allocations)
	}
}

// BenchmarkCheck is a request with one of 10,000 keys: digest, plan, token and quota.
func BenchmarkCheck(b *testing.B) {
	for _, count := range []int{10, 10_000} {
		b.Run(fmt.Sprint(count, " keys"), func(b *testing.B) {
			c := checkerWith(b, count, gold())
			calls := make([]*Call, count)
			for i := range calls {
				calls[i] = call(valueOf(i))
			}
			i := 0
			b.ReportAllocs()
			for b.Loop() {
				if _, f := c.Check(calls[i%count], nil); f != nil {
					b.Fatal(f.Found)
				}
				i++
			}
		})
	}
}

// BenchmarkCheckUnknown is a request with a value that is no key's.
func BenchmarkCheckUnknown(b *testing.B) {
	c, shown := checkerWith(b, 10_000, gold()), call("no-key-has-this-value-0123456789")
	b.ReportAllocs()
	for b.Loop() {
		if _, f := c.Check(shown, nil); f == nil {
			b.Fatal("passed")
		}
	}
}
