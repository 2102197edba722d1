package websocketapi_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gobwas/ws"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/compile/websocketapi/snapshottest"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
)

const awsFunction = `"IntegrationType": "AWS", "IntegrationMethod": "POST", "IntegrationUri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations"`

// answering makes the backend answer with a status and headers.
func (w *world) answering(statusCode int, header http.Header) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.backend = func(*integration.Request) (*integration.Response, error) {
		if statusCode == 0 {
			return nil, &integration.Failure{Kind: integration.FailureConnect, Address: "backend", Err: errors.New("refused")}
		}
		return &integration.Response{StatusCode: statusCode, Header: header, Body: []byte("backend")}, nil
	}
}

// outbound is the n-th request to the backend, in lines; what every request has is left out.
func (w *world) outbound(n int) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.sent) < n {
		return ""
	}
	request := w.sent[n-1]
	lines := []string{request.Method + " " + request.URL}
	for _, name := range slices.Sorted(maps.Keys(request.Header)) {
		if !slices.Contains([]string{"Accept", "Content-Type", "X-Amzn-Apigateway-Api-Id", "User-Agent"}, name) {
			lines = append(lines, name+": "+strings.Join(request.Header[name], ","))
		}
	}
	return strings.Join(append(lines, string(request.Body)), "\n")
}

// Source: guide, websocket-api-data-mapping.md (parameters), apigateway-websocket-api-route-keys-connect-disconnect.md
// (the template, that a failing $connect refuses), websocket-connect-route-subprotocol.md.
func TestConnect_integrations(t *testing.T) {
	const http = `"IntegrationMethod": "POST", "IntegrationUri": "http://backend/{tenant}"`
	for name, test := range map[string]struct {
		integration string
		backend     int
		protocol    string
		status      int
		text        string // of the answer's head
		outbound    string // ID stands for the connection's id
	}{
		"HTTP with parameters": {
			integration: `"IntegrationType": "HTTP", ` + http + `, "RequestTemplates": {"$default": "{\"id\":\"$context.connectionId\"}"}, "RequestParameters": {
				"integration.request.header.authToken": "route.request.querystring.authToken", "integration.request.path.tenant": "route.request.header.X-Tenant",
				"integration.request.querystring.all": "route.request.multivaluequerystring.x", "integration.request.querystring.stage": "context.stage",
				"integration.request.header.Version": "stageVariables.version", "integration.request.header.None": "route.request.header.None",
				"integration.request.header.static": "'it is'"}`,
			backend: 200, status: 101, outbound: "POST http://backend/acme?all=1&all=2&stage=prod\nAuthtoken: secret\nStatic: it is\nVersion: v3\n{\"id\":\"ID\"}",
		},
		"HTTP_PROXY passes headers and query": {
			integration: `"IntegrationType": "HTTP_PROXY", ` + http + `, "RequestParameters": {"integration.request.path.tenant": "'t'", "integration.request.header.connectionId": "context.connectionId"}`,
			backend:     204, status: 101, outbound: "POST http://backend/t?authToken=secret&x=1&x=2\nConnectionid: ID\nX-Tenant: acme\n",
		},
		"HTTP chooses the sub-protocol": {
			integration: `"IntegrationType": "HTTP", ` + http, backend: 200, protocol: "chat.v2", status: 101, text: "Sec-Websocket-Protocol:[chat.v2]",
		},
		"HTTP refuses":       {integration: `"IntegrationType": "HTTP", ` + http, backend: 403, status: 403, text: `"message": "Forbidden"`},
		"HTTP_PROXY refuses": {integration: `"IntegrationType": "HTTP_PROXY", ` + http, backend: 401, status: 401, text: `"connectionId":"`},
		"HTTP redirects":     {integration: `"IntegrationType": "HTTP", ` + http, backend: 302, status: 302},
		"HTTP does not answer": {
			integration: `"IntegrationType": "HTTP", ` + http, status: 504, text: `"message": "Internal server error"`, // 504 is unconfirmed
		},
		"MOCK accepts": {integration: `"IntegrationType": "MOCK", "RequestTemplates": {"$default": "{\"statusCode\":200}"}`, status: 101},
		"MOCK decides by a header": {
			integration: `"IntegrationType": "MOCK", "RequestTemplates": {"$default": "{\"statusCode\":#if($input.params('X-Tenant') == 'acme')403#else 200#end}"}`, status: 403,
		},
		"MOCK without a status": {integration: `"IntegrationType": "MOCK"`, status: 500},
	} {
		t.Run(name, func(t *testing.T) {
			w := connectWorld(t, test.integration)
			header := map[string][]string{}
			if test.protocol != "" {
				header["sec-websocket-protocol"] = []string{test.protocol}
			}
			w.answering(test.backend, header)
			_, status, text := w.handshake("/?authToken=secret&x=1&x=2", "X-Tenant: acme")
			if status != test.status || !strings.Contains(text, test.text) {
				t.Errorf("status %d: %s", status, text)
			}
			got := w.outbound(1)
			if test.outbound != "" && idPattern(got, test.outbound) != test.outbound {
				t.Errorf("sent\n%s\nwant\n%s", got, test.outbound)
			}
		})
	}
}

// idPattern replaces what stands in the place of ID.
func idPattern(got, want string) string {
	before, after, ok := strings.Cut(want, "ID")
	if !ok || !strings.HasPrefix(got, before) || len(got) < len(before)+len(after) || !strings.HasSuffix(got, after) {
		return got
	}
	return before + "ID" + after
}

func connectWorld(t *testing.T, target string) *world {
	t.Helper()
	snapshot, err := snapshottest.Parse([]byte(`{"Routes": {"$connect": {"Integration": {` + target + `}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	return newWorldOf(t, &snapshot, apigwv2.Stage{StageName: "prod", DeploymentId: "d1", StageVariables: map[string]string{"version": "v3"}})
}

// Source: guide, apigateway-websocket-api-route-keys-connect-disconnect.md, the template of a non-proxy integration.
func TestConnect_functionBehindTemplate(t *testing.T) {
	w := connectWorld(t, awsFunction+`, "RequestTemplates": {"$default": "{\"connectionId\": \"$context.connectionId\", \"domain\": \"$context.domainName\", \"stage\": \"$context.stage\", \"event\": \"$context.eventType\", \"params\": \"$input.params()\"}"}`)
	w.connect("X-Tenant: acme")
	event := w.event(1)
	if at(event, "domain") != "a1b2c3d4e5.execute-api.localhost" || at(event, "stage") != "prod" || at(event, "event") != "CONNECT" {
		t.Errorf("sent %v", event)
	}
	if params := fmt.Sprint(at(event, "params")); !strings.Contains(params, "X-Tenant=acme") {
		t.Errorf("params %s", params)
	}
	w.mu.Lock()
	w.function = func(*integration.Invocation) (*integration.InvocationResult, error) {
		return &integration.InvocationResult{StatusCode: 200, Payload: []byte(`{"errorMessage":"no"}`), FunctionError: "Unhandled"}, nil
	}
	w.mu.Unlock()
	if _, status, text := w.handshake("/"); status != 502 {
		t.Errorf("a function that fails: %d %s", status, text)
	}
}

// Source: guide, apigateway-websocket-api-route-keys-connect-disconnect.md: who closes does not count.
func TestDisconnect_httpBackend(t *testing.T) {
	w := newWorld(t, `{"Routes": {"$disconnect": {"Integration": {"IntegrationType": "HTTP", "IntegrationMethod": "DELETE", "IntegrationUri": "http://backend/{id}",
		"RequestTemplates": {"$default": "{\"why\":\"$context.disconnectReason\",\"code\":$context.disconnectStatusCode}"},
		"RequestParameters": {"integration.request.path.id": "context.connectionId"}}}}}`)
	w.answering(500, nil)
	p := w.connect()
	p.frame(ws.NewCloseFrame(ws.NewCloseFrameBody(4001, "done")))
	_, _ = p.closed()
	eventually(t, func() bool { return w.outbound(1) != "" })
	if got, want := w.outbound(1), "DELETE http://backend/ID\n{\"why\":\"done\",\"code\":4001}"; idPattern(got, want) != want {
		t.Errorf("sent\n%s", got)
	}
}

// Connections that are open follow the stage: to a new deployment, and to its end.
func TestStageOfOpenConnections(t *testing.T) {
	w := newWorld(t, echo)
	compiled := func(text string) *plan.WebSocketStage {
		return newWorld(t, strings.Replace(echo, "pong", text, 1)).stage
	}
	serving := make(chan *plan.WebSocketStage, 1)
	serving <- compiled("first")
	w.pipeline.Stage = func(string, string) (*plan.WebSocketStage, bool) {
		stage := <-serving
		serving <- stage
		return stage, stage != nil
	}
	p := w.connect()
	for _, text := range []string{"first", "second"} {
		<-serving
		serving <- compiled(text)
		p.send("{}")
		p.expect(text)
	}
	<-serving
	serving <- nil
	p.send("{}")
	if code, reason := p.closed(); code != ws.StatusGoingAway {
		t.Errorf("closed with %d %q", code, reason)
	}
}

// Source: guide, websocket-api-logging.md.
func TestAccessLog_authorization(t *testing.T) {
	const api = `{"Routes": {"$connect": {"AuthorizationType": "CUSTOM", "AuthorizerId": "a1"}, "$default": {"Integration": {` + lambda + `}}},
		"Authorizers": {"a1": {"AuthorizerType": "REQUEST", "IdentitySource": ["route.request.querystring.token"],
			"AuthorizerUri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:auth/invocations"}}}`
	snapshot, err := snapshottest.Parse([]byte(api))
	if err != nil {
		t.Fatal(err)
	}
	w := newWorldOf(t, &snapshot, apigwv2.Stage{StageName: "prod", DeploymentId: "d1", AccessLogSettings: &apigwv2.AccessLogSettings{
		DestinationArn: "arn:aws:logs:us-east-1:123456789012:log-group:ws",
		Format:         "$context.requestId $context.eventType $context.authorizer.status $context.authorizer.integrationStatus $context.authorizer.principalId $context.authorizer.error $context.authorize.status $context.authorize.error $context.authenticate.status",
	}})
	effect := "Allow"
	w.function = func(*integration.Invocation) (*integration.InvocationResult, error) {
		return answer(`{"principalId":"ann","policyDocument":{"Version":"2012-10-17","Statement":[{"Action":"execute-api:Invoke","Effect":` + strconv.Quote(effect) + `,"Resource":"*"}]}}`), nil
	}
	for _, test := range []struct {
		effect, path string
		status       int
		line         string
	}{
		{"Allow", "/?token=x", 101, "CONNECT 200 200 ann - 200 - -"},
		{"Deny", "/?token=x", 403, "CONNECT 200 200 ann - 403 User is not authorized to access this resource with an explicit deny in an identity-based policy -"},
		{"Allow", "/", 401, "CONNECT 401 - - Unauthorized - - -"},
	} {
		w.mu.Lock()
		effect, w.lines = test.effect, nil
		w.mu.Unlock()
		if _, status, text := w.handshake(test.path); status != test.status {
			t.Fatalf("%s: %d %s", test.effect, status, text)
		}
		w.mu.Lock()
		if _, line, _ := strings.Cut(strings.Join(w.lines, "\n"), " "); line != test.line {
			t.Errorf("logged %q, want %q", line, test.line)
		}
		w.mu.Unlock()
	}
}
