package app

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"gatehouse/internal/config"
	"gatehouse/internal/logs"
)

// markers are texts that nothing may keep, each with the place where it was sent.
type markers struct{ places []string }

// in makes a marker for a place.
func (m *markers) in(place string) string {
	m.places = append(m.places, place)
	return fmt.Sprintf("zQ%04dkv", len(m.places)-1)
}

var anyMarker = regexp.MustCompile(`.{0,60}zQ(\d{4})kv.{0,20}`)

// secretBackend is an HTTP backend and the functions of a server: what it is asked for,
// it answers with markers.
func secretBackend(t *testing.T, m *markers) *httptest.Server {
	t.Helper()
	answers := map[string]string{
		"fails":     `{"errorMessage":"broken","errorType":"E","stackTrace":["` + m.in("stack trace") + `"]}`,
		"malformed": `{"statusCode":"abc","body":{"token":"` + m.in("malformed answer") + `"}}`,
		"authorizer": `{"principalId":"u","policyDocument":{"Version":"2012-10-17","Statement":[{"Action":"execute-api:Invoke","Effect":"Allow","Resource":"*"}]},"context":{"k":"` +
			m.in("authorizer context") + `"}}`,
		"confused": `{"principalId":"u","token":"` + m.in("confused authorizer") + `"}`,
		"answers":  `{"statusCode":200,"headers":{"Set-Cookie":"` + m.in("answered cookie") + `","Location":"http://x/?t=` + m.in("answered location") + `"},"body":"` + m.in("answered body") + `"}`,
	}
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, answer := range answers {
			if strings.Contains(r.URL.Path, "/"+name+"/") || strings.HasSuffix(r.URL.Path, ":"+name+"/invocations") {
				if name == "fails" {
					w.Header().Set("X-Amz-Function-Error", "Unhandled")
				}
				_, _ = io.WriteString(w, answer)
				return
			}
		}
		w.Header().Set("Set-Cookie", answers["answers"])
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, answers["answers"])
	}))
	t.Cleanup(backend.Close)
	return backend
}

func secretFunction(name string) string {
	return "arn:aws:lambda:us-east-1:" + ownAccount + ":function:" + name
}

func secretFunctionUri(name string) string {
	return "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/" + secretFunction(name) + "/invocations"
}

// withPassword is a backend's URL with a user, a password and a query string.
func withPassword(m *markers, address, place string) string {
	return "http://bob:" + m.in(place+" URL's password") + "@" + address + "/x?k=" + m.in(place+" URL's query")
}

// secretRestApi has a method for each way to fail that reads something of the client's.
func secretRestApi(t *testing.T, server *App, m *markers, backend string) (base string, paths []string) {
	t.Helper()
	created := call(t, server, "POST", "/restapis", map[string]any{"name": "rest"})
	api := "/restapis/" + created["id"].(string)
	call(t, server, "POST", api+"/models", map[string]any{"name": "Pet", "contentType": "application/json",
		"schema": `{"$schema":"http://json-schema.org/draft-04/schema#","properties":{"n":{"type":"integer"},"e":{"enum":["a"]},"p":{"pattern":"^x$"}},"additionalProperties":false}`})
	validator := call(t, server, "POST", api+"/requestvalidators", map[string]any{"name": "v", "validateRequestBody": true})["id"]
	authorizer := func(name, function, expression string) any {
		return call(t, server, "POST", api+"/authorizers", map[string]any{"name": name, "type": "TOKEN", "authorizerUri": secretFunctionUri(function),
			"identitySource": "method.request.header.Authorization", "identityValidationExpression": expression, "authorizerResultTtlInSeconds": 0})["id"]
	}
	function := func(name string) map[string]any {
		return map[string]any{"type": "AWS_PROXY", "httpMethod": "POST", "uri": secretFunctionUri(name)}
	}
	to := func(uri string) map[string]any {
		return map[string]any{"type": "HTTP_PROXY", "httpMethod": "POST", "uri": uri}
	}
	none := map[string]any{"authorizationType": "NONE"}
	template := func(text string) map[string]any {
		return map[string]any{"type": "AWS", "httpMethod": "POST", "uri": secretFunctionUri("fails"), "requestTemplates": map[string]string{"application/json": text}}
	}
	for name, parts := range map[string][2]map[string]any{
		"answers": {none, function("answers")}, "fails": {none, function("fails")}, "malformed": {none, function("malformed")},
		"status": {none, to("http://" + backend + "/")}, "user": {none, to(withPassword(m, backend, "REST API"))},
		"refused": {none, to(withPassword(m, "127.0.0.1:1", "REST API's dead"))},
		"iam":     {{"authorizationType": "AWS_IAM"}, function("answers")}, "key": {{"authorizationType": "NONE", "apiKeyRequired": true}, function("answers")},
		"custom":   {{"authorizationType": "CUSTOM", "authorizerId": authorizer("a", "authorizer", "")}, function("answers")},
		"confused": {{"authorizationType": "CUSTOM", "authorizerId": authorizer("b", "confused", "")}, function("answers")},
		"pattern":  {{"authorizationType": "CUSTOM", "authorizerId": authorizer("c", "authorizer", "^[a-z]{40}$")}, function("answers")},
		"valid":    {{"authorizationType": "NONE", "requestModels": map[string]string{"application/json": "Pet"}, "requestValidatorId": validator}, function("answers")},
		"mock":     {none, {"type": "MOCK", "requestTemplates": map[string]string{"application/json": `{"statusCode":"$input.path('$.token')"}`}}},
		"template": {none, template(`{"token": $input.path('$.token')`)}, "selection": {none, template(`{}`)}, "parsing": {none, template(`$util.parseJson($input.body).x.y.z $util.parseJson("{")`)},
	} {
		id := call(t, server, "POST", api+"/resources/"+created["rootResourceId"].(string), map[string]any{"pathPart": name})["id"].(string)
		call(t, server, "PUT", api+"/resources/"+id+"/methods/POST", parts[0])
		call(t, server, "PUT", api+"/resources/"+id+"/methods/POST/integration", parts[1])
		paths = append(paths, "/"+name)
	}
	call(t, server, "POST", api+"/deployments", map[string]any{"stageName": "prod"})
	call(t, server, "PATCH", api+"/stages/prod", map[string]any{"patchOperations": []map[string]string{
		{"op": "replace", "path": "/*/*/logging/loglevel", "value": "INFO"},
		{"op": "replace", "path": "/accessLogSettings/destinationArn", "value": accessLog["destinationArn"]},
		{"op": "replace", "path": "/accessLogSettings/format", "value": secretFormat},
	}})
	return "/_aws/execute-api/" + created["id"].(string) + "/prod", append(paths, "/nowhere")
}

// secretFormat has variables of failures; those that are the client's own values are not in it.
const secretFormat = "$context.requestId $context.error.message $context.error.validationErrorString $context.integration.error $context.authorizer.error " +
	"$context.identity.apiKey $context.path"

func secretHttpApi(t *testing.T, server *App, m *markers, backend string) (base string, paths []string) {
	t.Helper()
	api := call(t, server, "POST", "/v2/apis", map[string]any{"name": "http", "protocolType": "HTTP"})["apiId"].(string)
	url := "/v2/apis/" + api
	jwt := call(t, server, "POST", url+"/authorizers", map[string]any{"name": "j", "authorizerType": "JWT", "identitySource": []string{"$request.header.Authorization"},
		"jwtConfiguration": map[string]any{"audience": []string{"a"}, "issuer": "http://" + backend}})["authorizerId"]
	lambda := call(t, server, "POST", url+"/authorizers", map[string]any{"name": "l", "authorizerType": "REQUEST", "identitySource": []string{"$request.header.Authorization"},
		"authorizerUri": secretFunctionUri("confused"), "authorizerPayloadFormatVersion": "2.0", "authorizerResultTtlInSeconds": 0})["authorizerId"]
	add := func(name string, route, integration map[string]any) {
		if integration["integrationType"] == nil {
			integration["integrationType"], integration["payloadFormatVersion"] = "AWS_PROXY", "2.0"
		}
		route["routeKey"] = "POST /" + name
		route["target"] = "integrations/" + call(t, server, "POST", url+"/integrations", integration)["integrationId"].(string)
		call(t, server, "POST", url+"/routes", route)
		paths = append(paths, "/"+name)
	}
	to := func(uri string) map[string]any {
		return map[string]any{"integrationType": "HTTP_PROXY", "integrationMethod": "POST", "integrationUri": uri, "payloadFormatVersion": "1.0"}
	}
	for _, name := range []string{"answers", "fails", "malformed"} {
		add(name, map[string]any{}, map[string]any{"integrationUri": secretFunction(name)})
	}
	for name, route := range map[string]map[string]any{
		"jwt": {"authorizationType": "JWT", "authorizerId": jwt}, "lambda": {"authorizationType": "CUSTOM", "authorizerId": lambda}, "iam": {"authorizationType": "AWS_IAM"},
	} {
		add(name, route, map[string]any{"integrationUri": secretFunction("answers")})
	}
	add("status", map[string]any{}, to("http://"+backend+"/"))
	add("user", map[string]any{}, to(withPassword(m, backend, "HTTP API")))
	add("refused", map[string]any{}, to(withPassword(m, "127.0.0.1:1", "HTTP API's dead")))
	call(t, server, "POST", url+"/stages", map[string]any{"stageName": "$default", "autoDeploy": true, "accessLogSettings": map[string]string{
		"destinationArn": accessLog["destinationArn"], "format": "$context.requestId $context.error.message $context.integration.error $context.authorizer.error $context.path",
	}})
	return "/_aws/execute-api/" + api + "/$default", append(paths, "/nowhere")
}

func secretWebSocketApi(t *testing.T, server *App, m *markers, backend string) (apiId string, actions []string) {
	t.Helper()
	apiId = call(t, server, "POST", "/v2/apis", map[string]any{"name": "chat", "protocolType": "WEBSOCKET", "routeSelectionExpression": "$request.body.action"})["apiId"].(string)
	url := "/v2/apis/" + apiId
	function := func(name string) map[string]any {
		return map[string]any{"integrationType": "AWS_PROXY", "integrationMethod": "POST", "integrationUri": secretFunctionUri(name)}
	}
	to := func(uri string) map[string]any {
		return map[string]any{"integrationType": "HTTP_PROXY", "integrationMethod": "POST", "integrationUri": uri}
	}
	for key, integration := range map[string]map[string]any{
		"$connect": function("answers"), "answers": function("answers"), "fails": function("fails"), "malformed": function("malformed"), "status": to("http://" + backend + "/"),
		"user": to(withPassword(m, backend, "WebSocket API")), "refused": to(withPassword(m, "127.0.0.1:1", "WebSocket API's dead")),
	} {
		id := call(t, server, "POST", url+"/integrations", integration)["integrationId"].(string)
		call(t, server, "POST", url+"/routes", map[string]any{"routeKey": key, "target": "integrations/" + id})
		if key != "$connect" {
			actions = append(actions, key)
		}
	}
	deployment := call(t, server, "POST", url+"/deployments", map[string]any{})["deploymentId"]
	call(t, server, "POST", url+"/stages", map[string]any{"stageName": "prod", "deploymentId": deployment, "defaultRouteSettings": map[string]any{"loggingLevel": "INFO"},
		"accessLogSettings": map[string]string{"destinationArn": accessLog["destinationArn"], "format": "$context.requestId $context.error.message $context.integration.error $context.authorizer.error"}})
	return apiId, actions
}

// sendSecrets sends requests whose every field is a marker.
func sendSecrets(t *testing.T, server *App, m *markers, path string) {
	t.Helper()
	claims := base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"` + m.in(path+" iss") + `","email":"` + m.in(path+" email") + `","exp":1}`))
	head := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256","kid":"` + m.in(path+" kid") + `"}`))
	for i, authorization := range []string{
		"Bearer " + m.in(path+" bearer token"), "Basic " + m.in(path+" basic"), head + "." + claims + "." + m.in(path+" signature of a token"),
		"AWS4-HMAC-SHA256 Credential=AKIA/20250101/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=" + m.in(path+" signature"),
	} {
		query := "?access_token=" + m.in(path+" query token")
		if i == 1 {
			query += "&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20250101T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Credential=AKIA%2F20250101%2Fus-east-1%2Fexecute-api%2Faws4_request" +
				"&X-Amz-Signature=" + m.in(path+" presigned signature") + "&X-Amz-Security-Token=" + m.in(path+" presigned session")
		}
		body := `{"token":"` + m.in(path+" body") + `","n":"` + m.in(path+" number") + `","e":"` + m.in(path+" enumerated") + `","p":"` + m.in(path+" pattern") + `","` + m.in(path+" member") + `":1}`
		contentType := "application/json"
		switch i {
		case 2:
			body = `{"token":"` + m.in(path+" broken body") + `" x`
		case 3:
			contentType = "multipart/form-data; boundary=b"
			body = "--b\r\nContent-Disposition: form-data; name=\"p\"\r\n\r\n" + m.in(path+" form") + "\r\n--b--\r\n"
		}
		request, err := http.NewRequest(http.MethodPost, server.URL()+path+query, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header = http.Header{
			"Authorization": {authorization}, "Content-Type": {contentType}, "X-Api-Key": {m.in(path + " API key")}, "Cookie": {"s=" + m.in(path+" cookie")},
			"X-Amz-Security-Token": {m.in(path + " session token")}, "X-Custom": {m.in(path + " custom header")}, "Referer": {"http://x/?t=" + m.in(path+" referer")},
			"Proxy-Authorization": {"Basic " + m.in(path+" proxy")}, "X-Amz-Date": {"20250101T000000Z"},
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
	}
}

func sendSecretMessages(t *testing.T, server *App, m *markers, apiId string, actions []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	dialer := ws.Dialer{Header: ws.HandshakeHeaderHTTP{"Authorization": {"Bearer " + m.in("handshake's token")}, "Cookie": {m.in("handshake's cookie")}}}
	client, _, _, err := dialer.Dial(ctx, "ws://"+server.Addr()+"/_aws/execute-api/"+apiId+"/prod?token="+m.in("handshake's query"))
	if err != nil {
		t.Fatal(err)
	}
	for _, action := range append(actions, "nowhere") {
		if err := wsutil.WriteClientText(client, []byte(`{"action":"`+action+`","token":"`+m.in("message to "+action)+`"}`)); err != nil {
			t.Fatal(err)
		}
	}
	if err := wsutil.WriteClientText(client, []byte("no JSON "+m.in("message"))); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() bool {
		return strings.Count(string(fetched(t, server.URL()+"/_gatehouse/api/requests?limit=1000")), `"MESSAGE"`) == len(actions)+2
	})
	_ = client.Close()
}

// keptOf is all that a server keeps and shows of requests, by where.
func keptOf(t *testing.T, server *App) map[string]string {
	t.Helper()
	kept := map[string]string{}
	for _, page := range []string{"/_gatehouse/api/requests?limit=1000", "/_gatehouse/requests/", "/metrics"} {
		kept[page] = string(fetched(t, server.URL()+page))
	}
	var listed struct {
		Requests []struct{ RequestId, ErrorId string }
	}
	if err := json.Unmarshal([]byte(kept["/_gatehouse/api/requests?limit=1000"]), &listed); err != nil || len(listed.Requests) < 100 {
		t.Fatalf("%d requests, %v", len(listed.Requests), err)
	}
	for _, one := range listed.Requests {
		for _, page := range []string{"/_gatehouse/api/requests/" + one.RequestId + "/explanation", "/_gatehouse/requests/" + one.RequestId, "/_gatehouse/kb/" + one.ErrorId + "?request=" + one.RequestId} {
			kept[page] = string(fetched(t, server.URL()+page))
		}
	}
	if err := server.logs.Flush(context.Background()); err != nil {
		t.Fatal(err)
	}
	groups, err := server.logs.Groups(context.Background(), ownAccount, "us-east-1")
	if err != nil || len(groups) < 3 {
		t.Fatalf("%v %v", groups, err)
	}
	for _, group := range groups {
		events, _, err := server.logs.Events(context.Background(), logs.Query{
			Group: logs.StreamId{Account: ownAccount, Region: "us-east-1", Group: group.Name}, Limit: 10_000, MaxBytes: 16 << 20,
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, event := range events {
			kept["log group "+group.Name] += event.Message + "\n"
		}
	}
	return kept
}

// mayBeTold says whether AWS tells it too: its line, and its variable for access logs, say
// which value of a body a model refused. The name of a member is no secret.
func mayBeTold(where, place string) bool {
	if strings.HasSuffix(place, "/valid member") {
		return true // its name is what mends it
	}
	return strings.HasPrefix(where, "log group ") && regexp.MustCompile(`/valid (enumerated|pattern|number)$`).MatchString(place)
}

// Whatever a client, a function or a backend's URL has that may be secret is kept nowhere
// while data trace is off: not by records and pages, logs, metrics and spans, whatever
// fails.
func TestNothingSecretIsKept(t *testing.T) {
	m, own := &markers{}, &journal{}
	backend, spans := secretBackend(t, m), newCollector(t)
	settings := config.Default()
	settings.Listen, settings.Data = "127.0.0.1:0", t.TempDir()
	settings.OtlpEndpoint, settings.FunctionEndpoints = spans.URL, map[string]string{"*": backend.URL}
	server := New(Options{Config: settings, Version: "test", Log: slog.New(slog.NewTextHandler(own, &slog.HandlerOptions{Level: slog.LevelDebug})), Path: os.Getenv("PATH")})
	if err := server.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	stopped := false
	t.Cleanup(func() {
		if !stopped {
			_ = server.Stop(context.Background())
		}
	})
	restApi, restPaths := secretRestApi(t, server, m, address(backend))
	httpApi, httpPaths := secretHttpApi(t, server, m, address(backend))
	webSocketApi, actions := secretWebSocketApi(t, server, m, address(backend))
	for _, path := range restPaths {
		sendSecrets(t, server, m, restApi+path)
	}
	for _, path := range httpPaths {
		sendSecrets(t, server, m, httpApi+path)
	}
	for _, path := range []string{restApi + "x/y", "/_aws/execute-api/unknown000/prod/x", "/no/host"} {
		sendSecrets(t, server, m, path)
	}
	sendSecretMessages(t, server, m, webSocketApi, actions)
	time.Sleep(200 * time.Millisecond) // lines are rendered beside the requests' way
	kept := keptOf(t, server)
	stopped = true
	stop(t, server)
	kept["the server's log"] = own.String()
	for _, span := range spans.spans {
		kept["spans"] += span.String() + "\n"
	}
	for where, text := range kept {
		for _, found := range anyMarker.FindAllStringSubmatch(text, 3) {
			number := 0
			_, _ = fmt.Sscanf(found[1], "%d", &number)
			if !mayBeTold(where, m.places[number]) {
				t.Errorf("%s tells the %s: %s", where, m.places[number], found[0])
			}
		}
	}
	if kept["spans"] == "" || kept["the server's log"] == "" {
		t.Error("no spans or no log")
	}
}
