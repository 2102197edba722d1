package dataplane_test

import (
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gatehouse/internal/apigw"
	compiler "gatehouse/internal/compile/restapi"
	"gatehouse/internal/dataplane"
	"gatehouse/internal/dataplane/restapi"
	"gatehouse/internal/deployment/deploymenttest"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
	"gatehouse/internal/rawheader"
	"gatehouse/internal/throttle"
)

// The two benchmarks send the same requests over loopback through a bare
// httputil.ReverseProxy and through an HTTP_PROXY integration. cpu-µs/op is the
// process's, client and backend included in both.
func BenchmarkReverseProxy(b *testing.B) {
	backend := newBackend(b)
	target, err := url.Parse(backend)
	if err != nil {
		b.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.Transport = &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}
	runProxy(b, serve(b, proxy), "localhost")
}

// BenchmarkReverseProxyPooled gives the bare proxy a pool of copy buffers, which is the
// harder comparison.
func BenchmarkReverseProxyPooled(b *testing.B) {
	target, err := url.Parse(newBackend(b))
	if err != nil {
		b.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.Transport = &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}
	proxy.BufferPool = &bufferPool{}
	runProxy(b, serve(b, proxy), "localhost")
}

type bufferPool struct{ pool sync.Pool }

func (p *bufferPool) Get() []byte {
	if buffer, ok := p.pool.Get().(*[]byte); ok {
		return *buffer
	}
	return make([]byte, 32<<10)
}

func (p *bufferPool) Put(buffer []byte) { p.pool.Put(&buffer) }

func BenchmarkHttpProxyIntegration(b *testing.B) {
	runProxy(b, serve(b, newGateway(b, newBackend(b))), deploymenttest.ApiId+".execute-api.localhost")
}

func newGateway(t testing.TB, backend string) http.Handler {
	t.Helper()
	snapshot, err := deploymenttest.Parse([]byte(`{"Methods": {"ANY /{proxy+}": {"MethodIntegration": {"Type": "HTTP_PROXY", "HttpMethod": "ANY",
		"Uri": "` + backend + `/{proxy}", "RequestParameters": {"integration.request.path.proxy": "method.request.path.proxy"}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	stage := apigw.Stage{StageName: "prod", DeploymentId: "d1"}
	compiled, _ := compiler.Compile(&snapshot, &stage, compiler.Options{Scope: apigw.Scope{Account: "123456789012", Region: "us-east-1"}})
	table := plan.NewTable(1, map[string]*plan.Api{deploymenttest.ApiId: {Id: deploymenttest.ApiId, Stages: map[string]*plan.RestStage{"prod": compiled}}})
	client := integration.NewClient(apigw.PayloadSizeLimit, time.Now)
	t.Cleanup(client.CloseIdleConnections)
	return &dataplane.Handler{
		Published: func() *plan.Table { return table }, Now: time.Now, Random: rand.Uint64,
		Rest: &restapi.Pipeline{
			Backends: client, Throttles: throttle.New(time.Now), Now: time.Now, Random: rand.Uint64,
			AccountThrottle: throttle.Limit{Rate: 1e9, Burst: 1e9},
		},
	}
}

func newBackend(t testing.TB) string {
	t.Helper()
	body := []byte(strings.Repeat("x", 512))
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	}))
	t.Cleanup(backend.Close)
	return backend.URL
}

func serve(t testing.TB, handler http.Handler) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler, ConnContext: rawheader.ConnContext, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(rawheader.Listener(listener)) }()
	t.Cleanup(func() { _ = server.Close() })
	return "http://" + listener.Addr().String()
}

func runProxy(b *testing.B, address, host string) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	request, err := http.NewRequest(http.MethodGet, address+"/prod/pets/1?a=b", http.NoBody)
	if err != nil {
		b.Fatal(err)
	}
	request.Host = host
	request.Header.Set("Accept", "application/json")
	request.Header.Set("X-Custom", "value")
	before := cpuTime(b)
	b.ReportAllocs()
	for b.Loop() {
		response, err := client.Do(request)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != http.StatusOK {
			b.Fatal(response.Status, err)
		}
		_ = response.Body.Close()
	}
	b.ReportMetric(float64(cpuTime(b)-before)/float64(b.N)/1e3, "cpu-µs/op")
}

func cpuTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
