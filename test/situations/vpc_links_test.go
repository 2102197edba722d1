package situations

import (
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/config"
)

// tlsBackend is a backend whose certificate is for example.com and signed by itself, and
// a file that trusts it.
func tlsBackend(t *testing.T, answer http.HandlerFunc) (backend *httptest.Server, trustedFile string) {
	t.Helper()
	backend = httptest.NewUnstartedServer(answer)
	backend.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are the point
	backend.StartTLS()
	t.Cleanup(backend.Close)
	trustedFile = filepath.Join(t.TempDir(), "authority.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: backend.Certificate().Raw})
	if err := os.WriteFile(trustedFile, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return backend, trustedFile
}

// target makes a target group for a backend behind a load balancer's listener, and
// returns the ARNs of load balancer and listener.
func (g *gateway) target(backend *httptest.Server, kind, protocol, settings string) (balancer, listener string) {
	g.Helper()
	host, port, err := net.SplitHostPort(backend.Listener.Addr().String())
	if err != nil {
		g.Fatal(err)
	}
	output := g.run(`lb=$(aws elbv2 create-load-balancer --name orders --type ` + kind + ` --subnets subnet-1 subnet-2 --query 'LoadBalancers[0].LoadBalancerArn' --output text)
group=$(aws elbv2 create-target-group --name orders --protocol ` + protocol + ` --port 80 --vpc-id vpc-1 --target-type ip ` + settings + ` --query 'TargetGroups[0].TargetGroupArn' --output text)
aws elbv2 register-targets --target-group-arn "$group" --targets Id=` + host + `,Port=` + port + ` >/dev/null
echo "$lb"
aws elbv2 create-listener --load-balancer-arn "$lb" --protocol ` + protocol + ` --port 443 --default-actions "Type=forward,TargetGroupArn=$group" --query 'Listeners[0].ListenerArn' --output text`)
	balancer, listener, _ = strings.Cut(strings.TrimSpace(output), "\n")
	return balancer, listener
}

// privateRestApi makes a REST API whose GET / goes through a link to a network load balancer.
func (g *gateway) privateRestApi(balancer, uri string) (link, path string) {
	g.Helper()
	link = g.call("POST", "/vpclinks", map[string]any{"name": "orders", "targetArns": []string{balancer}})["id"].(string)
	return link, g.proxyApi(map[string]any{"uri": uri, "connectionType": "VPC_LINK", "connectionId": link})
}

// proxyApi makes a REST API whose GET / is an HTTP_PROXY integration, deployed to prod.
func (g *gateway) proxyApi(integration map[string]any) (path string) {
	g.Helper()
	created := g.call("POST", "/restapis", map[string]any{"name": "orders"})
	api := "/restapis/" + created["id"].(string)
	method := api + "/resources/" + created["rootResourceId"].(string) + "/methods/GET"
	g.call("PUT", method, map[string]any{"authorizationType": "NONE"})
	given := map[string]any{"type": "HTTP_PROXY", "httpMethod": "GET"}
	for name, value := range integration {
		given[name] = value
	}
	g.call("PUT", method+"/integration", given)
	g.call("POST", api+"/deployments", map[string]any{"stageName": "prod"})
	return api + "/prod/_user_request_/"
}

// privateHttpApi makes an HTTP API whose GET /orders goes to a listener through a link.
func (g *gateway) privateHttpApi(listener string, integration map[string]any) (path string) {
	g.Helper()
	link := g.call("POST", "/v2/vpclinks", map[string]any{"name": "orders", "subnetIds": []string{"subnet-1"}})["vpcLinkId"]
	api := g.call("POST", "/v2/apis", map[string]any{"name": "orders", "protocolType": "HTTP"})["apiId"].(string)
	given := map[string]any{
		"integrationType": "HTTP_PROXY", "integrationMethod": "GET", "payloadFormatVersion": "1.0",
		"connectionType": "VPC_LINK", "connectionId": link, "integrationUri": listener,
	}
	for name, value := range integration {
		given[name] = value
	}
	id := g.call("POST", "/v2/apis/"+api+"/integrations", given)["integrationId"].(string)
	g.call("POST", "/v2/apis/"+api+"/routes", map[string]any{"routeKey": "GET /orders", "target": "integrations/" + id})
	g.call("POST", "/v2/apis/"+api+"/stages", map[string]any{"stageName": "$default", "autoDeploy": true})
	return "/_aws/execute-api/" + api + "/$default/orders"
}

// awaits sends a request until it passes: targets are checked now and then.
func (g *gateway) awaits(path string) {
	g.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		status, header, text := g.ask("GET", g.server.URL()+path, nil)
		if status == http.StatusOK {
			return
		}
		if time.Now().After(deadline) {
			g.Fatalf("%s: %d %s: %+v", path, status, text, g.explain(requestIdOf(header)).Finding)
		}
	}
}

// diagnosed sends a request that fails, and checks what its explanation says.
func (g *gateway) diagnosed(path string, status int, errorId, found string) (text, command string) {
	g.Helper()
	got, header, body := g.ask("GET", g.server.URL()+path, nil)
	if got != status {
		g.Fatalf("%s: %d %s, want %d", path, got, body, status)
	}
	explanation := g.explain(requestIdOf(header))
	if explanation.ErrorId != errorId || !strings.Contains(explanation.Found, found) {
		g.Fatalf("got %s %s, want %s %s", explanation.ErrorId, explanation.Found, errorId, found)
	}
	return explanation.Fix.Text, explanation.Fix.Command
}

// E18: the health check asks for a page that needs a login, so that no target is healthy.
func TestVpcLink_healthCheckNeedsALogin(t *testing.T) {
	g := startGateway(t)
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	t.Cleanup(backend.Close)
	_, listener := g.target(backend, "application", "HTTP", "--matcher HttpCode=200")
	path := g.privateHttpApi(listener, nil)
	g.diagnosed(path, http.StatusServiceUnavailable, "GH-I201", "AVAILABLE; target group orders has no healthy target; targets 0/1 healthy: "+backend.Listener.Addr().String()+" ")
	_, command := g.diagnosed(path, http.StatusServiceUnavailable, "GH-I201", "(status 401, ")
	g.run(command)
	g.awaits(path)
}

// E18: the targets speak TLS, and the health check plain HTTP.
func TestVpcLink_plainHealthCheckOfTls(t *testing.T) {
	backend, trusted := tlsBackend(t, func(http.ResponseWriter, *http.Request) {})
	g := startGateway(t, func(c *config.Config) { c.TrustedCertificates = []string{trusted} })
	balancer, _ := g.target(backend, "network", "TCP", "--health-check-protocol HTTP")
	_, path := g.privateRestApi(balancer, "https://example.com/")
	_, command := g.diagnosed(path, http.StatusInternalServerError, "GH-I201", "(TLS answer on plain-HTTP port, ")
	g.run(command)
	g.awaits(path)
}

// E18: the listener ends TLS, and the integration speaks plain HTTP to it.
func TestVpcLink_plainHttpToTlsListener(t *testing.T) {
	g := startGateway(t)
	backend := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(backend.Close)
	balancer, _ := g.target(backend, "network", "TCP", "")
	g.run(`group=$(aws elbv2 describe-target-groups --query 'TargetGroups[0].TargetGroupArn' --output text)
aws elbv2 create-listener --load-balancer-arn ` + balancer + ` --protocol TLS --port 8443 --certificates CertificateArn=arn:aws:acm:us-east-1:000000000000:certificate/c --default-actions "Type=forward,TargetGroupArn=$group"`)
	_, path := g.privateRestApi(balancer, "http://orders.internal:8443/")
	_, command := g.diagnosed(path, http.StatusInternalServerError, "GH-I201", "the listener on port 8443 speaks TLS, and the integration http")
	g.run(command)
	g.awaits(path)
}

// E18 and E19: the certificate behind the link has another name than the one to verify.
func TestVpcLink_nameToVerify(t *testing.T) {
	backend, trusted := tlsBackend(t, func(http.ResponseWriter, *http.Request) {})
	g := startGateway(t, func(c *config.Config) { c.TrustedCertificates = []string{trusted} })
	_, listener := g.target(backend, "network", "TCP", "")
	path := g.privateHttpApi(listener, map[string]any{"tlsConfig": map[string]any{"serverNameToVerify": "orders.internal"}})
	g.awaitsTarget()
	_, command := g.diagnosed(path, http.StatusServiceUnavailable, "GH-I211", "it is for example.com, ")
	g.run(command)
	g.awaits(path)
}

// E18: the listener speaks HTTPS, and an HTTP API without tlsConfig plain HTTP: the load
// balancer answers 400 by itself, which is no error of the gateway's.
func TestVpcLink_plainHttpToHttpsListener(t *testing.T) {
	backend, trusted := tlsBackend(t, func(http.ResponseWriter, *http.Request) {})
	g := startGateway(t, func(c *config.Config) { c.TrustedCertificates = []string{trusted} })
	balancer, _ := g.target(backend, "application", "HTTP", "")
	listener := strings.TrimSpace(g.run(`group=$(aws elbv2 create-target-group --name tls --protocol HTTPS --port 443 --vpc-id vpc-1 --target-type ip --health-check-protocol HTTPS --query 'TargetGroups[0].TargetGroupArn' --output text)
aws elbv2 register-targets --target-group-arn "$group" --targets Id=127.0.0.1,Port=` + backend.URL[strings.LastIndexByte(backend.URL, ':')+1:] + `
aws elbv2 create-listener --load-balancer-arn ` + balancer + ` --protocol HTTPS --port 8443 --certificates CertificateArn=arn:aws:acm:us-east-1:000000000000:certificate/c --default-actions "Type=forward,TargetGroupArn=$group" --query 'Listeners[0].ListenerArn' --output text`))
	path := g.privateHttpApi(listener, nil)
	_, command := g.diagnosed(path, http.StatusBadRequest, "GH-I201", "the listener speaks HTTPS, and the integration plain HTTP")
	g.run(strings.ReplaceAll(command, "=NAME", "=example.com"))
	g.awaits(path)
}

// awaitsTarget waits until the target is healthy.
func (g *gateway) awaitsTarget() {
	g.Helper()
	g.run(`aws elbv2 wait target-in-service --target-group-arn "$(aws elbv2 describe-target-groups --query 'TargetGroups[0].TargetGroupArn' --output text)"`)
}

// E19: nobody trusts the authority that signed the backend's certificate. The printed
// command skips the verification; the text says how to trust it.
func TestBackendCertificate_unknownAuthority(t *testing.T) {
	backend, trusted := tlsBackend(t, func(http.ResponseWriter, *http.Request) {})
	g := startGateway(t)
	path := g.proxyApi(map[string]any{"uri": backend.URL})
	text, command := g.diagnosed(path, http.StatusInternalServerError, "GH-I211", `certificate "O=Acme Co" issued by "O=Acme Co", sent alone; "O=Acme Co" signed itself and is not trusted here`)
	if !strings.Contains(text, "--trusted-certificate FILE") {
		t.Errorf("the fix says %s", text)
	}
	g.run(command)
	g.awaits(path)

	trusting := startGateway(t, func(c *config.Config) { c.TrustedCertificates = []string{trusted} })
	trusting.awaits(trusting.proxyApi(map[string]any{"uri": backend.URL}))
}

// E20: a link cannot be deleted while an integration uses it, or only what a stage serves.
func TestDeleteVpcLink_inUse(t *testing.T) {
	for name, found := range map[string]string{"integration": "(Method:Resource)", "deployment": "no integration uses it any more"} {
		t.Run(name, func(t *testing.T) {
			g := startGateway(t)
			balancer := strings.TrimSpace(g.run(`aws elbv2 create-load-balancer --name orders --type network --subnets subnet-1 --query 'LoadBalancers[0].LoadBalancerArn' --output text`))
			link, path := g.privateRestApi(balancer, "http://orders.internal/")
			if name == "deployment" {
				api := strings.Split(path, "/")[2]
				resource := g.call("GET", "/restapis/"+api+"/resources", nil)["item"].([]any)[0].(map[string]any)["id"].(string)
				g.call("PATCH", "/restapis/"+api+"/resources/"+resource+"/methods/GET/integration", map[string]any{
					"patchOperations": []map[string]string{{"op": "replace", "path": "/connectionType", "value": "INTERNET"}},
				})
			}
			status, header, text := g.ask("DELETE", g.server.URL()+"/vpclinks/"+link, nil)
			if status != http.StatusBadRequest || !strings.Contains(text, "Cannot delete vpc link. Vpc link '"+link+"', is referenced in [GET:") {
				t.Fatalf("%d %s", status, text)
			}
			explanation := g.explain(header.Get("x-amzn-RequestId"))
			if explanation.ErrorId != "GH-C201" || !strings.Contains(explanation.Found, found) {
				t.Errorf("got %s %s", explanation.ErrorId, explanation.Found)
			}
			g.run(explanation.Fix.Command)
			if status, _, text := g.ask("GET", g.server.URL()+"/vpclinks/"+link, nil); status != http.StatusNotFound {
				t.Errorf("after the fix: %d %s", status, text)
			}
		})
	}
}

// E20: a link that a stage variable names; the command lets it name another one.
func TestDeleteVpcLink_stageVariable(t *testing.T) {
	g := startGateway(t)
	balancer := strings.TrimSpace(g.run(`aws elbv2 create-load-balancer --name orders --type network --subnets subnet-1 --query 'LoadBalancers[0].LoadBalancerArn' --output text`))
	link, path := g.privateRestApi(balancer, "http://orders.internal/")
	api := strings.Split(path, "/")[2]
	resource := g.call("GET", "/restapis/"+api+"/resources", nil)["item"].([]any)[0].(map[string]any)["id"].(string)
	g.call("PATCH", "/restapis/"+api+"/resources/"+resource+"/methods/GET/integration", map[string]any{
		"patchOperations": []map[string]string{{"op": "replace", "path": "/connectionId", "value": "${stageVariables.link}"}},
	})
	g.call("POST", "/restapis/"+api+"/deployments", map[string]any{"stageName": "prod", "variables": map[string]string{"link": link}})
	g.call("PATCH", "/restapis/"+api+"/stages/prod", map[string]any{"patchOperations": []map[string]string{{"op": "replace", "path": "/variables/link", "value": link}}})
	_, header, text := g.ask("DELETE", g.server.URL()+"/vpclinks/"+link, nil)
	explanation := g.explain(header.Get("x-amzn-RequestId"))
	if explanation.ErrorId != "GH-C201" {
		t.Fatalf("%s: %+v", text, explanation.Finding)
	}
	g.contains(textOfFinding(&explanation.Finding), "variables of these stages name it", "$LINK", "path=/variables/link")
	other := g.call("POST", "/vpclinks", map[string]any{"name": "other", "targetArns": []string{balancer}})["id"].(string)
	g.run("LINK=" + other + "; " + explanation.Fix.Command)
	if status, _, text := g.ask("GET", g.server.URL()+"/vpclinks/"+link, nil); status != http.StatusNotFound {
		t.Errorf("after the fix: %d %s", status, text)
	}
}
