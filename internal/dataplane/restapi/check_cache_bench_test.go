package restapi

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"gatehouse/internal/apigw"
	compiler "gatehouse/internal/compile/restapi"
	"gatehouse/internal/dataplane/stagecache"
	"gatehouse/internal/deployment/deploymenttest"
	"gatehouse/internal/integration"
)

// slow is a backend that takes a millisecond.
type slow struct{ echo }

func (s slow) Call(ctx context.Context, request *integration.Request) (*integration.Response, error) {
	time.Sleep(time.Millisecond)
	return s.echo.Call(ctx, request)
}

// BenchmarkStageCache is a request without a cache, and one that the cache answers: to a
// backend that takes no time, and to one that takes a millisecond.
func BenchmarkStageCache(b *testing.B) {
	for _, test := range []struct {
		name     string
		enabled  bool
		backends Backends
	}{{"off", false, echo{}}, {"hit", true, echo{}}, {"off-1ms", false, slow{}}, {"hit-1ms", true, slow{}}} {
		b.Run(test.name, func(b *testing.B) {
			snapshot, err := deploymenttest.Parse([]byte(proxyApi))
			if err != nil {
				b.Fatal(err)
			}
			stage := apigw.Stage{
				StageName: "prod", DeploymentId: "d1", CacheClusterEnabled: test.enabled, CacheClusterSize: "0.5", CacheGeneration: 1,
				MethodSettings: map[string]apigw.MethodSetting{"{proxy+}/ANY": {CachingEnabled: true, CacheTtlInSeconds: 300, ThrottlingRateLimit: -1, ThrottlingBurstLimit: -1}},
			}
			compiled, _ := compiler.Compile(&snapshot, &stage, compiler.Options{Scope: apigw.Scope{Account: "123456789012", Region: "us-east-1"}})
			caches, err := stagecache.New(1<<24, time.Now, rand.Reader)
			if err != nil {
				b.Fatal(err)
			}
			defer caches.Close()
			p := testPipeline()
			p.Backends, p.StageCaches = test.backends, caches
			in := testRequest("")
			p.Serve(httptest.NewRecorder(), compiled, in)
			b.ReportAllocs()
			for b.Loop() {
				w := httptest.NewRecorder()
				p.Serve(w, compiled, in)
				if w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
			}
		})
	}
}
