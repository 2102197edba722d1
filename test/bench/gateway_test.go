package bench

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// api is a REST API under construction.
type api struct {
	process *process
	id      string
	root    string
}

func (p *process) createApi(b *testing.B, name string) api {
	b.Helper()
	created := p.call(b, http.MethodPost, "/restapis", map[string]any{"name": name})
	return api{process: p, id: created["id"].(string), root: created["rootResourceId"].(string)}
}

// add makes GET /part with an integration.
func (a api) add(b *testing.B, part string, integration map[string]any) string {
	b.Helper()
	base := "/restapis/" + a.id
	id := a.process.call(b, http.MethodPost, base+"/resources/"+a.root, map[string]any{"pathPart": part})["id"].(string)
	method := base + "/resources/" + id + "/methods/GET"
	a.process.call(b, http.MethodPut, method, map[string]any{"authorizationType": "NONE"})
	a.process.call(b, http.MethodPut, method+"/integration", integration)
	return method
}

func (a api) addMock(b *testing.B, part string) {
	b.Helper()
	method := a.add(b, part, map[string]any{"type": "MOCK", "requestTemplates": map[string]string{"application/json": `{"statusCode": 200}`}})
	a.process.call(b, http.MethodPut, method+"/responses/200", map[string]any{})
	a.process.call(b, http.MethodPut, method+"/integration/responses/200", map[string]any{"responseTemplates": map[string]string{"application/json": string(answer)}})
}

func (a api) deploy(b *testing.B) {
	b.Helper()
	a.process.call(b, http.MethodPost, "/restapis/"+a.id+"/deployments", map[string]any{"stageName": "prod"})
}

func (a api) url(part string) string {
	return a.process.url + "/_aws/execute-api/" + a.id + "/prod/" + part
}

const connections = 32

// load sends n requests over many kept connections and fails on any other status.
func load(b *testing.B, url string, n, wantStatus int) {
	b.Helper()
	host, path, _ := strings.Cut(strings.TrimPrefix(url, "http://"), "/")
	request := "GET /" + path + " HTTP/1.1\r\nHost: " + host + "\r\nAccept: */*\r\nUser-Agent: bench\r\n\r\n"
	var group sync.WaitGroup
	failures := make(chan error, connections)
	for i := range connections {
		share := n / connections
		if i < n%connections {
			share++
		}
		group.Go(func() { failures <- sendAll(host, request, share, wantStatus) })
	}
	group.Wait()
	close(failures)
	for err := range failures {
		if err != nil {
			b.Fatal(err)
		}
	}
}

func sendAll(host, request string, n, wantStatus int) error {
	if n == 0 {
		return nil
	}
	connection, err := net.Dial("tcp", host)
	if err != nil {
		return err
	}
	defer func() { _ = connection.Close() }()
	reader := bufio.NewReader(connection)
	for range n {
		if _, err := io.WriteString(connection, request); err != nil {
			return err
		}
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			return err
		}
		_ = response.Body.Close()
		if response.StatusCode != wantStatus {
			return fmt.Errorf("status %d, want %d", response.StatusCode, wantStatus)
		}
	}
	return nil
}

const warmUp = 2000

// measure reports the processor time per request of the process.
func measure(b *testing.B, p *process, url string) {
	b.Helper()
	load(b, url, warmUp, http.StatusOK)
	before := p.cpu(b)
	b.ResetTimer()
	load(b, url, b.N, http.StatusOK)
	b.StopTimer()
	b.ReportMetric(float64((p.cpu(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
}

// BenchmarkRequest compares requests through Gatehouse with a bare reverse proxy and a
// bare handler; divide the cpu-µs/op of two rows for the ratio.
func BenchmarkRequest(b *testing.B) {
	upstream := startRole(b, roleUpstream, "")
	proxy := startRole(b, roleProxy, upstream.url)
	handler := startRole(b, roleHandler, "")
	gatehouse, _ := startGatehouse(b, b.TempDir())
	a := gatehouse.createApi(b, "bench")
	a.addMock(b, "mock")
	a.add(b, "proxy", map[string]any{"type": "HTTP_PROXY", "httpMethod": "GET", "uri": upstream.url + "/hello"})
	a.deploy(b)
	httpApi := gatehouse.createHttpApi(b, map[string]any{
		"integrationType": "HTTP_PROXY", "integrationMethod": "ANY", "integrationUri": upstream.url + "/{proxy}", "payloadFormatVersion": "1.0",
	})
	for _, row := range []struct {
		name    string
		process *process
		url     string
	}{
		{"bare-proxy", proxy, proxy.url + "/hello"},
		{"http-proxy", gatehouse, a.url("proxy")},
		{"http-api-proxy", gatehouse, httpApi + "hello"},
		{"bare-handler", handler, handler.url + "/hello"},
		{"mock", gatehouse, a.url("mock")},
	} {
		b.Run(row.name, func(b *testing.B) { measure(b, row.process, row.url) })
	}
}

// BenchmarkStart measures the time until the server is healthy, with the number of APIs
// that its data holds, and its resident memory then.
func BenchmarkStart(b *testing.B) {
	for _, apis := range []int{0, 1000} {
		b.Run("apis="+strconv.Itoa(apis), func(b *testing.B) { measureStart(b, apis) })
	}
}

func measureStart(b *testing.B, apis int) {
	b.Helper()
	data := b.TempDir()
	if apis > 0 {
		filler, _ := startGatehouse(b, data)
		for i := range apis {
			a := filler.createApi(b, "api-"+strconv.Itoa(i))
			a.addMock(b, "mock")
			a.deploy(b)
		}
		filler.stop(b)
	}
	b.ResetTimer()
	var total time.Duration
	var resident float64
	for range b.N {
		p, took := startGatehouse(b, data)
		total += took
		time.Sleep(200 * time.Millisecond)
		resident = p.residentMB(b)
		p.stop(b)
	}
	b.ReportMetric(float64(total.Microseconds())/1000/float64(b.N), "ms-to-healthy")
	b.ReportMetric(resident, "resident-MB")
}

func (p *process) stop(b *testing.B) {
	b.Helper()
	_ = p.command.Process.Signal(interrupt)
	_ = p.command.Wait()
}
