package dataplane_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"math/rand/v2"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	compiler "gatehouse/internal/compile/httpapi"
	"gatehouse/internal/dataplane"
	"gatehouse/internal/dataplane/httpapi"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
	"gatehouse/internal/throttle"
)

const httpApiId = "h1b2c3d4e5"

// BenchmarkHttpApiProxy is BenchmarkReverseProxy through an HTTP API's HTTP_PROXY
// integration, BenchmarkHttpApiFunction through one with a function that answers at once.
func BenchmarkHttpApiProxy(b *testing.B) {
	handler := newHttpGateway(b, apigwv2.Integration{IntegrationType: "HTTP_PROXY", IntegrationMethod: "ANY", IntegrationUri: newBackend(b) + "/{proxy}"})
	runProxy(b, serve(b, handler), httpApiId+".execute-api.localhost")
}

func BenchmarkHttpApiFunction(b *testing.B) {
	handler := newHttpGateway(b, apigwv2.Integration{
		IntegrationType: "AWS_PROXY", IntegrationUri: "arn:aws:lambda:us-east-1:123456789012:function:f", PayloadFormatVersion: "2.0",
	})
	runProxy(b, serve(b, handler), httpApiId+".execute-api.localhost")
}

// instant is a function that answers at once.
type instant struct{}

func (instant) Invoke(context.Context, *integration.Invocation) (*integration.InvocationResult, error) {
	return &integration.InvocationResult{StatusCode: http.StatusOK, Payload: []byte(`{"statusCode":200,"headers":{"content-type":"application/json"},"body":"{}"}`)}, nil
}

func newHttpGateway(t testing.TB, target apigwv2.Integration) http.Handler {
	t.Helper()
	target.IntegrationId = "i1"
	snapshot := apigwv2.Snapshot{
		Api:          apigwv2.Api{ApiId: httpApiId, ProtocolType: apigwv2.ProtocolTypeHttp},
		Routes:       []apigwv2.Route{{RouteId: "r1", RouteKey: "ANY /{proxy+}", Target: "integrations/i1"}},
		Integrations: []apigwv2.Integration{target},
	}
	stage := apigwv2.Stage{StageName: "prod", DeploymentId: "d1"}
	compiled, diagnostics := compiler.Compile(&snapshot, &stage, compiler.Options{Scope: apigw.Scope{Account: "123456789012", Region: "us-east-1"}})
	if len(diagnostics) > 0 {
		t.Fatal(diagnostics)
	}
	table := plan.NewTable(1, map[string]*plan.Api{httpApiId: {Id: httpApiId, HttpStages: map[string]*plan.HttpStage{"prod": compiled}}})
	client := integration.NewClient(apigw.PayloadSizeLimit, time.Now)
	t.Cleanup(client.CloseIdleConnections)
	return &dataplane.Handler{
		Published: func() *plan.Table { return table }, Now: time.Now, Random: rand.Uint64,
		Http: &httpapi.Pipeline{
			Backends: client, Functions: instant{}, Throttles: throttle.New(time.Now), Now: time.Now,
			AccountThrottle: throttle.Limit{Rate: 1e9, Burst: 1e9},
		},
	}
}
