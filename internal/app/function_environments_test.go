package app

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws/wsutil"

	"gatehouse/internal/config"
)

// makeFunction creates a function that API Gateway may invoke, and returns its ARN.
func makeFunction(t testing.TB, server *App, name, runtime, file, code string) (arn string) {
	t.Helper()
	call(t, server, "POST", "/2015-03-31/functions", map[string]any{
		"FunctionName": name, "Runtime": runtime, "Handler": "index.handler", "Role": "arn:aws:iam::000000000000:role/r", "Timeout": 20,
		"Code": map[string]any{"ZipFile": zipOf(t, file, code)},
	})
	call(t, server, "POST", "/2015-03-31/functions/"+name+"/policy", map[string]any{
		"StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com",
	})
	return "arn:aws:lambda:us-east-1:000000000000:function:" + name
}

func zipOf(t testing.TB, file, text string) []byte {
	t.Helper()
	var archive bytes.Buffer
	writer := zip.NewWriter(&archive)
	entry, err := writer.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(entry, text); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return archive.Bytes()
}

const lambdaPath = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"

// echoSockets makes a WebSocket API whose messages a function answers.
func echoSockets(t *testing.T, server *App, functionArn string) (apiId string) {
	t.Helper()
	apiId = call(t, server, "POST", "/v2/apis", map[string]any{
		"name": "echo", "protocolType": "WEBSOCKET", "routeSelectionExpression": "$request.body.action",
	})["apiId"].(string)
	path := "/v2/apis/" + apiId
	integration := call(t, server, "POST", path+"/integrations", map[string]any{
		"integrationType": "AWS_PROXY", "integrationMethod": "POST", "integrationUri": lambdaPath + functionArn + "/invocations",
	})["integrationId"].(string)
	route := call(t, server, "POST", path+"/routes", map[string]any{
		"routeKey": "$default", "target": "integrations/" + integration, "routeResponseSelectionExpression": "$default",
	})["routeId"].(string)
	call(t, server, "POST", path+"/routes/"+route+"/routeresponses", map[string]any{"routeResponseKey": "$default"})
	deployment := call(t, server, "POST", path+"/deployments", map[string]any{})["deploymentId"]
	call(t, server, "POST", path+"/stages", map[string]any{"stageName": "prod", "deploymentId": deployment})
	return apiId
}

// A message from each of many clients at once is answered by a function that has to be
// started for them: each comes back, to whom it came from.
func TestWebSocketFunction_burst(t *testing.T) {
	const clients = 200
	server := start(t)
	apiId := echoSockets(t, server, makeFunction(t, server, "echo", "nodejs20.x", "index.js",
		"exports.handler = async (event) => ({ statusCode: 200, body: event.body });"))
	sockets := make([]net.Conn, clients)
	for i := range sockets {
		sockets[i] = dialSocket(t, server, apiId).Conn
		_ = sockets[i].SetDeadline(time.Now().Add(patience))
	}
	for round := range 2 {
		var wait sync.WaitGroup
		for i, client := range sockets {
			wait.Go(func() {
				message := fmt.Sprintf("message %d of client %d", round, i)
				if err := wsutil.WriteClientText(client, []byte(message)); err != nil {
					t.Error(err)
				}
				if answer, err := wsutil.ReadServerText(client); err != nil || string(answer) != message {
					t.Errorf("%q came back as %q %v", message, answer, err)
				}
			})
		}
		wait.Wait()
	}
	if got := server.runner.Statistics(); got.Environments > 16 {
		t.Errorf("%d environments for %d messages at once", got.Environments, clients)
	}
}

// A request that waits for an environment until its integration times out is told apart
// from a function that is slow.
func TestFunctionEnvironments_waiting(t *testing.T) {
	server := start(t, func(c *config.Config) { c.FunctionEnvironments = 1 })
	arn := makeFunction(t, server, "slow", "python3.12", "index.py",
		"import time\ndef handler(event, context):\n    time.sleep(3 if event['path'] == '/slow' else 0)\n    return {'statusCode': 200, 'body': 'done'}\n")
	api := call(t, server, "POST", "/restapis", map[string]any{"name": "slow"})
	for _, name := range []string{"warm", "slow", "quick"} {
		resource := call(t, server, "POST", "/restapis/"+api["id"].(string)+"/resources/"+api["rootResourceId"].(string), map[string]any{"pathPart": name})
		method := "/restapis/" + api["id"].(string) + "/resources/" + resource["id"].(string) + "/methods/GET"
		call(t, server, "PUT", method, map[string]any{"authorizationType": "NONE"})
		integration := map[string]any{"type": "AWS_PROXY", "httpMethod": "POST", "uri": lambdaPath + arn + "/invocations"}
		if name != "warm" {
			integration["timeoutInMillis"] = 300
		}
		call(t, server, "PUT", method+"/integration", integration)
	}
	call(t, server, "POST", "/restapis/"+api["id"].(string)+"/deployments", map[string]any{"stageName": "prod"})
	ask := func(path string) (status int, requestId string) {
		response, err := http.Get(server.URL() + "/_aws/execute-api/" + api["id"].(string) + "/prod/" + path)
		if err != nil {
			t.Error(err)
			return 0, ""
		}
		defer func() { _ = response.Body.Close() }()
		return response.StatusCode, response.Header.Get("x-amzn-RequestId")
	}
	if status, _ := ask("warm"); status != http.StatusOK {
		t.Fatalf("the function answered %d", status)
	}
	for _, row := range []struct{ path, found, not string }{
		{"slow", "STILL RUNNING", "--function-environments"},
		{"quick", "waited for an execution environment, and all 1 were busy", "STILL RUNNING"}, // slow runs on
	} {
		status, requestId := ask(row.path)
		if status != http.StatusGatewayTimeout {
			t.Errorf("%s answered %d", row.path, status)
		}
		if text := explanationOf(t, server, requestId); !strings.Contains(text, row.found) || strings.Contains(text, row.not) {
			t.Errorf("%s was explained with %s", row.path, text)
		}
	}
}

// explanationOf is the explanation of a request, as JSON.
func explanationOf(t *testing.T, server *App, requestId string) string {
	t.Helper()
	explanation, err := json.Marshal(call(t, server, "GET", "/_gatehouse/api/requests/"+requestId+"/explanation", nil))
	if err != nil {
		t.Fatal(err)
	}
	return string(explanation)
}

// A message that the function's concurrency has no room for is answered with the error
// frame of a failed integration, and the connection lives on.
func TestWebSocketFunction_throttled(t *testing.T) {
	server := start(t)
	apiId := echoSockets(t, server, makeFunction(t, server, "echo", "python3.12", "index.py",
		"def handler(event, context):\n    return {'statusCode': 200, 'body': event['body']}\n"))
	client := dialSocket(t, server, apiId)
	call(t, server, "PUT", "/2017-10-31/functions/echo/concurrency", map[string]any{"ReservedConcurrentExecutions": 0})
	var frame struct{ Message, ConnectionId, RequestId string }
	if err := json.Unmarshal([]byte(client.ask(t, "one")), &frame); err != nil || frame.Message != "Internal server error" || frame.ConnectionId == "" {
		t.Errorf("got %+v %v", frame, err)
	}
	if text := explanationOf(t, server, frame.RequestId); !strings.Contains(text, "GH-L103") || !strings.Contains(text, "reserved concurrency allows, 0") {
		t.Errorf("it was explained with %s", text)
	}
	call(t, server, "DELETE", "/2017-10-31/functions/echo/concurrency", nil)
	if answer := client.ask(t, "two"); answer != "two" {
		t.Errorf("afterwards it answered %s", answer)
	}
}
