package app

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"gatehouse/internal/config"
	"gatehouse/internal/logs"
	"gatehouse/internal/sigv4"
)

// journal is what a server logs.
type journal struct {
	mu   sync.Mutex // guards text
	text bytes.Buffer
}

// Write implements io.Writer.
func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(line)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// A signature mismatch repeats to its client what was signed, session token included. It
// reaches nothing else: the server's log, execution and access logs, records, pages.
func TestNoSecretIsKept(t *testing.T) {
	own := &journal{}
	settings := config.Default()
	settings.Listen, settings.Data = "127.0.0.1:0", t.TempDir()
	server := New(Options{Config: settings, Version: "test", Log: slog.New(slog.NewTextHandler(own, &slog.HandlerOptions{Level: slog.LevelDebug})), Path: os.Getenv("PATH")})
	if err := server.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop(context.Background()) })
	p := peopleOf(t, server)
	user := p.user(ownAccount, "user", allowing("sts:AssumeRole", "*"))
	wrong := p.assume(user, p.role(ownAccount, "role", `{"AWS":"`+ownAccount+`"}`, allowing("*", "*")))
	wrong.Secret = "wrong"
	rest, httpApi := iamRestApi(t, server), iamHttpApi(t, server)
	socketApi := whoami(t, server, sigv4.Credentials{}, map[string]any{"authorizationType": "AWS_IAM"})
	made(t, server, sigv4.Credentials{}, "PATCH", "/v2/apis/"+socketApi+"/stages/prod", map[string]any{"accessLogSettings": map[string]string{
		"destinationArn": accessLog["destinationArn"], "format": accessLog["format"] + " $context.authenticate.error",
	}})
	upgrade := http.Header{"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="}}
	for path, test := range map[string]struct {
		headers http.Header
		repeats bool
	}{
		rest + "/prod/": {nil, true}, httpApi + "/$default/": {nil, false}, socketApi + "/prod": {upgrade, true}, socketApi + "/prod/@connections/x": {nil, true},
	} {
		one := &sent{method: "GET", path: "/_aws/execute-api/" + path, with: wrong, service: "execute-api", headers: test.headers}
		if status, text, _ := one.do(t, server); status != http.StatusForbidden || test.repeats != strings.Contains(text, wrong.SessionToken) {
			t.Errorf("%s: got %d %s", path, status, text)
		}
	}
	kept := map[string]string{"the server's log": own.String()}
	for _, page := range []string{"/_gatehouse/api/requests", "/_gatehouse/requests/", "/metrics"} {
		_, kept[page], _ = (&sent{method: "GET", path: page}).do(t, server)
	}
	var listed struct{ Requests []struct{ RequestId string } }
	if err := json.Unmarshal([]byte(kept["/_gatehouse/api/requests"]), &listed); err != nil || len(listed.Requests) < 3 {
		t.Fatalf("%s %v", kept["/_gatehouse/api/requests"], err)
	}
	for _, one := range listed.Requests {
		id := one.RequestId
		for _, page := range []string{"/_gatehouse/api/requests/" + id + "/explanation", "/_gatehouse/requests/" + id, "/_gatehouse/kb/GH-A401?request=" + id} {
			_, kept[page], _ = (&sent{method: "GET", path: page}).do(t, server)
		}
	}
	for _, group := range []string{"access", "API-Gateway-Execution-Logs_" + rest + "/prod"} {
		kept[group] = logged(t, server, group)
	}
	if strings.Count(kept["access"], "403 The request signature we calculated") != 2 {
		t.Errorf("the access logs hold %q", kept["access"])
	}
	for where, text := range kept {
		if text == "" || strings.Contains(text, wrong.SessionToken) {
			t.Errorf("%s is empty or tells the session token:\n%s", where, text)
		}
	}
}

var accessLog = map[string]string{
	"destinationArn": "arn:aws:logs:us-east-1:" + ownAccount + ":log-group:access",
	"format":         "$context.requestId $context.status $context.error.message $context.error.messageString",
}

// iamRestApi makes an API whose root asks for AWS_IAM, with all logs on, and returns its id.
func iamRestApi(t *testing.T, server *App) string {
	t.Helper()
	created := call(t, server, "POST", "/restapis", map[string]any{"name": "rest"})
	api := "/restapis/" + created["id"].(string)
	method := api + "/resources/" + created["rootResourceId"].(string) + "/methods/GET"
	call(t, server, "PUT", method, map[string]any{"authorizationType": "AWS_IAM"})
	call(t, server, "PUT", method+"/integration", map[string]any{"type": "MOCK", "requestTemplates": map[string]string{"application/json": `{"statusCode":200}`}})
	call(t, server, "PUT", method+"/responses/200", map[string]any{})
	call(t, server, "PUT", method+"/integration/responses/200", map[string]any{})
	call(t, server, "POST", api+"/deployments", map[string]any{"stageName": "prod"})
	call(t, server, "PATCH", api+"/stages/prod", map[string]any{"patchOperations": []map[string]string{
		{"op": "replace", "path": "/accessLogSettings/destinationArn", "value": accessLog["destinationArn"]},
		{"op": "replace", "path": "/accessLogSettings/format", "value": accessLog["format"]},
		{"op": "replace", "path": "/*/*/logging/loglevel", "value": "INFO"}, {"op": "replace", "path": "/*/*/logging/dataTrace", "value": "true"},
	}})
	return created["id"].(string)
}

func iamHttpApi(t *testing.T, server *App) string {
	t.Helper()
	api := call(t, server, "POST", "/v2/apis", map[string]any{"name": "h", "protocolType": "HTTP"})["apiId"].(string)
	integration := call(t, server, "POST", "/v2/apis/"+api+"/integrations", map[string]any{
		"integrationType": "HTTP_PROXY", "integrationMethod": "GET", "integrationUri": "http://127.0.0.1:9", "payloadFormatVersion": "1.0",
	})["integrationId"].(string)
	call(t, server, "POST", "/v2/apis/"+api+"/routes", map[string]any{"routeKey": "GET /", "target": "integrations/" + integration, "authorizationType": "AWS_IAM"})
	call(t, server, "POST", "/v2/apis/"+api+"/stages", map[string]any{"stageName": "$default", "autoDeploy": true, "accessLogSettings": accessLog})
	return api
}

// logged is all that a log group holds, once it holds something.
func logged(t *testing.T, server *App, group string) string {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		events, _, err := server.logs.Events(context.Background(), logs.Query{
			Group: logs.StreamId{Account: ownAccount, Region: "us-east-1", Group: group}, Limit: 1000, MaxBytes: 1 << 20,
		})
		if err != nil || len(events) == 0 {
			continue
		}
		var b strings.Builder
		for _, event := range events {
			b.WriteString(event.Message + "\n")
		}
		return b.String()
	}
	t.Fatalf("log group %s holds nothing", group)
	return ""
}
