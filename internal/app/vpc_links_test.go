package app

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/config"
	"gatehouse/internal/loadbalancer"
)

const (
	declaredAlb      = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/app/web/50dc6c495c0c9188"
	declaredNlb      = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/web/50dc6c495c0c9188"
	declaredListener = "arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/web/50dc6c495c0c9188/0467ef3c8400ae65"
	deadListener     = "arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/web/50dc6c495c0c9188/0000000000000000"
	declaredCloudMap = "arn:aws:servicediscovery:us-east-1:000000000000:service/srv-orders"
)

// named is a backend that answers with its name.
func named(t *testing.T, name string) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, name+" "+r.URL.Path) }))
	t.Cleanup(server.Close)
	return server
}

func address(server *httptest.Server) string { return server.Listener.Addr().String() }

// closedAddress is one that nothing listens on.
func closedAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
	return listener.Addr().String()
}

// balanced starts a server whose file declares load balancers and a Cloud Map service
// for two backends.
func balanced(t *testing.T) (server *App, first *httptest.Server) {
	t.Helper()
	a, b, dead := named(t, "a"), named(t, "b"), closedAddress(t)
	server = start(t, func(c *config.Config) {
		targets := []string{address(a), address(b)}
		c.LoadBalancers = []loadbalancer.Declared{
			{Arn: declaredAlb, Listeners: []loadbalancer.DeclaredListener{
				{Arn: declaredListener, Port: 80, Targets: targets}, {Arn: deadListener, Port: 81, Targets: []string{dead}},
			}},
			{Arn: declaredNlb, Listeners: []loadbalancer.DeclaredListener{{Port: 80, Targets: targets}, {Port: 81, Targets: []string{dead}}}},
		}
		c.CloudMapServices = []loadbalancer.DeclaredCloudMapService{{Arn: declaredCloudMap, Instances: []loadbalancer.DeclaredCloudMapInstance{
			{Address: dead, Attributes: map[string]string{"stage": "prod"}}, {Address: address(b), Attributes: map[string]string{"stage": "prod"}},
			{Address: dead, Attributes: map[string]string{"stage": "gone"}},
		}}}
	})
	return server, a
}

// privateRoutes makes an HTTP API with a stage of variables, whose routes lead to URIs.
func privateRoutes(t *testing.T, server *App, uris map[string]string) string {
	t.Helper()
	link := call(t, server, "POST", "/v2/vpclinks", map[string]any{"name": "l", "subnetIds": []string{"subnet-1"}})["vpcLinkId"]
	api := call(t, server, "POST", "/v2/apis", map[string]any{"name": "h", "protocolType": "HTTP"})["apiId"].(string)
	for path, uri := range uris {
		integration := call(t, server, "POST", "/v2/apis/"+api+"/integrations", map[string]any{
			"integrationType": "HTTP_PROXY", "integrationMethod": "ANY", "payloadFormatVersion": "1.0",
			"connectionType": "VPC_LINK", "connectionId": "${stageVariables.link}", "integrationUri": uri,
		})["integrationId"].(string)
		call(t, server, "POST", "/v2/apis/"+api+"/routes", map[string]any{"routeKey": "GET " + path, "target": "integrations/" + integration})
	}
	call(t, server, "POST", "/v2/apis/"+api+"/stages", map[string]any{
		"stageName": "prod", "autoDeploy": true, "stageVariables": map[string]any{"link": link, "listener": declaredListener, "stage": "prod"},
	})
	return server.URL() + "/_aws/execute-api/" + api + "/prod"
}

// fetch asks until something other than without answers: new targets have to be checked first.
func fetch(t *testing.T, url, without string) string {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		status, body, _ := send(t, "GET", url, "", "")
		got := http.StatusText(status) + ": " + strings.TrimSpace(body)
		if without == "" || got != without || time.Now().After(deadline) {
			return got
		}
	}
}

const (
	unavailable = `Service Unavailable: {"message":"Service Unavailable"}`
	failed      = `Internal Server Error: {"message": "Internal server error"}`
)

func TestVpcLinks_http(t *testing.T) {
	server, first := balanced(t)
	base := privateRoutes(t, server, map[string]string{
		"/orders": "${stageVariables.listener}", "/dead": deadListener,
		"/map": declaredCloudMap + "?stage=${stageVariables.stage}", "/gone": declaredCloudMap + "?stage=gone", "/none": declaredCloudMap + "?stage=none",
	})
	healthy := map[string]bool{}
	eventually(t, func() bool { // each target is checked on its own
		healthy[fetch(t, base+"/orders", unavailable)] = true
		return len(healthy) == 2
	})
	seen := map[string]int{}
	for range 6 {
		seen[fetch(t, base+"/orders", "")]++
	}
	if diff := cmp.Diff(map[string]int{"OK: a /prod/orders": 3, "OK: b /prod/orders": 3}, seen); diff != "" {
		t.Error(diff)
	}
	first.Close() // it stays healthy until the next check, and the next target is tried
	for range 4 {
		if got := fetch(t, base+"/orders", ""); got != "OK: b /prod/orders" {
			t.Errorf("with one target gone: %s", got)
		}
	}
	for _, path := range []string{"/dead", "/gone", "/none"} {
		if got := fetch(t, base+path, ""); got != unavailable {
			t.Errorf("%s: %s", path, got)
		}
	}
	for range 2 {
		if got := fetch(t, base+"/map", ""); got != "OK: b /prod/map" {
			t.Errorf("Cloud Map: %s", got)
		}
	}
}

// A REST API reaches an application load balancer through a link of version 2, by
// integrationTarget, and a network load balancer through one of version 1.
func TestVpcLinks_rest(t *testing.T) {
	server, _ := balanced(t)
	second := call(t, server, "POST", "/v2/vpclinks", map[string]any{"name": "l", "subnetIds": []string{"subnet-1"}})["vpcLinkId"]
	first := call(t, server, "POST", "/vpclinks", map[string]any{"name": "l", "targetArns": []string{declaredNlb}})["id"]
	api := call(t, server, "POST", "/restapis", map[string]any{"name": "r"})
	base := "/restapis/" + api["id"].(string)
	for path, integration := range map[string]map[string]any{
		"balanced": {"connectionId": "${stageVariables.second}", "uri": "http://shop.internal/${stageVariables.path}", "integrationTarget": declaredListener},
		"dead":     {"connectionId": second, "uri": "http://shop.internal/x", "integrationTarget": deadListener},
		"network":  {"connectionId": first, "uri": "http://shop.internal:${stageVariables.port}/n"},
		"deadnet":  {"connectionId": first, "uri": "http://shop.internal:81/n"},
	} {
		resource := call(t, server, "POST", base+"/resources/"+api["rootResourceId"].(string), map[string]any{"pathPart": path})["id"].(string)
		method := base + "/resources/" + resource + "/methods/GET"
		call(t, server, "PUT", method, map[string]any{"authorizationType": "NONE"})
		integration["type"], integration["httpMethod"], integration["connectionType"] = "HTTP_PROXY", "GET", "VPC_LINK"
		made := call(t, server, "PUT", method+"/integration", integration)
		if made["integrationTarget"] != integration["integrationTarget"] {
			t.Errorf("got %v", made)
		}
	}
	call(t, server, "POST", base+"/deployments", map[string]any{"stageName": "prod", "variables": map[string]any{"second": second, "path": "v1", "port": "80"}})
	url := server.URL() + base + "/prod/_user_request_/"
	for path, want := range map[string]string{"balanced": " /v1", "network": " /n"} {
		if got := fetch(t, url+path, failed); !strings.HasSuffix(got, want) {
			t.Errorf("%s: %s", path, got)
		}
	}
	for _, path := range []string{"dead", "deadnet"} {
		if got := fetch(t, url+path, ""); got != failed {
			t.Errorf("%s: %s", path, got)
		}
	}
	status, answer, _ := send(t, "DELETE", server.URL()+"/v2/vpclinks/"+second.(string), "", "")
	if status != http.StatusBadRequest || !strings.Contains(answer, "is referenced in [GET:") {
		t.Errorf("deleting a link that a REST API uses: %d %s", status, answer)
	}
}

// A message to a dead private backend is told in a frame; the connection stays.
func TestVpcLinks_webSocket(t *testing.T) {
	server, _ := balanced(t)
	link := call(t, server, "POST", "/vpclinks", map[string]any{"name": "l", "targetArns": []string{declaredNlb}})["id"]
	api := call(t, server, "POST", "/v2/apis", map[string]any{"name": "chat", "protocolType": "WEBSOCKET", "routeSelectionExpression": "$request.body.action"})
	path := "/v2/apis/" + api["apiId"].(string)
	integration := call(t, server, "POST", path+"/integrations", map[string]any{
		"integrationType": "HTTP_PROXY", "integrationMethod": "POST", "integrationUri": "http://shop.internal:81/", "connectionType": "VPC_LINK", "connectionId": link,
	})["integrationId"].(string)
	call(t, server, "POST", path+"/routes", map[string]any{"routeKey": "say", "target": "integrations/" + integration})
	deployment := call(t, server, "POST", path+"/deployments", map[string]any{})["deploymentId"]
	call(t, server, "POST", path+"/stages", map[string]any{"stageName": "prod", "deploymentId": deployment})
	client := dialSocket(t, server, api["apiId"].(string))
	for range 2 {
		if got := client.ask(t, `{"action":"say"}`); !strings.HasPrefix(got, `{"message": "Internal server error", "connectionId":"`) {
			t.Errorf("got %s", got)
		}
	}
}
