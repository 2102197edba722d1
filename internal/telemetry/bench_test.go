package telemetry_test

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"gatehouse/internal/apigw"
	compiler "gatehouse/internal/compile/restapi"
	"gatehouse/internal/dataplane"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/dataplane/restapi"
	"gatehouse/internal/deployment/deploymenttest"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
	"gatehouse/internal/telemetry"
	"gatehouse/internal/throttle"
)

// gateway serves one HTTP_PROXY method at the logging level of stage.
func gateway(t testing.TB, backends restapi.Backends, uri string, recorder record.Recorder) *dataplane.Handler {
	t.Helper()
	snapshot, err := deploymenttest.Parse([]byte(`{"Methods": {"ANY /{proxy+}": {"MethodIntegration": {"Type": "HTTP_PROXY", "HttpMethod": "ANY",
		"Uri": "` + uri + `/{proxy}", "RequestParameters": {"integration.request.path.proxy": "method.request.path.proxy"}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	compiled, _ := compiler.Compile(&snapshot, &apigw.Stage{StageName: "prod", DeploymentId: "d1"},
		compiler.Options{Scope: apigw.Scope{Account: "123456789012", Region: "us-east-1"}})
	table := plan.NewTable(1, map[string]*plan.Api{deploymenttest.ApiId: {Id: deploymenttest.ApiId, Stages: map[string]*plan.RestStage{"prod": compiled}}})
	return &dataplane.Handler{
		Published: func() *plan.Table { return table }, Now: time.Now, Random: rand.Uint64,
		Rest: &restapi.Pipeline{
			Backends: backends, Throttles: throttle.New(time.Now), Now: time.Now, Random: rand.Uint64,
			AccountThrottle: throttle.Limit{Rate: 1e9, Burst: 1e9}, Recorder: recorder,
		},
	}
}

func newRecorder() *telemetry.Recorder {
	return &telemetry.Recorder{
		Recent:  telemetry.NewRecent(telemetry.MaxRecentRequests, telemetry.MaxRecentBytes),
		Metrics: telemetry.NewMetrics(),
	}
}

func cpu(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// stub answers at once, so that what is measured is the gateway alone.
type stub struct{ answer *integration.Response }

// Call implements restapi.Backends.
func (s stub) Call(context.Context, *integration.Request) (*integration.Response, error) {
	return s.answer, nil
}

// BenchmarkRecord is the absolute cost of recording one request: the gateway alone, in
// turns with and without, CPU time of the process.
func BenchmarkRecord(b *testing.B) {
	answer := &integration.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}, "Date": {"x"}}, Body: []byte(strings.Repeat("x", 512))}
	handlers := [2]*dataplane.Handler{gateway(b, stub{answer}, "http://backend", nil), gateway(b, stub{answer}, "http://backend", newRecorder())}
	request := httptest.NewRequest(http.MethodGet, "http://"+deploymenttest.ApiId+".execute-api.localhost/prod/pets/1?a=b", nil)
	for _, name := range []string{"Accept", "Accept-Language", "Authorization", "Cookie", "Referer"} {
		request.Header.Set(name, "a value as long as these are")
	}
	serve := func(i, count int) {
		for range count {
			w := httptest.NewRecorder()
			w.Body = nil
			handlers[i].ServeHTTP(w, request)
		}
	}
	serve(1, telemetry.MaxRecentRequests+1000) // from here on Records are used again
	const turn = 500
	var spent [2]time.Duration
	requests := 0
	for b.Loop() {
		for i := range handlers {
			before := cpu(b)
			serve(i, turn)
			spent[i] += cpu(b) - before
		}
		requests += turn
	}
	b.ReportMetric(float64(spent[0].Nanoseconds())/float64(requests), "off-ns/req")
	b.ReportMetric(float64(spent[1].Nanoseconds())/float64(requests), "on-ns/req")
	b.ReportMetric(float64((spent[1]-spent[0]).Nanoseconds())/float64(requests), "added-ns/req")
}
