package publish

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/deployment"
	"gatehouse/internal/deployment/deploymenttest"
	"gatehouse/internal/plan"
	"gatehouse/internal/store"
	"gatehouse/internal/store/memory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var scope = store.Scope{Account: "123456789012", Region: "us-east-1"}

func parse(t testing.TB, apiId, path string) deployment.Snapshot {
	t.Helper()
	snapshot, err := deploymenttest.Parse([]byte(`{"RestApi": {"Id": "` + apiId + `"}, "Methods": {"GET ` + path +
		`": {"MethodIntegration": {"Type": "MOCK", "RequestTemplates": {"application/json": "{\"statusCode\": 200}"}, "IntegrationResponses": {"200": {}}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	return snapshot
}

// fixture is a store with a publisher that runs.
type fixture struct {
	*Publisher
	store store.Store
}

func start(t testing.TB, s store.Store) *fixture {
	t.Helper()
	f := &fixture{Publisher: New(s, nil), store: s}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); f.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done; _ = s.Close() })
	return f
}

func (f *fixture) update(t testing.TB, change func(tx *store.Tx) error) {
	t.Helper()
	if err := f.store.Update(context.Background(), change); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := f.WaitFor(ctx, f.store.View().Revision()); err != nil {
		t.Fatal(err)
	}
}

func deploy(tx *store.Tx, snapshot deployment.Snapshot, deploymentId string, stage apigw.Stage) error {
	stage.DeploymentId = deploymentId
	return errors.Join(
		records.Snapshots.Put(tx, snapshot, scope, snapshot.RestApi.Id, deploymentId),
		records.Stages.Put(tx, stage, scope, snapshot.RestApi.Id, stage.StageName),
	)
}

func stageAt(t testing.TB, table *plan.Table, apiId, stageName string) *plan.RestStage {
	t.Helper()
	api, ok := table.Api(apiId)
	if !ok {
		return nil
	}
	return api.Stages[stageName]
}

func serves(stage *plan.RestStage, path string) bool {
	if stage == nil {
		return false
	}
	method, _ := stage.Api.Routes.Find(plan.VerbGet, path, nil)
	return method != nil
}

func TestDeploymentIsServedOnceWaitedFor(t *testing.T) {
	f := start(t, memory.New())
	f.update(t, func(tx *store.Tx) error {
		return deploy(tx, parse(t, "api1", "/a"), "d1", apigw.Stage{StageName: "prod"})
	})
	if !serves(stageAt(t, f.Table(), "api1", "prod"), "/a") {
		t.Fatal("the first deployment is not served")
	}
	before := f.Table()
	f.update(t, func(tx *store.Tx) error {
		return deploy(tx, parse(t, "api1", "/b"), "d2", apigw.Stage{StageName: "prod"})
	})
	if now := stageAt(t, f.Table(), "api1", "prod"); serves(now, "/a") || !serves(now, "/b") {
		t.Error("the second deployment is not served")
	}
	if !serves(stageAt(t, before, "api1", "prod"), "/a") {
		t.Error("a table changed after it was published")
	}
}

func TestStageChangeKeepsTheCompiledSnapshot(t *testing.T) {
	f := start(t, memory.New())
	f.update(t, func(tx *store.Tx) error {
		return deploy(tx, parse(t, "api1", "/a"), "d1", apigw.Stage{StageName: "prod"})
	})
	compiled := stageAt(t, f.Table(), "api1", "prod").Api
	f.update(t, func(tx *store.Tx) error {
		return records.Stages.Put(tx, apigw.Stage{StageName: "prod", DeploymentId: "d1", Variables: map[string]string{"a": "b"}}, scope, "api1", "prod")
	})
	stage := stageAt(t, f.Table(), "api1", "prod")
	if stage.Variables["a"] != "b" {
		t.Error("the stage's variables were not published")
	}
	if stage.Api != compiled {
		t.Error("the snapshot was compiled again")
	}
}

func TestUnrelatedChangeKeepsEveryPlan(t *testing.T) {
	f := start(t, memory.New())
	f.update(t, func(tx *store.Tx) error {
		return deploy(tx, parse(t, "api1", "/a"), "d1", apigw.Stage{StageName: "prod"})
	})
	stage := stageAt(t, f.Table(), "api1", "prod")
	f.update(t, func(tx *store.Tx) error {
		return records.Models.Put(tx, apigw.Model{Name: "Pet"}, scope, "api1", "Pet")
	})
	if stageAt(t, f.Table(), "api1", "prod") != stage {
		t.Error("a change that needs no deployment made a new plan")
	}
}

func TestDeletionAndReset(t *testing.T) {
	f := start(t, memory.New())
	f.update(t, func(tx *store.Tx) error {
		return errors.Join(deploy(tx, parse(t, "api1", "/a"), "d1", apigw.Stage{StageName: "prod"}),
			deploy(tx, parse(t, "api2", "/a"), "d1", apigw.Stage{StageName: "prod"}))
	})
	f.update(t, func(tx *store.Tx) error {
		records.DeleteRestApi(tx, apigw.Scope{Account: scope.Account, Region: scope.Region}, "api1")
		return nil
	})
	if _, ok := f.Table().Api("api1"); ok {
		t.Error("a deleted API is served")
	}
	if _, ok := f.Table().Api("api2"); !ok {
		t.Error("the other API is not served any more")
	}
	if err := f.store.Reset(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := f.WaitFor(t.Context(), f.store.View().Revision()); err != nil {
		t.Fatal(err)
	}
	if n := len(f.Table().Apis()); n != 0 {
		t.Errorf("%d APIs after a reset", n)
	}
	if len(f.snapshots) != 0 || len(f.stages) != 0 {
		t.Errorf("%d snapshots and %d stages are kept after a reset", len(f.snapshots), len(f.stages))
	}
}

func TestStageWithoutSnapshotHasADiagnostic(t *testing.T) {
	f := start(t, memory.New())
	f.update(t, func(tx *store.Tx) error {
		return records.Stages.Put(tx, apigw.Stage{StageName: "prod", DeploymentId: "none"}, scope, "api1", "prod")
	})
	if stageAt(t, f.Table(), "api1", "prod") != nil {
		t.Error("a stage without a snapshot is served")
	}
	diagnostics := f.Diagnostics(scope, "api1", "prod")
	if len(diagnostics) != 1 || !strings.Contains(diagnostics[0].Message, "deployment none has no snapshot") {
		t.Errorf("diagnostics %v", diagnostics)
	}
	f.update(t, func(tx *store.Tx) error {
		return deploy(tx, parse(t, "api1", "/a"), "d1", apigw.Stage{StageName: "prod"})
	})
	if diagnostics := f.Diagnostics(scope, "api1", "prod"); len(diagnostics) != 0 {
		t.Errorf("diagnostics of a good stage: %v", diagnostics)
	}
}

func TestCanary(t *testing.T) {
	f := start(t, memory.New())
	f.update(t, func(tx *store.Tx) error {
		stage := apigw.Stage{StageName: "prod", Variables: map[string]string{"a": "1", "b": "1"}, CanarySettings: &apigw.CanarySettings{
			PercentTraffic: 10, DeploymentId: "d2", StageVariableOverrides: map[string]string{"a": "2"},
		}}
		return errors.Join(records.Snapshots.Put(tx, parse(t, "api1", "/new"), scope, "api1", "d2"), deploy(tx, parse(t, "api1", "/old"), "d1", stage))
	})
	stage := stageAt(t, f.Table(), "api1", "prod")
	if !serves(stage, "/old") || !serves(stage.Canary, "/new") || stage.PercentTraffic != 10 || !stage.Canary.IsCanary {
		t.Errorf("stage %s", stage.Text())
	}
	if got := stage.Variables["a"] + stage.Canary.Variables["a"] + stage.Canary.Variables["b"]; got != "121" {
		t.Errorf("variables %s", got)
	}
}

func TestWaitForEndsWithItsContext(t *testing.T) {
	f := start(t, memory.New())
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := f.WaitFor(ctx, 1<<40); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// TestPublishUnderLoad deploys while requests look routes up: no request sees half a
// table. Run with -race.
func TestPublishUnderLoad(t *testing.T) {
	f := start(t, memory.New())
	f.update(t, func(tx *store.Tx) error {
		return deploy(tx, parse(t, "api1", "/v0"), "d0", apigw.Stage{StageName: "prod", Variables: map[string]string{"v": "0"}})
	})
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				stage := stageAt(t, f.Table(), "api1", "prod")
				if want := "/v" + stage.Variables["v"]; !serves(stage, want) {
					t.Errorf("variables of one deployment beside routes of another: %s", want)
					return
				}
			}
		})
	}
	for i := range 50 {
		version := fmt.Sprint(i)
		f.update(t, func(tx *store.Tx) error {
			return deploy(tx, parse(t, "api1", "/v"+version), "d"+version, apigw.Stage{StageName: "prod", Variables: map[string]string{"v": version}})
		})
	}
	close(stop)
	readers.Wait()
}

// fill stores count APIs of ten methods each.
func fill(t testing.TB, s store.Store, count int) {
	t.Helper()
	var methods []string
	for i := range 10 {
		methods = append(methods, fmt.Sprintf(`"GET /r%d/{id}": {"MethodIntegration": {"Type": "AWS", "HttpMethod": "POST", "Uri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations", "RequestTemplates": {"application/json": "{\"id\": \"$input.params('id')\", \"body\": $input.json('$'), #foreach($k in $input.params().header.keySet())\"$k\": 1#if($foreach.hasNext),#end#end}"}, "IntegrationResponses": {"200": {"ResponseTemplates": {"application/json": "$input.json('$.a')"}}, "400": {"SelectionPattern": "Invalid.*"}}}}`, i))
	}
	text := `{"Methods": {` + strings.Join(methods, ",") + `}}`
	for i := range count {
		snapshot, err := deploymenttest.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		snapshot.RestApi.Id = fmt.Sprintf("api%07d", i)
		err = s.Update(context.Background(), func(tx *store.Tx) error { return deploy(tx, snapshot, "d1", apigw.Stage{StageName: "prod"}) })
		if err != nil {
			t.Fatal(err)
		}
	}
}

// BenchmarkPublishThousandApis is the start of a server with 1,000 APIs of 10 methods,
// two templates each.
func BenchmarkPublishThousandApis(b *testing.B) {
	s := memory.New()
	defer func() { _ = s.Close() }()
	fill(b, s, 1000)
	for b.Loop() {
		p := New(s, nil)
		p.apply(store.Change{Snapshot: s.View(), Whole: true})
		if n := len(p.Table().Apis()); n != 1000 {
			b.Fatalf("%d APIs", n)
		}
	}
}

// BenchmarkPublishOneOfThousand is one deployment beside 999 other APIs.
func BenchmarkPublishOneOfThousand(b *testing.B) {
	s := memory.New()
	defer func() { _ = s.Close() }()
	fill(b, s, 1000)
	p := New(s, nil)
	p.apply(store.Change{Snapshot: s.View(), Whole: true})
	key := records.Stages.Key(scope, "api0000500", "prod")
	for b.Loop() {
		p.apply(store.Change{Snapshot: s.View(), Writes: []store.Write{{Key: key}}})
	}
}
