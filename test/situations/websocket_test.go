package situations

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"gatehouse/internal/config"
	"gatehouse/internal/diagnosis"
	"gatehouse/test/server"
)

// chat makes a WebSocket API with a stage prod, whose clients are told their id for
// {"action":"who"}. connect is the URL of $connect's backend; empty lets everybody in.
func (g *gateway) chat(connect string) (apiId string) {
	g.Helper()
	apiId = g.call("POST", "/v2/apis", map[string]any{"name": "chat", "protocolType": "WEBSOCKET", "routeSelectionExpression": "$request.body.action"})["apiId"].(string)
	path := "/v2/apis/" + apiId
	integration := g.call("POST", path+"/integrations", map[string]any{"integrationType": "MOCK", "requestTemplates": map[string]string{"$default": `{"statusCode":200}`}})["integrationId"].(string)
	g.call("POST", path+"/integrations/"+integration+"/integrationresponses", map[string]any{
		"integrationResponseKey": "$default", "responseTemplates": map[string]string{"$default": `{"you":"$context.connectionId"}`},
	})
	route := g.call("POST", path+"/routes", map[string]any{"routeKey": "who", "target": "integrations/" + integration, "routeResponseSelectionExpression": "$default"})["routeId"].(string)
	g.call("POST", path+"/routes/"+route+"/routeresponses", map[string]any{"routeResponseKey": "$default"})
	if connect != "" {
		backend := g.call("POST", path+"/integrations", map[string]any{
			"integrationType": "HTTP_PROXY", "integrationMethod": "POST", "integrationUri": connect,
			"requestParameters": map[string]string{"integration.request.header.connectionId": "context.connectionId"},
		})["integrationId"].(string)
		g.call("POST", path+"/routes", map[string]any{"routeKey": "$connect", "target": "integrations/" + backend})
	}
	deployment := g.call("POST", path+"/deployments", map[string]any{})["deploymentId"]
	for _, stageName := range []string{"prod", "test"} {
		g.call("POST", path+"/stages", map[string]any{"stageName": stageName, "deploymentId": deployment})
	}
	return apiId
}

func stageUrl(apiId, stageName string) string {
	return "/_aws/execute-api/" + apiId + "/" + stageName
}

// dial connects a client; the error is a ws.StatusError for an HTTP answer.
func (g *gateway) dial(path string) (net.Conn, error) {
	g.Helper()
	client, _, _, err := ws.Dialer{Timeout: 10 * time.Second, NetDial: g.connect}.Dial(g.Context(), "ws://"+g.server.Addr()+path)
	if err == nil {
		g.Cleanup(func() { _ = client.Close() })
		_ = client.SetDeadline(time.Now().Add(patience))
	}
	return client, err
}

// connected is a client of stage prod and its connection id.
func (g *gateway) connected(apiId string) (client net.Conn, connectionId string) {
	g.Helper()
	client, err := g.dial(stageUrl(apiId, "prod"))
	if err != nil {
		g.Fatal(err)
	}
	var answer struct{ You string }
	if text := g.says(client, `{"action":"who"}`); json.Unmarshal([]byte(text), &answer) != nil || answer.You == "" {
		g.Fatalf("got %s", text)
	}
	return client, answer.You
}

// says sends a message and returns the answer.
func (g *gateway) says(client net.Conn, message string) string {
	g.Helper()
	if err := wsutil.WriteClientText(client, []byte(message)); err != nil {
		g.Fatal(err)
	}
	text, err := wsutil.ReadServerText(client)
	if err != nil {
		g.Fatal(err)
	}
	return string(text)
}

func (g *gateway) post(path, connectionId string) (status int, requestId string) {
	g.Helper()
	status, header, _ := g.ask("POST", g.server.URL()+path+"/@connections/"+connectionId, "hello")
	return status, requestIdOf(header)
}

// closedWith reads until the server's close frame.
func (g *gateway) closedWith(client net.Conn) ws.StatusCode {
	g.Helper()
	for {
		if _, err := wsutil.ReadServerText(client); err != nil {
			closed, ok := err.(wsutil.ClosedError) //nolint:errorlint // wsutil returns it as it is
			if !ok {
				g.Fatalf("met %v", err)
			}
			return closed.Code
		}
	}
}

// E22: the client has gone. Its next connection has another id, which works.
func TestGone_closedByClient(t *testing.T) {
	g := startGateway(t)
	apiId := g.chat("")
	client, id := g.connected(apiId)
	if err := ws.WriteFrame(client, ws.MaskFrameInPlace(ws.NewCloseFrame(ws.NewCloseFrameBody(ws.StatusGoingAway, "tab closed")))); err != nil {
		t.Fatal(err)
	}
	g.closedWith(client)
	status, requestId := g.post(stageUrl(apiId, "prod"), id)
	explanation := g.explain(requestId)
	if status != http.StatusGone || explanation.ErrorId != "GH-W101" {
		t.Fatalf("%d, %+v", status, explanation.Finding)
	}
	g.matches(textOfFinding(&explanation.Finding), `it was closed \d+s ago by the client, code 1001 "tab closed"`)
	g.contains(textOfFinding(&explanation.Finding), id, "Delete the id", "has a new one once it connects again")
	_, again := g.connected(apiId)
	if status, _ := g.post(stageUrl(apiId, "prod"), again); status != http.StatusOK || again == id {
		t.Errorf("after connecting again: %d", status)
	}
}

// E22: a backend sends from inside $connect, before it has returned.
func TestGone_connecting(t *testing.T) {
	g := startGateway(t)
	requestIds := make(chan string, 1)
	var apiId string
	backend := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		time.Sleep(30 * time.Millisecond)
		_, requestId := g.post(stageUrl(apiId, "prod"), r.Header.Get("connectionId"))
		requestIds <- requestId
	}))
	defer backend.Close()
	apiId = g.chat(backend.URL)
	_, id := g.connected(apiId)
	explanation := g.explain(<-requestIds)
	if explanation.ErrorId != "GH-W101" || explanation.Status != http.StatusGone {
		t.Fatalf("%+v", explanation.Finding)
	}
	g.contains(textOfFinding(&explanation.Finding), id, "$connect route has not answered yet (after ", "ms)", "Send once $connect has returned 200")
	g.contains(g.run(explanation.Fix.Command), `"ConnectedAt"`)
	if status, _ := g.post(stageUrl(apiId, "prod"), id); status != http.StatusOK {
		t.Errorf("after $connect has returned: %d", status)
	}
}

// E22: the right id at the URL of another stage, and at a URL that names the stage twice.
func TestGone_wrongUrl(t *testing.T) {
	g := startGateway(t)
	apiId := g.chat("")
	_, id := g.connected(apiId)
	status, requestId := g.post(stageUrl(apiId, "test"), id)
	explanation := g.explain(requestId)
	if status != http.StatusGone || explanation.ErrorId != "GH-W101" {
		t.Fatalf("%d, %+v", status, explanation.Finding)
	}
	g.contains(textOfFinding(&explanation.Finding), "it belongs to stage prod of API "+apiId+", not to stage test")
	g.contains(g.run(explanation.Fix.Command), `"ConnectedAt"`)

	status, requestId = g.post(stageUrl(apiId, "prod")+"/prod", id)
	explanation = g.explain(requestId)
	if status != http.StatusForbidden || explanation.ErrorId != "GH-W102" {
		t.Fatalf("%d, %+v", status, explanation.Finding)
	}
	g.contains(textOfFinding(&explanation.Finding), "/prod/prod", "is not one stage of an API", "the key of a mapping without the stage")
	g.contains(g.run("CONNECTION="+id+"; "+explanation.Fix.Command), `"ConnectedAt"`)
}

// E22: on a custom domain name the stage does not belong into the URL.
func TestGone_stageOnCustomDomain(t *testing.T) {
	g := startGateway(t)
	apiId := g.chat("")
	_, id := g.connected(apiId)
	g.domain()
	g.call("POST", "/v2/domainnames/"+domainName+"/apimappings", map[string]any{"apiId": apiId, "stage": "prod", "apiMappingKey": "chat"})
	status, header, _ := g.ask("POST", "http://"+domainName+"/chat/prod/@connections/"+id, "hello")
	explanation := g.explain(requestIdOf(header))
	if status != http.StatusForbidden || explanation.ErrorId != "GH-W102" {
		t.Fatalf("%d, %+v", status, explanation.Finding)
	}
	g.contains(textOfFinding(&explanation.Finding), "is not the key of a mapping of "+domainName, "leave the stage out", "--endpoint-url http://"+domainName+"/chat")
	if status, _, text := g.ask("GET", "http://"+domainName+"/chat/@connections/"+id, ""); status != http.StatusOK {
		t.Errorf("without the stage: %d %s", status, text)
	}
}

// E23: the gateway closes a silent connection, and one that is too old.
func TestClosed_idle(t *testing.T) {
	const idle = 2 * time.Second
	g := startGateway(t, func(c *config.Config) { c.WebSocketIdleTimeout = idle })
	apiId := g.chat("")
	client, id := g.connected(apiId)
	if code := g.closedWith(client); code != ws.StatusGoingAway {
		t.Errorf("closed with %d", code)
	}
	explanation := g.explain(id)
	if explanation.ErrorId != "GH-W201" {
		t.Fatalf("%+v", explanation.Finding)
	}
	g.matches(textOfFinding(&explanation.Finding), `closed by the gateway, code 1001: idle for \d+s \(last frame at `)
	g.contains(textOfFinding(&explanation.Finding), "the limit is 2s", "old, of 2h0m0s",
		"Let the client send something every 1s", "gatehouse serve --web-socket-idle-timeout 4s")
	status, requestId := g.post(stageUrl(apiId, "prod"), id)
	if explanation := g.explain(requestId); status != http.StatusGone || explanation.Fix.Command != "gatehouse explain "+id {
		t.Errorf("a post to it: %d %+v", status, explanation.Finding)
	}
	client, _ = g.connected(apiId)
	for began := time.Now(); time.Since(began) < idle+idle/4; time.Sleep(idle / 20) { // as the fix says, and more often: the machine may be busy
		if err := ws.WriteFrame(client, ws.MaskFrameInPlace(ws.NewPingFrame(nil))); err != nil {
			t.Fatal(err)
		}
	}
	g.contains(g.says(client, `{"action":"who"}`), "you")
}

func TestClosed_old(t *testing.T) {
	g := startGateway(t, func(c *config.Config) { c.WebSocketDuration = 2 * time.Second })
	apiId := g.chat("")
	client, id := g.connected(apiId)
	if code := g.closedWith(client); code != ws.StatusGoingAway {
		t.Errorf("closed with %d", code)
	}
	explanation := g.explain(id)
	if explanation.ErrorId != "GH-W201" {
		t.Fatalf("%+v", explanation.Finding)
	}
	g.matches(textOfFinding(&explanation.Finding), `the connection was \d+s old; the limit is 2s, however busy it is`)
	g.contains(textOfFinding(&explanation.Finding), "connect again", "gatehouse serve --web-socket-duration 4s")
	g.connected(apiId)
}

// E23: a frame over the limit closes the connection; the printed setting lets it pass.
func TestClosed_tooBig(t *testing.T) {
	message := `{"action":"who","padding":"` + strings.Repeat("x", 40_000) + `"}`
	g := startGateway(t)
	client, id := g.connected(g.chat(""))
	if err := wsutil.WriteClientText(client, []byte(message)); err != nil {
		t.Fatal(err)
	}
	if code := g.closedWith(client); code != ws.StatusMessageTooBig {
		t.Errorf("closed with %d", code)
	}
	explanation := g.explain(id)
	g.contains(textOfFinding(&explanation.Finding), "code 1009: a frame of 40029 bytes; the limit is 32768", "gatehouse serve --web-socket-frame-payload 40029")
	g = startGateway(t, func(c *config.Config) { c.WebSocketFramePayload = 40029 })
	client, _ = g.connected(g.chat(""))
	g.contains(g.says(client, message), "you")
}

// E23: a message that no route fits is answered with an error, and nothing is closed.
func TestMessage_noRoute(t *testing.T) {
	g := startGateway(t)
	apiId := g.chat("")
	client, id := g.connected(apiId)
	var frame struct{ Message, ConnectionId, RequestId string }
	if text := g.says(client, `{"action":"Who"}`); json.Unmarshal([]byte(text), &frame) != nil || frame.Message != "Forbidden" || frame.ConnectionId != id {
		t.Fatalf("got %s", text)
	}
	explanation := g.explain(frame.RequestId)
	if explanation.ErrorId != "GH-W202" {
		t.Fatalf("%+v", explanation.Finding)
	}
	g.contains(textOfFinding(&explanation.Finding), `the route key "Who"`, "Send who, as the route is spelled", "create-route --api-id "+apiId+" --route-key Who")
	g.run(explanation.Fix.Command)
	if err := wsutil.WriteClientText(client, []byte(`{"action":"Who"}`)); err != nil { // answered by nothing: it has no route response
		t.Fatal(err)
	}
	g.contains(g.says(client, `{"action":"who"}`), `{"you":"`+id+`"}`)
}

// E23: the integration of a route fails. The client is told so, and the connection stays.
func TestMessage_integrationFails(t *testing.T) {
	g := startGateway(t)
	apiId := g.chat("")
	address, err := server.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	path := "/v2/apis/" + apiId
	integration := g.call("POST", path+"/integrations", map[string]any{"integrationType": "HTTP_PROXY", "integrationMethod": "POST", "integrationUri": "http://" + address + "/"})["integrationId"].(string)
	g.call("POST", path+"/routes", map[string]any{"routeKey": "call", "target": "integrations/" + integration})
	g.call("POST", path+"/deployments", map[string]any{"stageName": "prod"})
	client, id := g.connected(apiId)
	var frame struct{ Message, ConnectionId, RequestId string }
	if text := g.says(client, `{"action":"call"}`); json.Unmarshal([]byte(text), &frame) != nil || frame.Message != "Internal server error" || frame.ConnectionId != id {
		t.Fatalf("got %s", text)
	}
	explanation := g.explain(frame.RequestId)
	if explanation.ErrorId != "GH-I101" {
		t.Fatalf("%+v", explanation.Finding)
	}
	g.contains(textOfFinding(&explanation.Finding), "connection refused", "Start the backend")
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	backend := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), ReadHeaderTimeout: slow}
	go func() { _ = backend.Serve(listener) }()
	t.Cleanup(func() { _ = backend.Close() })
	g.run(explanation.Fix.Command)
	if err := wsutil.WriteClientText(client, []byte(`{"action":"call"}`)); err != nil { // answered by nothing: it has no route response
		t.Fatal(err)
	}
	g.contains(g.says(client, `{"action":"who"}`), `{"you":"`+id+`"}`)
}

// E17 for WebSocket APIs: the handshake names the stage, which the mapping selects already.
func TestDomains_webSocket(t *testing.T) {
	g := startGateway(t)
	apiId := g.chat("")
	g.domain()
	g.call("POST", "/v2/domainnames/"+domainName+"/apimappings", map[string]any{"apiId": apiId, "stage": "prod"})
	dial := func() (requestId string, err error) {
		dialer := ws.Dialer{Timeout: 10 * time.Second, NetDial: g.connect, OnHeader: func(key, value []byte) error {
			if strings.EqualFold(string(key), "x-amz-apigw-id") {
				requestId = string(value)
			}
			return nil
		}}
		client, _, _, err := dialer.Dial(g.Context(), "ws://"+domainName+"/prod")
		if err == nil {
			_ = client.Close()
		}
		return requestId, err
	}
	if _, err := dial(); err == nil {
		t.Fatal("it connects")
	}
	explanation := g.explain("latest")
	if explanation.ErrorId != "GH-W202" || len(explanation.Also) != 1 || explanation.Also[0].ErrorId != "GH-R201" {
		t.Fatalf("%+v", explanation)
	}
	finding := &explanation.Also[0]
	g.contains(textOfFinding(finding), "api.example.com/prod → mapping (none) → API "+apiId+" stage prod, path /prod", "Remove /prod from the path")
	g.run(finding.Fix.Command)
	if _, err := dial(); err != nil {
		t.Errorf("after the fix: %v", err)
	}
}

// E22: @connections without a signature, and signed by nobody whom the server knows.
func TestConnections_unsigned(t *testing.T) {
	g := startGateway(t)
	apiId := g.chat("")
	_, id := g.connected(apiId)
	t.Chdir(t.TempDir())
	if err := os.WriteFile("body", []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	for method, want := range map[string]string{"POST": "post-to-connection", "GET": "get-connection"} {
		for _, authorization := range []string{"", "Bearer secret"} {
			request, err := http.NewRequestWithContext(g.Context(), method, g.server.URL()+stageUrl(apiId, "prod")+"/@connections/"+id, strings.NewReader("hello"))
			if err != nil {
				t.Fatal(err)
			}
			if authorization != "" {
				request.Header.Set("Authorization", authorization)
			}
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			explanation := g.explain(requestIdOf(response.Header))
			if response.StatusCode != http.StatusForbidden || explanation.ErrorId != "GH-C409" {
				t.Fatalf("%d %+v", response.StatusCode, explanation.Finding)
			}
			g.contains(textOfFinding(&explanation.Finding), "aws apigatewaymanagementapi "+want+" --connection-id", id, "--endpoint-url "+g.server.URL()+stageUrl(apiId, "prod"), "Sign for the service execute-api")
			if strings.Contains(textOfFinding(&explanation.Finding), "secret") {
				t.Errorf("the token is shown: %+v", explanation.Finding)
			}
			g.run(explanation.Fix.Command)
		}
	}
}

// E23: the integration of $connect refuses a client, which tries again with what it lacked.
func TestConnect_refused(t *testing.T) {
	g := startGateway(t)
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("token") != "good" && r.Header.Get("Authorization") != "good" {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	defer backend.Close()
	apiId := g.chat(backend.URL)
	for query, variable := range map[string]string{"": "AUTHORIZATION", "?token=secret": "QUERY_TOKEN"} {
		_, err := g.dial(stageUrl(apiId, "prod") + query)
		if refused := ws.StatusError(0); !errors.As(err, &refused) || refused != http.StatusUnauthorized {
			t.Fatalf("%v", err)
		}
		explanation := g.explain(diagnosis.Latest)
		if explanation.ErrorId != "GH-W204" {
			t.Fatalf("%+v", explanation.Finding)
		}
		g.contains(textOfFinding(&explanation.Finding), "status 401 of the integration", backend.URL, "$"+variable)
		g.contains(g.run(variable+"=good; "+explanation.Fix.Command+" || test $? = 28"), "HTTP/1.1 101")
	}
}
