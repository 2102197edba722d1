package restapi_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"flag"
	"net/http"
	"strings"
	"testing"

	"gatehouse/internal/apigw"
	"gatehouse/internal/authorizer"
	compiler "gatehouse/internal/compile/restapi"
	"gatehouse/internal/dataplane"
	"gatehouse/internal/dataplane/exchangetest"
	"gatehouse/internal/dataplane/restapi"
	"gatehouse/internal/dataplane/stagecache"
	"gatehouse/internal/deployment/deploymenttest"
	"gatehouse/internal/fixture"
	"gatehouse/internal/origin"
	"gatehouse/internal/plan"
	"gatehouse/internal/throttle"
)

var update = flag.Bool("update", false, "rewrite the expected sections of the fixtures")

// TestBehaviour serves each fixture over a real connection:
//
//	api        a deploymenttest API
//	stage      an apigw.Stage; "prod" without one
//	backend    what the HTTP backend answers, as HTTP, or "failure {kind}"
//	backend 2, function 2 … hold from that request on
//	function   what the function answers: JSON, "error {name}", or "FunctionError" and JSON
//	authorizer what the function named auth answers: JSON, or "FunctionError" and JSON
//	vpc endpoint  the VPC endpoint that requests arrive at, "vpce-…,vpc-…"
//	usage plans  keys and plans, as usagePlansFile (check_usage_plan_test.go)
//	request    what the client sends, as HTTP; request 2, request 3 … follow. A line
//	           "Token: {claims}" is a token of user pool eu-west-1_pool, "Sign: {key}" a signature
//	asked      what the authorizer is sent
//	outbound   what the backend gets
//	response   what the client gets
//	fault      what the diagnosis says; absent for a complete exchange
//	record     the steps and facts, where a fixture has the section
//	access log the line, where the stage writes one
func TestBehaviour(t *testing.T) {
	fixture.Each(t, "testdata/*.txtar", func(t *testing.T, archive *fixture.Archive) {
		w := newWorld(t, archive)
		// The events of AWS_PROXY are in the fixtures that have "event" in their name.
		w.ShowsAuthorizerEvent = strings.Contains(t.Name(), "event")
		w.ShowsEvent = func(payload []byte) bool {
			return w.ShowsAuthorizerEvent || !bytes.HasPrefix(payload, []byte(`{"resource":`))
		}
		archive.Check(t, update, w.Requests(t, archive)...)
	})
}

// newWorld serves the API of a fixture.
func newWorld(t *testing.T, archive *fixture.Archive) *exchangetest.World {
	t.Helper()
	w := exchangetest.New(archive)
	w.Host = deploymenttest.ApiId + ".execute-api.us-east-1.amazonaws.com"
	w.ShowsEvent = func([]byte) bool { return false }
	w.SignToken = func(t *testing.T, claims string) string {
		return exchangetest.SignToken(t, claims, map[string]any{"iss": issuerOf(authorizer.UserPool{UserPoolId: "eu-west-1_pool"}), "token_use": "id"})
	}
	throttles := throttle.New(exchangetest.Now)
	caches, err := stagecache.New(64<<20, exchangetest.Now, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(caches.Close)
	table := compileTable(t, archive)
	handler := &dataplane.Handler{
		Published: func() *plan.Table { return table }, Now: exchangetest.Now, Random: w.Random,
		Rest: &restapi.Pipeline{
			Backends: w, Functions: w, Throttles: throttles, StageCaches: caches, UsagePlans: checkerOf(t, archive, throttles), Recorder: w, AccessLogger: w,
			Now: exchangetest.Now, Random: w.Random, Authenticator: exchangetest.NewSigner(),
			Authorizers:    &authorizer.Functions{Invoker: w, Cache: authorizer.NewCache(exchangetest.Now)},
			Tokens:         authorizer.NewTokens(authorizer.NewKeySets(exchangetest.Provider{}, exchangetest.Now), exchangetest.Now),
			UserPoolIssuer: issuerOf,
		},
	}
	w.Listen(t, atVpcEndpoint(t, archive, handler))
	return w
}

// issuerOf is who issues the tokens of a fixture's user pools.
func issuerOf(pool authorizer.UserPool) string { return exchangetest.Issuer + "/" + pool.UserPoolId }

func atVpcEndpoint(t *testing.T, archive *fixture.Archive, handler *dataplane.Handler) http.Handler {
	t.Helper()
	ids, ok := archive.Get("vpc endpoint")
	if !ok {
		return handler
	}
	endpoint, err := origin.ParseVpcEndpoint(strings.TrimSpace(ids) + "=127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return handler.At(endpoint)
}

func compileTable(t *testing.T, archive *fixture.Archive) *plan.Table {
	t.Helper()
	snapshot, err := deploymenttest.Parse([]byte(archive.Text("api")))
	if err != nil {
		t.Fatal(err)
	}
	stage := apigw.Stage{StageName: "prod", DeploymentId: "d1"}
	if text, ok := archive.Get("stage"); ok {
		if err := json.Unmarshal([]byte(text), &stage); err != nil {
			t.Fatal(err)
		}
	}
	compiled, _ := compiler.Compile(&snapshot, &stage, compiler.Options{Scope: apigw.Scope{Account: exchangetest.Account, Region: exchangetest.Region}})
	served := &plan.Api{Id: snapshot.RestApi.Id, Stages: map[string]*plan.RestStage{stage.StageName: compiled}}
	return plan.NewTable(1, map[string]*plan.Api{served.Id: served})
}
