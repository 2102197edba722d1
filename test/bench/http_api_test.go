package bench

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"
)

// createHttpApi makes an HTTP API whose stage $default sends every request to an
// integration, and returns the URL of its root.
func (p *process) createHttpApi(b *testing.B, integration map[string]any) string {
	b.Helper()
	api := p.call(b, http.MethodPost, "/v2/apis", map[string]any{"name": "bench", "protocolType": "HTTP"})["apiId"].(string)
	path := "/v2/apis/" + api
	id := p.call(b, http.MethodPost, path+"/integrations", integration)["integrationId"].(string)
	p.call(b, http.MethodPost, path+"/routes", map[string]any{"routeKey": "ANY /{proxy+}", "target": "integrations/" + id})
	p.call(b, http.MethodPost, path+"/deployments", map[string]any{})
	p.call(b, http.MethodPost, path+"/stages", map[string]any{"stageName": "$default", "autoDeploy": true})
	return p.url + "/_aws/execute-api/" + api + "/$default/"
}

// createEcho makes a WebSocket API whose route $default answers each message from a
// template, and returns the URL of its stage.
func (p *process) createEcho(b *testing.B) string {
	b.Helper()
	api := p.call(b, http.MethodPost, "/v2/apis", map[string]any{"name": "bench", "protocolType": "WEBSOCKET", "routeSelectionExpression": "$request.body.action"})["apiId"].(string)
	path := "/v2/apis/" + api
	id := p.call(b, http.MethodPost, path+"/integrations", map[string]any{
		"integrationType": "MOCK", "requestTemplates": map[string]string{"200": `{"statusCode":200}`}, "templateSelectionExpression": "200",
	})["integrationId"].(string)
	p.call(b, http.MethodPost, path+"/integrations/"+id+"/integrationresponses", map[string]any{
		"integrationResponseKey": "$default", "responseTemplates": map[string]string{"200": echoAnswer}, "templateSelectionExpression": "200",
	})
	route := p.call(b, http.MethodPost, path+"/routes", map[string]any{
		"routeKey": "$default", "target": "integrations/" + id, "routeResponseSelectionExpression": "$default",
	})["routeId"].(string)
	p.call(b, http.MethodPost, path+"/routes/"+route+"/routeresponses", map[string]any{"routeResponseKey": "$default"})
	deployment := p.call(b, http.MethodPost, path+"/deployments", map[string]any{})["deploymentId"]
	p.call(b, http.MethodPost, path+"/stages", map[string]any{"stageName": "prod", "deploymentId": deployment})
	return "ws" + strings.TrimPrefix(p.url, "http") + "/_aws/execute-api/" + api + "/prod"
}

const echoAnswer = `{"echo":"0123456789012345678901234567890123456789012345678901"}`

// BenchmarkWebSocketEcho sends messages of 64 bytes over many connections and waits for
// each answer.
func BenchmarkWebSocketEcho(b *testing.B) {
	gatehouse, _ := startGatehouse(b, b.TempDir())
	url := gatehouse.createEcho(b)
	echo(b, url, warmUp)
	before := gatehouse.cpu(b)
	b.ResetTimer()
	echo(b, url, b.N)
	b.StopTimer()
	used := gatehouse.cpu(b) - before
	b.ReportMetric(float64(used.Microseconds())/float64(b.N), "cpu-µs/op")
	b.ReportMetric(float64(b.N)/used.Seconds(), "messages/cpu-s")
}

func echo(b *testing.B, url string, n int) {
	b.Helper()
	var group sync.WaitGroup
	failures := make(chan error, connections)
	for i := range connections {
		share := n / connections
		if i < n%connections {
			share++
		}
		group.Go(func() { failures <- echoAll(url, share) })
	}
	group.Wait()
	close(failures)
	for err := range failures {
		if err != nil {
			b.Fatal(err)
		}
	}
}

func echoAll(url string, n int) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	connection, _, _, err := ws.Dial(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = connection.Close() }()
	message, err := ws.CompileFrame(ws.MaskFrame(ws.NewTextFrame([]byte(strings.Repeat("a", 64)))))
	if err != nil {
		return err
	}
	answer := make([]byte, 2+len(echoAnswer))
	for range n {
		if _, err := connection.Write(message); err != nil {
			return err
		}
		if _, err := io.ReadFull(connection, answer); err != nil {
			return err
		}
	}
	return nil
}
