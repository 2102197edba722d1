package httpapi_test

import (
	"context"
	"encoding/json"
	"flag"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/authorizer"
	compiler "gatehouse/internal/compile/httpapi"
	"gatehouse/internal/compile/httpapi/snapshottest"
	"gatehouse/internal/dataplane"
	"gatehouse/internal/dataplane/exchangetest"
	"gatehouse/internal/dataplane/httpapi"
	"gatehouse/internal/fixture"
	"gatehouse/internal/integration/services"
	"gatehouse/internal/loadbalancer"
	"gatehouse/internal/plan"
	"gatehouse/internal/throttle"
)

var update = flag.Bool("update", false, "rewrite the expected sections of the fixtures")

// TestBehaviour serves each fixture over a real connection:
//
//	api         a snapshottest API
//	stage       an apigwv2.Stage; $default without one
//	domain      a plan.Domain that leads to it
//	services    endpoints of AWS services, "sqs http://sqs.test" a line
//	backend     what the HTTP backend answers, as HTTP, or "failure {kind}"
//	function    what the function answers: JSON, "error {name}", or "FunctionError" and JSON
//	authorizer  what the function named auth answers, likewise
//	request     what the client sends, as HTTP; request 2, request 3 … follow. A line
//	            "Token: {claims}" is a bearer token, "Sign: {key}" a signature
//	asked       what the authorizer was sent
//	outbound    what the backend got
//	response    what the client gets
//	fault       what the diagnosis says; absent for a complete exchange
//	access log  the line, where the stage writes one
func TestBehaviour(t *testing.T) {
	fixture.Each(t, "testdata/*.txtar", func(t *testing.T, archive *fixture.Archive) {
		w := newWorld(t, archive)
		// Events are shown by the fixtures that have "event" in their name.
		w.ShowsAuthorizerEvent = strings.Contains(t.Name(), "event")
		w.ShowsEvent = func([]byte) bool { return w.ShowsAuthorizerEvent }
		archive.Check(t, update, w.Requests(t, archive)...)
	})
}

// world is everything around one API, its VPC links and AWS services too.
type world struct {
	*exchangetest.World
	services map[string]string
}

// newWorld serves the API of a fixture.
func newWorld(t *testing.T, archive *fixture.Archive) *world {
	t.Helper()
	w := &world{World: exchangetest.New(archive), services: map[string]string{}}
	w.Host = snapshottest.ApiId + ".execute-api.us-east-1.amazonaws.com"
	w.SignToken = func(t *testing.T, claims string) string {
		return "Bearer " + exchangetest.SignToken(t, claims, map[string]any{"iss": exchangetest.Issuer, "aud": "app"})
	}
	for line := range strings.Lines(archive.Text("services")) {
		name, endpoint, _ := strings.Cut(strings.TrimSpace(line), " ")
		w.services[name] = endpoint
	}
	w.serve(t, archive, newPipeline(w))
	return w
}

func (w *world) serve(t *testing.T, archive *fixture.Archive, pipeline *httpapi.Pipeline) {
	t.Helper()
	table := compileTable(t, archive)
	w.Listen(t, &dataplane.Handler{Published: func() *plan.Table { return table }, Now: exchangetest.Now, Random: w.Random, Http: pipeline})
}

func newPipeline(w *world) *httpapi.Pipeline {
	return &httpapi.Pipeline{
		Backends: w, Functions: w, VpcLinks: w, Services: w, Recorder: w, AccessLogger: w, Authenticator: exchangetest.NewSigner(),
		Authorizers: &authorizer.Functions{Invoker: w, Cache: authorizer.NewCache(exchangetest.Now)},
		Tokens:      authorizer.NewTokens(authorizer.NewKeySets(exchangetest.Provider{}, exchangetest.Now), exchangetest.Now),
		Throttles:   throttle.New(exchangetest.Now), Now: exchangetest.Now,
	}
}

func compileTable(t *testing.T, archive *fixture.Archive) *plan.Table {
	t.Helper()
	snapshot, err := snapshottest.Parse([]byte(archive.Text("api")))
	if err != nil {
		t.Fatal(err)
	}
	stage := apigwv2.Stage{StageName: "$default", DeploymentId: "d1"}
	if text, ok := archive.Get("stage"); ok {
		if err := json.Unmarshal([]byte(text), &stage); err != nil {
			t.Fatal(err)
		}
	}
	compiled, _ := compiler.Compile(&snapshot, &stage, compiler.Options{Scope: apigw.Scope{Account: exchangetest.Account, Region: exchangetest.Region}})
	served := &plan.Api{Id: snapshot.Api.ApiId, HttpStages: map[string]*plan.HttpStage{stage.StageName: compiled}}
	domains := map[string]*plan.Domain{}
	if text, ok := archive.Get("domain"); ok {
		var read plan.Domain
		if err := json.Unmarshal([]byte(text), &read); err != nil {
			t.Fatal(err)
		}
		domains[read.DomainName] = plan.NewDomain(read.DomainName, read.Rules, read.Mappings)
	}
	return plan.NewTable(1, map[string]*plan.Api{served.Id: served}).WithDomains(domains)
}

// Route implements httpapi.VpcLinks.
func (w *world) Route(link loadbalancer.LinkId, uri string, request *loadbalancer.Request) (*loadbalancer.Connection, error) {
	w.Reached("link " + link.Id + " to " + uri + " for " + request.Method + " " + request.Scheme + "://" + request.Host + request.Path + "\n")
	switch link.Id {
	case "unhealthy":
		return nil, &loadbalancer.Error{Reason: loadbalancer.ReasonNoHealthy, Message: "no healthy target"}
	case "answers":
		return &loadbalancer.Connection{Answer: &loadbalancer.Answer{StatusCode: 302, Header: http.Header{"Location": {"https://elsewhere.example.com/"}}}}, nil
	}
	return &loadbalancer.Connection{Scheme: request.Scheme, Dial: func(context.Context, string, string) (net.Conn, error) { return nil, io.EOF }}, nil
}

// Endpoint implements httpapi.Services.
func (w *world) Endpoint(service, _ string) (string, bool) {
	endpoint, ok := w.services[service]
	return endpoint, ok
}

// Sign implements httpapi.Services.
func (w *world) Sign(_ context.Context, call *services.Call) error {
	call.Request.Header.Set("Authorization", "signed for "+call.Service+" in "+call.Region+" as "+call.Caller.RoleArn)
	return nil
}
