package diagnosis_test

import (
	"testing"

	api "gatehouse/internal/awsapi/apigateway"
)

const keyValue = "situation-key-0123456789"

// needsKey deploys GET /orders, which needs an API key.
func (w *world) needsKey() request {
	w.t.Helper()
	orders := w.resource(w.root, "orders")
	w.method(orders, "GET", mock(), "200")
	w.answer(orders, "GET", "200", nil)
	_, err := w.rest.UpdateMethod(w.ctx, &api.UpdateMethodInput{
		RestApiId: w.apiId, ResourceId: orders, HttpMethod: "GET",
		PatchOperations: []api.PatchOperation{{Op: "replace", Path: new("/apiKeyRequired"), Value: new("true")}},
	})
	w.check(err)
	w.deploy()
	return request{path: "/prod/orders"}
}

// shows adds a header to a request.
func (r request) shows(name, value string) request {
	r.header = map[string]string{name: value}
	return r
}

// key makes an API key with keyValue, in plans.
func (w *world) key(enabled bool, plans ...string) string { //nolint:revive // a test's builder
	w.t.Helper()
	created, err := w.rest.CreateApiKey(w.ctx, &api.CreateApiKeyInput{Name: new("mobile"), Value: new(keyValue), Enabled: &enabled})
	w.check(err)
	for _, plan := range plans {
		_, err := w.rest.CreateUsagePlanKey(w.ctx, &api.CreateUsagePlanKeyInput{UsagePlanId: plan, KeyId: *created.Id, KeyType: "API_KEY"})
		w.check(err)
	}
	return *created.Id
}

// plan makes a usage plan with stages of the API.
func (w *world) plan(in api.CreateUsagePlanInput, stages ...string) string {
	w.t.Helper()
	in.Name = "gold"
	for _, stage := range stages {
		in.ApiStages = append(in.ApiStages, api.ApiStage{ApiId: &w.apiId, Stage: new(stage)})
	}
	created, err := w.rest.CreateUsagePlan(w.ctx, &in)
	w.check(err)
	return *created.Id
}

// secondStage points another stage to the deployment of prod.
func (w *world) secondStage(name string) {
	w.t.Helper()
	prod, err := w.rest.GetStage(w.ctx, &api.GetStageInput{RestApiId: w.apiId, StageName: "prod"})
	w.check(err)
	_, err = w.rest.CreateStage(w.ctx, &api.CreateStageInput{RestApiId: w.apiId, StageName: name, DeploymentId: *prod.DeploymentId})
	w.check(err)
}

// answered200 is for fixes that send the request themselves.
func answered200(w *world, output string) { contains(w.t, output, "200 OK") }

// keySituations are E10 and E11: every link between a request and a plan that can be
// missing, and every bucket that can be empty.
var keySituations = []situation{
	{
		name: "E10 no key, a plan with a key", errorId: "GH-T101", status: 403,
		arrange: func(w *world) request {
			sent := w.needsKey()
			w.key(true, w.plan(api.CreateUsagePlanInput{}, "prod"))
			return sent
		},
		says:      []string{"no API key", "the header x-api-key", `plan "gold"`, "aws apigateway get-api-key --api-key", "curl"},
		succeeded: answered200,
	},
	{
		name: "E10 wrong header", errorId: "GH-T101", status: 403,
		arrange: func(w *world) request {
			sent := w.needsKey()
			w.key(true, w.plan(api.CreateUsagePlanInput{}, "prod"))
			return sent.shows("Api-Key", keyValue)
		},
		says:      []string{"the header Api-Key was sent; keys are read from x-api-key"},
		succeeded: answered200,
	},
	{
		name: "E10 no key, no plan", errorId: "GH-T101", status: 403,
		arrange:   func(w *world) request { return w.needsKey() },
		says:      []string{"an enabled key of a usage plan that has the stage {api}/prod", "create-usage-plan", "create-api-key", "create-usage-plan-key"},
		succeeded: func(w *world, output string) { contains(w.t, output, "API_KEY") },
	},
	{
		name: "E10 id for value", errorId: "GH-T101", status: 403,
		arrange: func(w *world) request {
			sent := w.needsKey()
			return sent.shows("x-api-key", w.key(true, w.plan(api.CreateUsagePlanInput{}, "prod")))
		},
		says:      []string{"a value of 10 characters that no API key has", `it is the id of key "mobile"`, "which is not its value"},
		succeeded: answered200,
	},
	{
		name: "E10 disabled", errorId: "GH-T101", status: 403,
		arrange: func(w *world) request {
			sent := w.needsKey()
			w.key(false, w.plan(api.CreateUsagePlanInput{}, "prod"))
			return sent.shows("x-api-key", keyValue)
		},
		says: []string{`key "mobile"`, "which is disabled", "update-api-key"},
	},
	{
		name: "E10 key in no plan", errorId: "GH-T101", status: 403,
		arrange: func(w *world) request {
			sent := w.needsKey()
			w.plan(api.CreateUsagePlanInput{}, "prod")
			w.key(true)
			return sent.shows("x-api-key", keyValue)
		},
		says: []string{"in no usage plan", `stage {api}/prod is in plan "gold"`, "create-usage-plan-key"},
	},
	{
		name: "E10 key and stage in no plan", errorId: "GH-T101", status: 403,
		arrange: func(w *world) request {
			sent := w.needsKey()
			w.key(true)
			return sent.shows("x-api-key", keyValue)
		},
		says: []string{"in no usage plan", "create-usage-plan --name", "create-usage-plan-key"},
	},
	{
		name: "E10 plan without the stage", errorId: "GH-T101", status: 403,
		arrange: func(w *world) request {
			sent := w.needsKey()
			w.secondStage("test")
			w.key(true, w.plan(api.CreateUsagePlanInput{}, "test"))
			return sent.shows("x-api-key", keyValue)
		},
		says: []string{`in plan "gold"`, "without stage {api}/prod", "the key opens {api}/test", "/apiStages", "{api}:prod"},
	},
	{
		name: "E11 plan throttle", errorId: "GH-T201", status: 429,
		arrange: func(w *world) request {
			sent := w.needsKey()
			w.key(true, w.plan(api.CreateUsagePlanInput{Throttle: &api.ThrottleSettings{RateLimit: new(0.01), BurstLimit: new(int32(1))}}, "prod"))
			sent = sent.shows("x-api-key", keyValue)
			w.send(sent)
			return sent
		},
		says: []string{"USAGE PLAN (plan \"gold\"", "rate 0.01/s burst 1", "one token, the next in", "update-usage-plan", "/throttle/rateLimit"},
	},
	{
		name: "E11 plan throttle of a method", errorId: "GH-T201", status: 429,
		arrange: func(w *world) request {
			sent := w.needsKey()
			in := api.CreateUsagePlanInput{ApiStages: []api.ApiStage{{ApiId: &w.apiId, Stage: new("prod"), Throttle: map[string]api.ThrottleSettings{
				"/orders/GET": {RateLimit: new(0.01), BurstLimit: new(int32(0))},
			}}}}
			w.key(true, w.plan(in))
			return sent.shows("x-api-key", keyValue)
		},
		says: []string{"USAGE PLAN METHOD", "GET /orders", "there is never one", "/apiStages/{api}:prod/throttle/~1orders/GET/rateLimit"},
	},
	{
		name: "E11 quota", errorId: "GH-T301", status: 429,
		arrange: func(w *world) request {
			sent := w.needsKey()
			w.key(true, w.plan(api.CreateUsagePlanInput{Quota: &api.QuotaSettings{Limit: new(int32(1)), Period: "DAY"}}, "prod"))
			sent = sent.shows("x-api-key", keyValue)
			w.send(sent)
			return sent
		},
		says: []string{`the quota of key "mobile"`, "1 requests a DAY", "1 of 1 requests used", "the next period begins on", "update-usage"},
	},
}

func TestApiKeySituations(t *testing.T) {
	for i := range keySituations {
		s := &keySituations[i]
		t.Run(s.name, func(t *testing.T) { s.test(newWorld(t)) })
	}
}
