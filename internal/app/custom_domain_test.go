package app

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"gatehouse/internal/config"
	"gatehouse/internal/sigv4"
)

// Source: guide, rest-api-mappings.md and how-to-custom-domains.md; the service model for
// routing rules.

// createWho makes a WebSocket API whose clients are told their id for {"action":"who"}.
func createWho(t *testing.T, server *App) (apiId string) {
	t.Helper()
	apiId = call(t, server, "POST", "/v2/apis", map[string]any{"name": "chat", "protocolType": "WEBSOCKET", "routeSelectionExpression": "$request.body.action"})["apiId"].(string)
	path := "/v2/apis/" + apiId
	integration := call(t, server, "POST", path+"/integrations", map[string]any{"integrationType": "MOCK", "requestTemplates": map[string]string{"$default": `{"statusCode":200}`}})["integrationId"].(string)
	call(t, server, "POST", path+"/integrations/"+integration+"/integrationresponses", map[string]any{
		"integrationResponseKey": "$default", "responseTemplates": map[string]string{"$default": `{"you":"$context.connectionId","domain":"$context.domainName"}`},
	})
	route := call(t, server, "POST", path+"/routes", map[string]any{"routeKey": "who", "target": "integrations/" + integration, "routeResponseSelectionExpression": "$default"})["routeId"].(string)
	call(t, server, "POST", path+"/routes/"+route+"/routeresponses", map[string]any{"routeResponseKey": "$default"})
	deployment := call(t, server, "POST", path+"/deployments", map[string]any{})["deploymentId"]
	call(t, server, "POST", path+"/stages", map[string]any{"stageName": "prod", "deploymentId": deployment})
	return apiId
}

// createMock makes a REST API whose GET / and GET /{proxy+} answer text and their path.
func createMock(t *testing.T, server *App, text string) (apiId string) {
	t.Helper()
	created := call(t, server, "POST", "/restapis", map[string]any{"name": text})
	path := "/restapis/" + created["id"].(string)
	proxy := call(t, server, "POST", path+"/resources/"+created["rootResourceId"].(string), map[string]any{"pathPart": "{proxy+}"})["id"]
	for _, resource := range []any{created["rootResourceId"], proxy} {
		method := path + "/resources/" + resource.(string) + "/methods/GET"
		call(t, server, "PUT", method, map[string]any{"authorizationType": "NONE"})
		call(t, server, "PUT", method+"/integration", map[string]any{"type": "MOCK", "requestTemplates": map[string]string{"application/json": `{"statusCode":200}`}})
		call(t, server, "PUT", method+"/responses/200", map[string]any{})
		call(t, server, "PUT", method+"/integration/responses/200", map[string]any{"responseTemplates": map[string]string{
			"application/json": text + " $context.resourcePath $!input.params('proxy')",
		}})
	}
	call(t, server, "POST", path+"/deployments", map[string]any{"stageName": "prod"})
	return created["id"].(string)
}

func createDomain(t *testing.T, server *App, name, routingMode string) (path string) {
	t.Helper()
	body := map[string]any{"domainName": name, "domainNameConfigurations": []any{map[string]any{
		"certificateArn": "arn:aws:acm:us-east-1:000000000000:certificate/11111111-2222-3333-4444-555555555555", "endpointType": "REGIONAL", "securityPolicy": "TLS_1_2",
	}}}
	if routingMode != "" {
		body["routingMode"] = routingMode
	}
	call(t, server, "POST", "/v2/domainnames", body)
	return "/v2/domainnames/" + name
}

// certificate writes a self-signed certificate of host names, and returns its files as a
// setting has them, and a pool that trusts it.
func certificate(t *testing.T, names ...string) (pair string, trusting *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: names[0]}, DNSNames: names, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	encoded, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	directory := t.TempDir()
	certificateFile, keyFile := filepath.Join(directory, "cert.pem"), filepath.Join(directory, "key.pem")
	for file, block := range map[string]*pem.Block{certificateFile: {Type: "CERTIFICATE", Bytes: encoded}, keyFile: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	trusting = x509.NewCertPool()
	trusting.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: encoded}))
	return certificateFile + "," + keyFile, trusting
}

// dial connects a WebSocket client to a URL whose host resolves to address.
func dial(t *testing.T, address, url string, trusting *x509.CertPool) (net.Conn, error) {
	t.Helper()
	dialer := ws.Dialer{
		Timeout: patience,
		NetDial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		},
		TLSConfig: &tls.Config{RootCAs: trusting, MinVersion: tls.VersionTLS12},
	}
	client, _, _, err := dialer.Dial(t.Context(), url)
	if err == nil {
		t.Cleanup(func() { _ = client.Close() })
		_ = client.SetDeadline(time.Now().Add(patience))
	}
	return client, err
}

// who asks for the client's connection id.
func who(t *testing.T, client net.Conn) (connectionId, domainName string) {
	t.Helper()
	if err := wsutil.WriteClientText(client, []byte(`{"action":"who"}`)); err != nil {
		t.Fatal(err)
	}
	var answer struct{ You, Domain string }
	if text, err := wsutil.ReadServerText(client); err != nil || json.Unmarshal(text, &answer) != nil || answer.You == "" {
		t.Fatalf("got %s %v", text, err)
	}
	return answer.You, answer.Domain
}

// at sends a request to a URL whose host resolves to address; for @connections signed
// with dummy credentials.
func at(t *testing.T, address, method, url string, body string, header http.Header, trusting *x509.CertPool) (status int, text string) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		},
		DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: trusting, MinVersion: tls.VersionTLS12},
	}}
	request, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		request.Header[name] = values
	}
	if strings.Contains(url, "/@connections/") {
		sign(request, body, dummy, sigv4.Scope{Region: "us-east-1", Service: "execute-api"})
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	read, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(read)
}

// A client connects to a WebSocket API at a custom domain name, in the clear and over
// TLS; @connections of the same name reaches it, with the mapping's key in the path and
// without the stage.
func TestWebSocketAtCustomDomain(t *testing.T) {
	const name = "ws.example.com"
	pair, trusting := certificate(t, name)
	other, _ := certificate(t, "other.example.com")
	server := start(t, func(c *config.Config) { c.TlsListen, c.TlsCertificates = "127.0.0.1:0", []string{other, pair} })
	domain := createDomain(t, server, name, "")
	apiId := createWho(t, server)
	call(t, server, "POST", domain+"/apimappings", map[string]any{"apiId": apiId, "stage": "prod", "apiMappingKey": "chat/v1"})

	for scheme, address := range map[string]string{"ws": server.Addr(), "wss": server.TlsAddr()} {
		t.Run(scheme, func(t *testing.T) {
			client, err := dial(t, address, scheme+"://"+name+"/chat/v1", trusting)
			if err != nil {
				t.Fatal(err)
			}
			id, domainName := who(t, client)
			if domainName != name {
				t.Errorf("$context.domainName is %q", domainName)
			}
			base := strings.Replace(scheme, "ws", "http", 1) + "://" + name
			connection := base + "/chat/v1/@connections/" + id
			if status, text := at(t, address, "POST", connection, "pushed", nil, trusting); status != 200 {
				t.Fatalf("POST: %d %s", status, text)
			}
			if pushed, err := wsutil.ReadServerText(client); err != nil || string(pushed) != "pushed" {
				t.Errorf("got %q %v", pushed, err)
			}
			if status, text := at(t, address, "GET", connection, "", nil, trusting); status != 200 || !strings.Contains(text, `"connectedAt"`) {
				t.Errorf("GET: %d %s", status, text)
			}
			for wrong, wanted := range map[string]int{"/@connections/": 403, "/prod/@connections/": 403, "/chat/v1/prod/@connections/": 403} {
				if status, text := at(t, address, "POST", base+wrong+id, "x", nil, trusting); status != wanted {
					t.Errorf("%s: %d %s, want %d", wrong, status, text, wanted)
				}
			}
			if status, text := at(t, address, "DELETE", connection, "", nil, trusting); status != 204 {
				t.Errorf("DELETE: %d %s", status, text)
			}
			var closed wsutil.ClosedError
			if _, err := wsutil.ReadServerText(client); !asClosed(err, &closed) || closed.Code != ws.StatusNormalClosure {
				t.Errorf("the client met %v", err)
			}
			if status, text := at(t, address, "POST", connection, "x", nil, trusting); status != 410 {
				t.Errorf("POST to what is closed: %d %s", status, text)
			}
			for _, path := range []string{"/", "/chat", "/prod", "/chat/v1/prod"} {
				var refused ws.StatusError
				if _, err := dial(t, address, scheme+"://"+name+path, trusting); !asStatus(err, &refused) || int(refused) != 403 {
					t.Errorf("a handshake at %s met %v, want 403", path, err)
				}
			}
		})
	}
}

func asClosed(err error, closed *wsutil.ClosedError) bool {
	given, ok := err.(wsutil.ClosedError) //nolint:errorlint // wsutil returns it as it is
	*closed = given
	return ok
}

func asStatus(err error, status *ws.StatusError) bool {
	given, ok := err.(ws.StatusError) //nolint:errorlint // ws returns it as it is
	*status = given
	return ok
}

// A routing rule is taken by priority when all its conditions hold, before the mappings;
// a name in the mode ROUTING_RULE_ONLY has no other way in.
func TestRoutingRules(t *testing.T) {
	server := start(t)
	apis := map[string]string{}
	for _, text := range []string{"mapped", "beta", "orders", "both"} {
		apis[text] = createMock(t, server, text)
	}
	rule := func(domain, api string, priority int, strip bool, conditions ...any) {
		call(t, server, "POST", domain+"/routingrules", map[string]any{
			"priority": priority, "conditions": conditions,
			"actions": []any{map[string]any{"invokeApi": map[string]any{"apiId": apis[api], "stage": "prod", "stripBasePath": strip}}},
		})
	}
	header := func(name, glob string) any {
		return map[string]any{"matchHeaders": map[string]any{"anyOf": []any{map[string]any{"header": name, "valueGlob": glob}}}}
	}
	basePath := func(path string) any {
		return map[string]any{"matchBasePaths": map[string]any{"anyOf": []string{path}}}
	}
	fallback := createDomain(t, server, "api.example.com", "ROUTING_RULE_THEN_API_MAPPING")
	call(t, server, "POST", fallback+"/apimappings", map[string]any{"apiId": apis["mapped"], "stage": "prod"})
	rule(fallback, "beta", 100, false, header("X-Version", "beta*"))
	rule(fallback, "orders", 50, true, basePath("orders"))
	rule(fallback, "both", 10, false, basePath("orders"), header("X-Version", "*-both"))
	only := createDomain(t, server, "only.example.com", "ROUTING_RULE_ONLY")
	call(t, server, "POST", only+"/apimappings", map[string]any{"apiId": apis["mapped"], "stage": "prod"})
	rule(only, "orders", 1, false, basePath("orders"))

	for _, test := range []struct {
		host, path, version string
		status              int
		want                string
	}{
		{"api.example.com", "/any", "", 200, "mapped /{proxy+} any"},
		{"api.example.com", "/any", "beta-2", 200, "beta /{proxy+} any"},
		{"api.example.com", "/any", "Beta-2", 200, "mapped /{proxy+} any"}, // values have case
		{"api.example.com", "/orders/7", "", 200, "orders /{proxy+} 7"},
		{"api.example.com", "/orders", "", 200, "orders /"},
		{"api.example.com", "/ordersx", "", 200, "mapped /{proxy+} ordersx"},
		{"api.example.com", "/orders/7", "beta-2", 200, "orders /{proxy+} 7"}, // 50 before 100
		{"api.example.com", "/orders/7", "beta-both", 200, "both /{proxy+} orders/7"},
		{"only.example.com", "/orders/7", "", 200, "orders /{proxy+} orders/7"},
		{"only.example.com", "/any", "", 403, `"Forbidden"`},
	} {
		status, text := at(t, server.Addr(), "GET", "http://"+test.host+test.path, "", http.Header{"X-Version": {test.version}}, nil)
		if status != test.status || !strings.Contains(text, test.want) {
			t.Errorf("%s%s with X-Version %q: %d %s, want %d %s", test.host, test.path, test.version, status, text, test.status, test.want)
		}
	}
}

// Functions and policies see what TLS a request came over.
func TestTls(t *testing.T) {
	pair, trusting := certificate(t, "api.localhost")
	server := start(t, func(c *config.Config) { c.TlsListen, c.TlsCertificates = "127.0.0.1:0", []string{pair} })
	backend := make(chan string, 1)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	origin := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { backend <- r.Header.Get("Forwarded") })}
	go func() { _ = origin.Serve(listener) }()
	t.Cleanup(func() { _ = origin.Close() })
	apiId := call(t, server, "POST", "/v2/apis", map[string]any{"name": "h", "protocolType": "HTTP", "target": "http://" + listener.Addr().String()})["apiId"].(string)
	if status, text := at(t, server.TlsAddr(), "GET", "https://api.localhost/_aws/execute-api/"+apiId+"/$default/", "", nil, trusting); status != 200 {
		t.Fatalf("%d %s", status, text)
	}
	if got := <-backend; !strings.Contains(got, "proto=https") {
		t.Errorf("the backend sees Forwarded: %s", got)
	}
}

// Domain names and mappings are the same ones through the operations of REST APIs and of
// HTTP APIs, and are served whichever made them.
func TestBasePathMappings(t *testing.T) {
	server := start(t)
	rest, chat := createMock(t, server, "rest"), createWho(t, server)
	edge := call(t, server, "POST", "/domainnames", map[string]any{
		"domainName": "edge.example.com", "certificateArn": "arn:aws:acm:us-east-1:000000000000:certificate/1",
	})
	if shown := call(t, server, "GET", "/v2/domainnames/edge.example.com", nil)["domainNameConfigurations"].([]any)[0].(map[string]any); shown["apiGatewayDomainName"] != edge["distributionDomainName"] || shown["endpointType"] != "EDGE" {
		t.Errorf("made through one, shown by the other: %v", shown)
	}
	call(t, server, "POST", "/domainnames/edge.example.com/basepathmappings", map[string]any{"restApiId": rest, "stage": "prod", "basePath": "v1"})
	call(t, server, "POST", "/domainnames/edge.example.com/basepathmappings", map[string]any{"restApiId": rest}) // the caller names the stage
	if items := call(t, server, "GET", "/v2/domainnames/edge.example.com/apimappings", nil)["items"].([]any); len(items) != 2 {
		t.Errorf("base path mappings as API mappings: %v", items)
	}
	createDomain(t, server, "regional.example.com", "")
	call(t, server, "POST", "/v2/domainnames/regional.example.com/apimappings", map[string]any{"apiId": rest, "stage": "prod", "apiMappingKey": "a/b"})
	call(t, server, "POST", "/v2/domainnames/regional.example.com/apimappings", map[string]any{"apiId": rest, "stage": "prod", "apiMappingKey": "c"})
	if shown := call(t, server, "GET", "/domainnames/regional.example.com", nil); shown["regionalCertificateArn"] == nil || shown["routingMode"] != "BASE_PATH_MAPPING_ONLY" {
		t.Errorf("made through HTTP APIs' operations, shown by REST APIs': %v", shown)
	}
	if items := call(t, server, "GET", "/domainnames/regional.example.com/basepathmappings", nil)["item"].([]any); len(items) != 1 || items[0].(map[string]any)["basePath"] != "c" {
		t.Errorf("API mappings as base path mappings: %v", items)
	}
	for url, want := range map[string]string{
		"http://edge.example.com/v1/7":       "200 rest /{proxy+} 7",
		"http://edge.example.com/v1":         "200 rest / ",
		"http://edge.example.com/prod/7":     "200 rest /{proxy+} 7",
		"http://edge.example.com/dev/7":      `403 {"message":"Forbidden"}`,
		"http://regional.example.com/a/b/7":  "200 rest /{proxy+} 7",
		"http://regional.example.com/c/b/7":  "200 rest /{proxy+} b/7",
		"http://regional.example.com/prod/7": `403 {"message":"Forbidden"}`,
	} {
		status, text := at(t, server.Addr(), "GET", url, "", nil, nil)
		if got := strconv.Itoa(status) + " " + text; got != want {
			t.Errorf("%s: %s, want %s", url, got, want)
		}
	}
	ws := createDomain(t, server, "ws.example.com", "")
	call(t, server, "POST", ws+"/apimappings", map[string]any{"apiId": chat, "stage": "prod"})
	if status, text := at(t, server.Addr(), "POST", server.URL()+"/domainnames/ws.example.com/basepathmappings", `{"restApiId":"`+rest+`","basePath":"x"}`, nil, nil); status != 400 || !strings.Contains(text, "WebSocket") {
		t.Errorf("a REST API beside a WebSocket API: %d %s", status, text)
	}
	if status, text := at(t, server.Addr(), "DELETE", server.URL()+"/domainnames/edge.example.com/basepathmappings/v1", "", nil, nil); status != 202 {
		t.Fatalf("%d %s", status, text)
	}
	if status, text := at(t, server.Addr(), "GET", "http://edge.example.com/v1/7", "", nil, nil); status != 403 {
		t.Errorf("after the mapping is gone: %d %s", status, text)
	}
}

// An id that a tag pins is taken for APIs of every kind.
func TestPinnedIdOfAnotherKind(t *testing.T) {
	server := start(t)
	tags := map[string]string{"_custom_id_": "pinned"}
	call(t, server, "POST", "/v2/apis", map[string]any{"name": "h", "protocolType": "HTTP", "tags": tags})
	if status, text := at(t, server.Addr(), "POST", server.URL()+"/restapis", `{"name":"r","tags":{"_custom_id_":"pinned"}}`, nil, nil); status != 409 {
		t.Errorf("%d %s", status, text)
	}
}

// A client over TLS that does not read is disconnected like any other, and nobody who
// posts to it waits for it.
func TestSlowClientOverTls(t *testing.T) {
	pair, trusting := certificate(t, "slow.localhost")
	server := start(t, func(c *config.Config) { c.TlsListen, c.TlsCertificates = "127.0.0.1:0", []string{pair} })
	base := "/_aws/execute-api/" + createWho(t, server) + "/prod"
	client, err := dial(t, server.TlsAddr(), "wss://slow.localhost"+base, trusting)
	if err != nil {
		t.Fatal(err)
	}
	id, _ := who(t, client)
	message := strings.Repeat("x", 128<<10)
	const (
		most     = 1000
		oneWrite = 10 * time.Second // what the gateway gives the client to read: who waited for it would wait as long
	)
	for posted := range most {
		began := time.Now()
		status, text := at(t, server.Addr(), "POST", "http://host"+base+"/@connections/"+id, message, nil, nil)
		if took := time.Since(began); took >= oneWrite {
			t.Fatalf("post %d took %s", posted, took)
		}
		if status == 410 {
			if text := explanationOf(t, server, id); !strings.Contains(text, "did not read") {
				t.Errorf("afterwards: %s", text)
			}
			return
		}
		if status != 200 {
			t.Fatalf("post %d: %d %s", posted, status, text)
		}
	}
	t.Errorf("a client that reads nothing was sent %d messages", most)
}
