package situations

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

const keyValue = "situation-key-0123456789"

// needsKey deploys GET /orders, which needs an API key.
func (w *world) needsKey() *request {
	w.t.Helper()
	w.restApi()
	orders := w.resource(w.root, "orders")
	w.mocked(orders, "GET")
	must(w.rest.UpdateMethod(w.ctx(), &apigateway.UpdateMethodInput{
		RestApiId: &w.apiId, ResourceId: &orders, HttpMethod: new("GET"),
		PatchOperations: []types.PatchOperation{{Op: types.OpReplace, Path: new("/apiKeyRequired"), Value: new("true")}},
	}))(w)
	w.deploy()
	return &request{path: "/prod/orders"}
}

// shows adds a header to a request.
func (r *request) shows(name, value string) *request {
	r.header = map[string]string{name: value}
	return r
}

// key makes an API key with keyValue, in plans.
func (w *world) key(enabled bool, plans ...string) string {
	w.t.Helper()
	created := must(w.rest.CreateApiKey(w.ctx(), &apigateway.CreateApiKeyInput{Name: new("mobile"), Value: new(keyValue), Enabled: enabled}))(w)
	for _, plan := range plans {
		must(w.rest.CreateUsagePlanKey(w.ctx(), &apigateway.CreateUsagePlanKeyInput{UsagePlanId: &plan, KeyId: created.Id, KeyType: new("API_KEY")}))(w)
	}
	return *created.Id
}

// plan makes a usage plan with stages of the API.
func (w *world) plan(in apigateway.CreateUsagePlanInput, stages ...string) string {
	w.t.Helper()
	in.Name = new("gold")
	for _, stage := range stages {
		in.ApiStages = append(in.ApiStages, types.ApiStage{ApiId: &w.apiId, Stage: new(stage)})
	}
	return *must(w.rest.CreateUsagePlan(w.ctx(), &in))(w).Id
}

// secondStage points another stage to the deployment of prod.
func (w *world) secondStage(name string) {
	w.t.Helper()
	prod := must(w.rest.GetStage(w.ctx(), &apigateway.GetStageInput{RestApiId: &w.apiId, StageName: new("prod")}))(w)
	must(w.rest.CreateStage(w.ctx(), &apigateway.CreateStageInput{RestApiId: &w.apiId, StageName: &name, DeploymentId: prod.DeploymentId}))(w)
}

// keySituations are E10 and E11: every link between a request and a plan that can be
// missing, and every bucket that can be empty.
func keySituations() []situation {
	return []situation{
		{
			name: "E10 no key, a plan with a key", errorId: "GH-T101", status: 403,
			arrange: func(w *world) *request {
				sent := w.needsKey()
				w.key(true, w.plan(apigateway.CreateUsagePlanInput{}, "prod"))
				return sent
			},
			says:  []string{"no API key", "the header x-api-key", `plan "gold"`, "aws apigateway get-api-key --api-key", "curl"},
			sends: true,
		},
		{
			name: "E10 wrong header", errorId: "GH-T101", status: 403,
			arrange: func(w *world) *request {
				sent := w.needsKey()
				w.key(true, w.plan(apigateway.CreateUsagePlanInput{}, "prod"))
				return sent.shows("Api-Key", keyValue)
			},
			says:  []string{"the header Api-Key was sent; keys are read from x-api-key"},
			sends: true,
		},
		{
			name: "E10 no key, no plan", errorId: "GH-T101", status: 403,
			arrange: func(w *world) *request { return w.needsKey() },
			says:    []string{"an enabled key of a usage plan that has the stage {api}/prod", "create-usage-plan", "create-api-key", "create-usage-plan-key"},
			passes:  func(w *world, output string) { contains(w.t, output, "API_KEY") },
		},
		{
			name: "E10 id for value", errorId: "GH-T101", status: 403,
			arrange: func(w *world) *request {
				sent := w.needsKey()
				return sent.shows("x-api-key", w.key(true, w.plan(apigateway.CreateUsagePlanInput{}, "prod")))
			},
			says:  []string{"a value of 10 characters that no API key has", `it is the id of key "mobile"`, "which is not its value"},
			sends: true,
		},
		{
			name: "E10 key source is the authorizer", errorId: "GH-T101", status: 403,
			arrange: func(w *world) *request {
				w.authorizedOrders(strings.Replace(allowing(`"*"`), `return {`, `return {"usageIdentifierKey": "nothing", `, 1))
				w.permitAuthorizer()
				w.patchApi("/apiKeySource", "AUTHORIZER")
				for _, resource := range must(w.rest.GetResources(w.ctx(), &apigateway.GetResourcesInput{RestApiId: &w.apiId}))(w).Items {
					if *resource.Path == "/orders/{id}" {
						must(w.rest.UpdateMethod(w.ctx(), &apigateway.UpdateMethodInput{
							RestApiId: &w.apiId, ResourceId: resource.Id, HttpMethod: new("GET"),
							PatchOperations: []types.PatchOperation{{Op: types.OpReplace, Path: new("/apiKeyRequired"), Value: new("true")}},
						}))(w)
					}
				}
				w.deploy()
				w.key(true, w.plan(apigateway.CreateUsagePlanInput{}, "prod"))
				return &request{path: "/prod/orders/1", header: map[string]string{"Authorization": "a-token", "x-api-key": keyValue}}
			},
			says:   []string{"the authorizer's usageIdentifierKey (the API's key source is AUTHORIZER)", "--include-value"},
			before: newCode(strings.Replace(allowing(`"*"`), `return {`, `return {"usageIdentifierKey": "`+keyValue+`", `, 1)),
		},
		{
			name: "E10 disabled", errorId: "GH-T101", status: 403,
			arrange: func(w *world) *request {
				sent := w.needsKey()
				w.key(false, w.plan(apigateway.CreateUsagePlanInput{}, "prod"))
				return sent.shows("x-api-key", keyValue)
			},
			says: []string{`key "mobile"`, "which is disabled", "update-api-key"},
		},
		{
			name: "E10 key in no plan", errorId: "GH-T101", status: 403,
			arrange: func(w *world) *request {
				sent := w.needsKey()
				w.plan(apigateway.CreateUsagePlanInput{}, "prod")
				w.key(true)
				return sent.shows("x-api-key", keyValue)
			},
			says: []string{"in no usage plan", `stage {api}/prod is in plan "gold"`, "create-usage-plan-key"},
		},
		{
			name: "E10 key and stage in no plan", errorId: "GH-T101", status: 403,
			arrange: func(w *world) *request {
				sent := w.needsKey()
				w.key(true)
				return sent.shows("x-api-key", keyValue)
			},
			says: []string{"in no usage plan", "create-usage-plan --name", "create-usage-plan-key"},
		},
		{
			name: "E10 plan without the stage", errorId: "GH-T101", status: 403,
			arrange: func(w *world) *request {
				sent := w.needsKey()
				w.secondStage("test")
				w.key(true, w.plan(apigateway.CreateUsagePlanInput{}, "test"))
				return sent.shows("x-api-key", keyValue)
			},
			says: []string{`in plan "gold"`, "without stage {api}/prod", "the key opens {api}/test", "/apiStages", "{api}:prod"},
		},
		{
			name: "E11 plan throttle", errorId: "GH-T201", status: 429,
			arrange: func(w *world) *request {
				sent := w.needsKey()
				w.key(true, w.plan(apigateway.CreateUsagePlanInput{Throttle: &types.ThrottleSettings{RateLimit: 0.01, BurstLimit: 1}}, "prod"))
				sent = sent.shows("x-api-key", keyValue)
				w.send(sent)
				return sent
			},
			says: []string{"USAGE PLAN (plan \"gold\"", "rate 0.01/s burst 1", "one token, the next in", "update-usage-plan", "/throttle/rateLimit"},
		},
		{
			name: "E11 plan throttle of a method", errorId: "GH-T201", status: 429,
			arrange: func(w *world) *request {
				sent := w.needsKey()
				in := apigateway.CreateUsagePlanInput{ApiStages: []types.ApiStage{{ApiId: &w.apiId, Stage: new("prod"), Throttle: map[string]types.ThrottleSettings{
					"/orders/GET": {RateLimit: 0.01, BurstLimit: 1},
				}}}}
				w.key(true, w.plan(in))
				w.send(sent.shows("x-api-key", keyValue))
				return sent
			},
			says: []string{"USAGE PLAN METHOD", "GET /orders", "one token, the next in", "/apiStages/{api}:prod/throttle/~1orders/GET/rateLimit"},
		},
		{
			name: "E11 quota", errorId: "GH-T301", status: 429,
			arrange: func(w *world) *request {
				sent := w.needsKey()
				w.key(true, w.plan(apigateway.CreateUsagePlanInput{Quota: &types.QuotaSettings{Limit: 1, Period: types.QuotaPeriodTypeDay}}, "prod"))
				sent = sent.shows("x-api-key", keyValue)
				w.send(sent)
				return sent
			},
			says: []string{`the quota of key "mobile"`, "1 requests a DAY", "1 of 1 requests used", "the next period begins on", "update-usage"},
		},
	}
}
