package app

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"gatehouse/internal/config"
)

// Source: ours; AWS has no nodes.

// Caches of authorizers are flushed at all nodes, and counts of all nodes are reported.
func TestAllNodesDoIt(t *testing.T) {
	var asked atomic.Int64
	functions := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		_, _ = io.WriteString(w, `{"principalId":"u","policyDocument":{"Version":"2012-10-17","Statement":[{"Action":"execute-api:Invoke","Effect":"Allow","Resource":"*"}]}}`)
	}))
	t.Cleanup(functions.Close)
	elsewhere := func(c *config.Config) { c.FunctionEndpoints = map[string]string{"*": functions.URL} }
	nats := startNats(t)
	near, far := startNode(t, nats, elsewhere), startNode(t, nats, elsewhere)
	t.Cleanup(func() {
		_ = near.Stop(context.Background())
		_ = far.Stop(context.Background())
	})
	created := call(t, near, "POST", "/restapis", map[string]any{"name": "rest"})
	api := "/restapis/" + created["id"].(string)
	authorizer := call(t, near, "POST", api+"/authorizers", map[string]any{
		"name": "a", "type": "TOKEN", "identitySource": "method.request.header.Authorization", "authorizerResultTtlInSeconds": 3600,
		"authorizerUri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:auth/invocations",
	})["id"]
	method := api + "/resources/" + created["rootResourceId"].(string) + "/methods/GET"
	call(t, near, "PUT", method, map[string]any{"authorizationType": "CUSTOM", "authorizerId": authorizer})
	call(t, near, "PUT", method+"/integration", map[string]any{"type": "MOCK", "requestTemplates": map[string]string{"application/json": `{"statusCode":200}`}})
	call(t, near, "PUT", method+"/responses/200", map[string]any{})
	call(t, near, "PUT", method+"/integration/responses/200", map[string]any{})
	call(t, near, "POST", api+"/deployments", map[string]any{"stageName": "prod"})
	get := func(node *App) int {
		status, _ := at(t, node.Addr(), "GET", "http://node/_aws/execute-api/"+created["id"].(string)+"/prod/", "", http.Header{"Authorization": {"t"}}, nil)
		return status
	}
	eventually(t, func() bool { return get(near) == http.StatusOK && get(far) == http.StatusOK })
	before := asked.Load()
	if get(near); get(far) != http.StatusOK || asked.Load() != before {
		t.Fatalf("authorizers are asked again: %d, then %d", before, asked.Load())
	}
	call(t, near, "DELETE", api+"/stages/prod/cache/authorizers", nil)
	if get(near); get(far) != http.StatusOK || asked.Load() != before+2 {
		t.Errorf("after a flush at one node authorizers were asked %d times", asked.Load()-before)
	}

	for i := range 3 { // GH-R104: no API has the id
		fail(t, []*App{near, far, far}[i], "/")
	}
	for _, node := range []*App{near, far} {
		eventually(t, func() bool {
			_, text := at(t, node.Addr(), "GET", "http://node/_gatehouse/kb/reports", "", nil, nil)
			_, row, _ := strings.Cut(text, `<span class="id">GH-R104</span>`)
			row, _, _ = strings.Cut(row, "</tr>")
			return strings.Contains(row, `<td class="num" data-label="Happened">3</td>`) && !strings.Contains(text, "Not counted")
		})
	}
	if status, text := at(t, near.Addr(), "POST", "http://node/_gatehouse/api/reset", "", nil, nil); status != http.StatusNoContent {
		t.Errorf("reset: %d %s", status, text)
	}
	eventually(t, func() bool { return get(far) != http.StatusOK })
}

// What a node that does not answer would have to do has not been done, and is said so.
func TestAllNodesButOne(t *testing.T) {
	nats := startNats(t)
	node, safe := startNode(t, nats), startNode(t, nats, secure)
	t.Cleanup(func() {
		_ = node.Stop(context.Background())
		_ = safe.Stop(context.Background())
	})
	response, err := http.Post(node.URL()+"/_gatehouse/api/reset", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusInternalServerError {
		t.Error(fmt.Sprint("a node in secure mode was emptied: ", response.Status))
	}
}
