package publish

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/plan"
	"gatehouse/internal/store"
	"gatehouse/internal/store/memory"
)

func httpSnapshot(apiId, protocol, path string) apigwv2.Snapshot {
	return apigwv2.Snapshot{
		Api:          apigwv2.Api{ApiId: apiId, ProtocolType: protocol},
		Routes:       []apigwv2.Route{{RouteId: "r1", RouteKey: "GET " + path, Target: "integrations/i1"}},
		Integrations: []apigwv2.Integration{{IntegrationId: "i1", IntegrationType: "HTTP_PROXY", IntegrationUri: "https://backend.example.com"}},
	}
}

func webSocketSnapshot(apiId string) apigwv2.Snapshot {
	return apigwv2.Snapshot{Api: apigwv2.Api{ApiId: apiId, ProtocolType: apigwv2.ProtocolTypeWebSocket, RouteSelectionExpression: "$request.body.action"}}
}

func deployHttp(tx *store.Tx, snapshot apigwv2.Snapshot, deploymentId string, stage apigwv2.Stage) error {
	stage.DeploymentId = deploymentId
	return errors.Join(
		records.ApiSnapshots.Put(tx, snapshot, scope, snapshot.Api.ApiId, deploymentId),
		records.ApiStages.Put(tx, stage, scope, snapshot.Api.ApiId, stage.StageName),
	)
}

func httpStageAt(table *plan.Table, apiId, stageName string) *plan.HttpStage {
	api, ok := table.Api(apiId)
	if !ok {
		return nil
	}
	return api.HttpStages[stageName]
}

func servesHttp(stage *plan.HttpStage, path string) bool {
	if stage == nil {
		return false
	}
	route, _ := stage.Api.Routes.Find("GET", path, nil)
	return route != nil
}

func TestHttpApiBesideRestApi(t *testing.T) {
	f := start(t, memory.New())
	f.update(t, func(tx *store.Tx) error {
		return errors.Join(
			deploy(tx, parse(t, "rest1", "/a"), "d1", apigw.Stage{StageName: "prod"}),
			deployHttp(tx, httpSnapshot("http1", "HTTP", "/a"), "d1", apigwv2.Stage{StageName: "$default"}),
			deployHttp(tx, webSocketSnapshot("ws1"), "d1", apigwv2.Stage{StageName: "prod"}),
		)
	})
	if !servesHttp(httpStageAt(f.Table(), "http1", "$default"), "/a") || !serves(stageAt(t, f.Table(), "rest1", "prod"), "/a") {
		t.Fatal("not both are served")
	}
	if api, ok := f.Table().Api("ws1"); !ok || api.HttpStages != nil || api.WebSocketStages["prod"] == nil {
		t.Error("a WebSocket API is not served as one")
	}
	first := httpStageAt(f.Table(), "http1", "$default")
	f.update(t, func(tx *store.Tx) error {
		return records.ApiStages.Put(tx, apigwv2.Stage{StageName: "$default", DeploymentId: "d1", StageVariables: map[string]string{"a": "b"}}, scope, "http1", "$default")
	})
	second := httpStageAt(f.Table(), "http1", "$default")
	if second.Variables["a"] != "b" || second.Api != first.Api {
		t.Error("a change of the stage was not published, or compiled its snapshot again")
	}
	f.update(t, func(tx *store.Tx) error {
		return deployHttp(tx, httpSnapshot("http1", "HTTP", "/b"), "d2", apigwv2.Stage{StageName: "$default"})
	})
	if now := httpStageAt(f.Table(), "http1", "$default"); servesHttp(now, "/a") || !servesHttp(now, "/b") {
		t.Error("the second deployment is not served")
	}
	f.update(t, func(tx *store.Tx) error {
		records.DeleteApi(tx, apigw.Scope{Account: scope.Account, Region: scope.Region}, "http1")
		return nil
	})
	if _, ok := f.Table().Api("http1"); ok {
		t.Error("a deleted API is served")
	}
}

func TestHttpStageWithoutDeployment(t *testing.T) {
	f := start(t, memory.New())
	f.update(t, func(tx *store.Tx) error {
		return records.ApiStages.Put(tx, apigwv2.Stage{StageName: "prod"}, scope, "http1", "prod")
	})
	diagnostics := f.Diagnostics(scope, "http1", "prod")
	if len(diagnostics) != 1 || !strings.Contains(diagnostics[0].Message, "no deployment") {
		t.Errorf("diagnostics %v", diagnostics)
	}
}

func TestDomains(t *testing.T) {
	f := start(t, memory.New())
	find := func(path string, headers ...string) string {
		domain := f.Table().Domain("API.example.com")
		if domain == nil {
			return "no domain"
		}
		match, ok := domain.Find(path, func(string) []string { return headers })
		if !ok {
			return "nothing"
		}
		return match.ApiId + "/" + match.StageName + " " + match.Path
	}
	expect := func(path, want string, headers ...string) {
		t.Helper()
		if got := find(path, headers...); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
	expect("/v1/x", "no domain")
	put := func(mode string) {
		t.Helper()
		f.update(t, func(tx *store.Tx) error {
			return records.DomainNames.Put(tx, apigwv2.DomainName{DomainName: "api.example.com", RoutingMode: mode}, scope, "api.example.com")
		})
	}
	put("")
	expect("/v1/x", "nothing")
	f.update(t, func(tx *store.Tx) error {
		return errors.Join(
			records.ApiMappings.Put(tx, apigwv2.ApiMapping{ApiMappingKey: "v1", ApiId: "a1", Stage: "prod"}, scope, "api.example.com", "m1"),
			records.RoutingRules.Put(tx, apigwv2.RoutingRule{
				RoutingRuleId: "r1", Priority: 1, Conditions: []apigwv2.RoutingRuleCondition{{MatchHeaders: []apigwv2.RoutingRuleMatchHeader{{Header: "x", ValueGlob: "beta*"}}}},
				Actions: []apigwv2.RoutingRuleAction{{ApiId: "a2", Stage: "beta"}},
			}, scope, "api.example.com", "r1"),
		)
	})
	expect("/v1/x", "a1/prod /x", "beta1")
	put("ROUTING_RULE_THEN_API_MAPPING")
	expect("/v1/x", "a2/beta /v1/x", "beta1")
	expect("/v1/x", "a1/prod /x", "gamma")
	put("ROUTING_RULE_ONLY")
	expect("/v1/x", "nothing", "gamma")
	f.update(t, func(tx *store.Tx) error { // another change keeps the domains
		return deployHttp(tx, httpSnapshot("http1", "HTTP", "/a"), "d1", apigwv2.Stage{StageName: "$default"})
	})
	expect("/v1/x", "a2/beta /v1/x", "beta1")
	f.update(t, func(tx *store.Tx) error {
		records.DomainNames.Delete(tx, scope, "api.example.com")
		return nil
	})
	expect("/v1/x", "no domain")
}

// TestHttpPublishingUnderLoad reads routes and domains while deployments come in; the
// race detector watches.
func TestHttpPublishingUnderLoad(t *testing.T) {
	f := start(t, memory.New())
	ctx, cancel := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for ctx.Err() == nil {
				table := f.Table()
				if stage := httpStageAt(table, "http1", "$default"); stage != nil && !servesHttp(stage, "/odd") && !servesHttp(stage, "/even") {
					t.Error("a stage serves neither deployment")
				}
				if domain := table.Domain("api.example.com"); domain != nil {
					domain.Find("/v1/x", func(string) []string { return nil })
				}
				time.Sleep(time.Microsecond)
			}
		})
	}
	for i := range 50 {
		path := []string{"/even", "/odd"}[i%2]
		f.update(t, func(tx *store.Tx) error {
			return errors.Join(deployHttp(tx, httpSnapshot("http1", "HTTP", path), "d"+path[1:], apigwv2.Stage{StageName: "$default"}),
				records.DomainNames.Put(tx, apigwv2.DomainName{DomainName: "api.example.com"}, scope, "api.example.com"),
				records.ApiMappings.Put(tx, apigwv2.ApiMapping{ApiMappingKey: path[1:], ApiId: "http1", Stage: "$default"}, scope, "api.example.com", "m1"))
		})
	}
	cancel()
	readers.Wait()
}
