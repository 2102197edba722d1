package app

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws/wsutil"

	"gatehouse/internal/config"
	"gatehouse/internal/sigv4"
)

// start runs a whole server on a directory of its own.
func start(t *testing.T, changes ...func(*config.Config)) *App {
	t.Helper()
	settings := config.Default()
	for _, change := range changes {
		change(&settings)
	}
	settings.Listen, settings.Data = "127.0.0.1:0", t.TempDir()
	server := New(Options{Config: settings, Version: "test", Log: slog.New(slog.DiscardHandler), Path: os.Getenv("PATH")})
	if err := server.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(context.Background()); err != nil {
			t.Errorf("stopping: %v", err)
		}
	})
	return server
}

// call makes a control-plane call, unsigned, that must succeed.
func call(t testing.TB, server *App, method, path string, body any) map[string]any {
	t.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest(method, server.URL()+path, bytes.NewReader(encoded))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, _ := io.ReadAll(response.Body)
	if response.StatusCode >= 300 {
		t.Fatalf("%s %s: %s %s", method, path, response.Status, text)
	}
	answer := map[string]any{}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &answer); err != nil {
			t.Fatal(err)
		}
	}
	return answer
}

// A WebSocket API made through the control plane answers on the data plane, and
// @connections reaches its client.
func TestWebSocketApi(t *testing.T) {
	server := start(t)
	apiId := whoami(t, server, sigv4.Credentials{}, nil)
	client, connectionId := connect(t, server, apiId)
	post := &sent{
		method: "POST", path: "/_aws/execute-api/" + apiId + "/prod/@connections/" + url.PathEscape(connectionId), body: "hello",
		with: dummy, service: "execute-api",
	}
	if status, text, _ := post.do(t, server); status != http.StatusOK {
		t.Fatalf("@connections answered %d %s", status, text)
	}
	if pushed, err := wsutil.ReadServerText(client); err != nil || string(pushed) != "hello" {
		t.Errorf("got %q %v", pushed, err)
	}
}

// An HTTP API made by quick create proxies to its backend at once.
func TestHttpApi(t *testing.T) {
	server := start(t)
	backend := http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "backend saw "+r.URL.Path) })}
	listener, err := server.listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = backend.Serve(listener) }()
	t.Cleanup(func() { _ = backend.Close() })
	api := call(t, server, "POST", "/v2/apis", map[string]any{"name": "h", "protocolType": "HTTP", "target": "http://" + listener.Addr().String() + "/there"})
	response, err := http.Get(server.URL() + "/_aws/execute-api/" + api["apiId"].(string) + "/$default/")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if text, _ := io.ReadAll(response.Body); response.StatusCode != 200 || string(text) != "backend saw /there/" { // the $default route appends the path
		t.Errorf("got %s %s", response.Status, text)
	}
}

// A canary takes its share of a stage's requests, with its own variables; promoting it
// and removing it leaves the stage with the new deployment.
func TestCanary(t *testing.T) {
	server := start(t)
	created := call(t, server, "POST", "/restapis", map[string]any{"name": "canary"})
	api := "/restapis/" + created["id"].(string)
	method := api + "/resources/" + created["rootResourceId"].(string) + "/methods/GET"
	call(t, server, "PUT", method, map[string]any{"authorizationType": "NONE"})
	call(t, server, "PUT", method+"/integration", map[string]any{"type": "MOCK", "requestTemplates": map[string]string{"application/json": `{"statusCode":200}`}})
	call(t, server, "PUT", method+"/responses/200", map[string]any{})
	answers := func(text string) {
		call(t, server, "PUT", method+"/integration/responses/200", map[string]any{"responseTemplates": map[string]string{"application/json": text + " $stageVariables.color"}})
	}
	answers("old")
	call(t, server, "POST", api+"/deployments", map[string]any{"stageName": "prod", "variables": map[string]string{"color": "blue"}})
	answers("new")
	call(t, server, "POST", api+"/deployments", map[string]any{
		"stageName": "prod", "canarySettings": map[string]any{"percentTraffic": 50, "stageVariableOverrides": map[string]string{"color": "green"}},
	})
	seen := map[string]int{}
	for range 200 {
		seen[get(t, server, created["id"].(string))]++
	}
	if len(seen) != 2 || seen["old blue"] < 50 || seen["new green"] < 50 {
		t.Errorf("of 200 requests at 50 %%: %v", seen)
	}
	call(t, server, "PATCH", api+"/stages/prod", map[string]any{"patchOperations": []map[string]string{
		{"op": "copy", "from": "/canarySettings/deploymentId", "path": "/deploymentId"}, {"op": "remove", "path": "/canarySettings"},
	}})
	for range 20 {
		if got := get(t, server, created["id"].(string)); got != "new blue" {
			t.Fatalf("after the promotion: %q", got)
		}
	}
}

func get(t *testing.T, server *App, apiId string) string {
	t.Helper()
	response, err := http.Get(server.URL() + "/_aws/execute-api/" + apiId + "/prod/")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, _ := io.ReadAll(response.Body)
	return string(text)
}

// The configuration raises the integration timeout that an API may ask for, and no further.
func TestMaxIntegrationTimeout(t *testing.T) {
	server := start(t, func(c *config.Config) { c.MaxIntegrationTimeout = time.Minute })
	created := call(t, server, "POST", "/restapis", map[string]any{"name": "slow"})
	method := "/restapis/" + created["id"].(string) + "/resources/" + created["rootResourceId"].(string) + "/methods/GET"
	call(t, server, "PUT", method, map[string]any{"authorizationType": "NONE"})
	call(t, server, "PUT", method+"/integration", map[string]any{"type": "MOCK", "timeoutInMillis": 60000})
	request, err := http.NewRequest("PUT", server.URL()+method+"/integration", strings.NewReader(`{"type":"MOCK","timeoutInMillis":60001}`))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if text, _ := io.ReadAll(response.Body); response.StatusCode != 400 || !strings.Contains(string(text), "between 50 ms and 60000 ms") {
		t.Errorf("got %s %s", response.Status, text)
	}
}
