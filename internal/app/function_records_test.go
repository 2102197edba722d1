package app

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// quickApi makes an HTTP API in front of a function and returns its base path.
func quickApi(t *testing.T, server *App, functionArn string) (path string) {
	t.Helper()
	api := call(t, server, "POST", "/v2/apis", map[string]any{"name": "quick", "protocolType": "HTTP", "target": functionArn})
	return "/_aws/execute-api/" + api["apiId"].(string) + "/$default/"
}

func ask(t *testing.T, server *App, path string) (status int, body string) {
	t.Helper()
	response, err := http.Get(server.URL() + path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// What was changed in a function's records holds for the very next invocation, although
// invocations do not read the records anew: permission, code, alias, concurrency.
func TestFunctionRecords_atOnce(t *testing.T) {
	server := start(t)
	arn := makeFunction(t, server, "f", "python3.12", "index.py", "def handler(event, context):\n    return 'one'\n")
	path := quickApi(t, server, arn)
	const function = "/2015-03-31/functions/f"
	permission := map[string]any{"StatementId": "again", "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com"}
	for round := range 10 {
		want := []string{"one", "two"}[round%2]
		if status, body := ask(t, server, path); status != http.StatusOK || body != want {
			t.Fatalf("allowed: %d %s, want %s", status, body, want)
		}
		statement := "again"
		if round == 0 {
			statement = "s"
		}
		call(t, server, "DELETE", function+"/policy/"+statement, nil)
		if status, _ := ask(t, server, path); status != http.StatusInternalServerError {
			t.Fatalf("round %d: after RemovePermission it answered %d", round, status)
		}
		next := []string{"two", "one"}[round%2]
		call(t, server, "PUT", function+"/code", map[string]any{"ZipFile": zipOf(t, "index.py", "def handler(event, context):\n    return '"+next+"'\n")})
		call(t, server, "POST", function+"/policy", permission)
		call(t, server, "PUT", "/2017-10-31/functions/f/concurrency", map[string]any{"ReservedConcurrentExecutions": 0})
		if status, _ := ask(t, server, path); status != http.StatusInternalServerError {
			t.Fatalf("round %d: with a concurrency of 0 it answered %d", round, status)
		}
		call(t, server, "DELETE", "/2017-10-31/functions/f/concurrency", nil)
	}
}

// An alias moves to another version at once.
func TestFunctionRecords_alias(t *testing.T) {
	server := start(t)
	makeFunction(t, server, "f", "python3.12", "index.py", "def handler(event, context):\n    return context.function_version\n")
	const function = "/2015-03-31/functions/f"
	call(t, server, "POST", function+"/versions", map[string]any{})
	call(t, server, "PUT", function+"/code", map[string]any{"ZipFile": zipOf(t, "index.py", "def handler(event, context):\n    return 'second ' + context.function_version\n")})
	call(t, server, "POST", function+"/versions", map[string]any{})
	call(t, server, "POST", function+"/aliases", map[string]any{"Name": "live", "FunctionVersion": "1"})
	call(t, server, "POST", function+"/policy?Qualifier=live", map[string]any{"StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com"})
	path := quickApi(t, server, "arn:aws:lambda:us-east-1:000000000000:function:f:live")
	for _, row := range []struct{ version, want string }{{"", "1"}, {"2", "second 2"}, {"1", "1"}, {"$LATEST", "second $LATEST"}} {
		if row.version != "" {
			call(t, server, "PUT", function+"/aliases/live", map[string]any{"FunctionVersion": row.version})
		}
		if status, body := ask(t, server, path); status != http.StatusOK || body != row.want {
			t.Errorf("alias of %q answered %d %q, want %q", row.version, status, body, row.want)
		}
	}
}

// The other nodes follow as soon as they hear of it.
func TestFunctionRecords_otherNode(t *testing.T) {
	nats := startNats(t)
	near, far := startNode(t, nats), startNode(t, nats)
	defer func() { _ = near.Stop(context.Background()) }()
	defer func() { _ = far.Stop(context.Background()) }()
	arn := makeFunction(t, near, "f", "python3.12", "index.py", "def handler(event, context):\n    return 'fine'\n")
	path := quickApi(t, near, arn)
	answers := func(want int) func() bool {
		return func() bool { status, _ := ask(t, far, path); return status == want }
	}
	eventually(t, answers(http.StatusOK))
	call(t, near, "DELETE", "/2015-03-31/functions/f/policy/s", nil)
	eventually(t, answers(http.StatusInternalServerError))
	call(t, near, "POST", "/2015-03-31/functions/f/policy", map[string]any{"StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com"})
	eventually(t, answers(http.StatusOK))
}

// While a function's code is updated, again and again, no call fails, what runs ends on
// the code it began with, and a call made after the answer of UpdateFunctionCode never
// meets older code.
func TestFunctionRecords_codeUpdatedUnderLoad(t *testing.T) {
	const callers, updates = 6, 8
	server := start(t)
	filler := make([]byte, 256<<10) // in hexadecimal 512 KB, which do not compress away
	random := rand.New(rand.NewPCG(1, 2))
	for i := range filler {
		filler[i] = byte(random.Uint32())
	}
	code := func(version int) string {
		return fmt.Sprintf("import time\nfiller = '%x'\ndef handler(event, context):\n    began = %d\n    time.sleep(0.02)\n    return str(began)\n", filler, version)
	}
	path := quickApi(t, server, makeFunction(t, server, "f", "python3.12", "index.py", code(0)))
	if status, body := ask(t, server, path); status != http.StatusOK || body != "0" {
		t.Fatalf("answered %d %s", status, body)
	}
	var acknowledged atomic.Int64
	ended := make(chan struct{})
	var wait sync.WaitGroup
	for range callers {
		wait.Go(func() {
			for {
				select {
				case <-ended:
					return
				default:
				}
				least := acknowledged.Load()
				status, body := ask(t, server, path)
				if version, err := strconv.ParseInt(body, 10, 64); status != http.StatusOK || err != nil || version < least {
					t.Errorf("answered %d %s after update %d", status, body, least)
				}
			}
		})
	}
	for version := 1; version <= updates; version++ {
		call(t, server, "PUT", "/2015-03-31/functions/f/code", map[string]any{"ZipFile": zipOf(t, "index.py", code(version))})
		acknowledged.Store(int64(version))
		time.Sleep(300 * time.Millisecond)
	}
	close(ended)
	wait.Wait()
	eventually(t, func() bool {
		extracted, err := os.ReadDir(filepath.Join(server.options.Config.Data, "functions", "code"))
		return err == nil && len(extracted) == 1
	})
}

// A call that was killed, that ends without an answer or answers too much is explained
// by what happened to the function.
func TestFunctionFailures_explained(t *testing.T) {
	server := start(t)
	arn := makeFunction(t, server, "f", "python3.12", "index.py", `
import os, signal, sys
def handler(event, context):
    how = event['pathParameters']['how']
    if how == 'killed': os.kill(os.getpid(), signal.SIGKILL)
    if how == 'exits': os._exit(0)
    if how == 'fails': os._exit(7)
    if how == 'large': return {'statusCode': 200, 'body': 'x' * (7 << 20)}
    return {'statusCode': 200, 'body': how}
`)
	api := call(t, server, "POST", "/restapis", map[string]any{"name": "failures"})
	base := "/restapis/" + api["id"].(string)
	resource := call(t, server, "POST", base+"/resources/"+api["rootResourceId"].(string), map[string]any{"pathPart": "{how}"})
	method := base + "/resources/" + resource["id"].(string) + "/methods/GET"
	call(t, server, "PUT", method, map[string]any{"authorizationType": "NONE"})
	call(t, server, "PUT", method+"/integration", map[string]any{"type": "AWS_PROXY", "httpMethod": "POST", "uri": lambdaPath + arn + "/invocations"})
	call(t, server, "POST", base+"/deployments", map[string]any{"stageName": "prod"})
	for _, row := range []struct{ how, found string }{
		{"killed", "Runtime exited with error: signal: killed"},
		{"exits", "Runtime exited without providing a reason"},
		{"fails", "Runtime exited with error: exit status 7"},
		{"large", "Response payload size exceeded maximum allowed payload size (6291556 bytes)"},
	} {
		response, err := http.Get(server.URL() + "/_aws/execute-api/" + api["id"].(string) + "/prod/" + row.how)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusBadGateway {
			t.Errorf("%s answered %s", row.how, response.Status)
		}
		if text := explanationOf(t, server, response.Header.Get("x-amzn-RequestId")); !strings.Contains(text, row.found) || !strings.Contains(text, "GH-L202") {
			t.Errorf("%s was explained with %s", row.how, text)
		}
	}
	if status, body := ask(t, server, "/_aws/execute-api/"+api["id"].(string)+"/prod/fine"); status != http.StatusOK || body != "fine" {
		t.Errorf("afterwards it answered %d %s", status, body)
	}
}
