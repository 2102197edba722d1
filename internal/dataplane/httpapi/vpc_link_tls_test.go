package httpapi_test

import (
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/dataplane/exchangetest"
	"gatehouse/internal/fixture"
	"gatehouse/internal/integration"
	"gatehouse/internal/loadbalancer"
)

const privateTlsApi = `-- api --
{"Routes": {"GET /pets": {"Integration": {
  "IntegrationType": "HTTP_PROXY", "IntegrationUri": "LISTENER", "IntegrationMethod": "ANY",
  "ConnectionType": "VPC_LINK", "ConnectionId": "v", "TlsConfig": {"ServerNameToVerify": "NAME"}}}}}
`

// A listener of HTTPS is reached with TLS, and the certificate at its other end must
// have the name of tlsConfig.serverNameToVerify (guide: http-api-develop-integrations-private.md).
// The certificate is httptest's, for example.com.
func TestPrivateIntegration_serverNameToVerify(t *testing.T) {
	backend := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "TLS for "+r.TLS.ServerName)
	}))
	backend.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are the point
	backend.StartTLS()
	t.Cleanup(backend.Close)
	router := balancer(t, backend.Listener.Addr())
	roots := x509.NewCertPool()
	roots.AddCert(backend.Certificate())
	for _, test := range []struct {
		listener, name string
		trusted        *x509.CertPool
		status, body   string
	}{
		{"https", "example.com", roots, "HTTP/1.1 200 OK", "TLS for example.com"},
		{"https", "orders.internal", roots, "HTTP/1.1 503 Service Unavailable", `{"message":"Service Unavailable"}`},
		{"https", "example.com", x509.NewCertPool(), "HTTP/1.1 503 Service Unavailable", `{"message":"Service Unavailable"}`},
		// Plain HTTP to a listener of HTTPS is answered by the load balancer.
		{"https", "", roots, "HTTP/1.1 400 Bad Request", "The plain HTTP request was sent to HTTPS port"},
		// TLS to a listener of HTTP reaches nothing.
		{"http", "example.com", roots, "HTTP/1.1 503 Service Unavailable", `{"message":"Service Unavailable"}`},
	} {
		client := integration.NewClient(1<<20, time.Now)
		client.RootCAs = test.trusted
		t.Cleanup(client.CloseIdleConnections)
		archive := fixture.Parse(strings.NewReplacer("LISTENER", listenerOf(test.listener), "NAME", test.name).Replace(privateTlsApi))
		w := newWorld(t, archive)
		pipeline := newPipeline(w)
		pipeline.Backends, pipeline.VpcLinks = client, router
		w.serve(t, archive, pipeline)
		got := w.Exchange(t, "GET /pets HTTP/1.1\n\n")["response"]
		if !strings.HasPrefix(got, test.status) || !strings.Contains(got, test.body) {
			t.Errorf("a %s listener, verifying %q: %s, want %s", test.listener, test.name, got, test.status)
		}
	}
}

func listenerOf(protocol string) string {
	return "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/web/50dc6c495c0c9188/" + protocol
}

// balancer leads from two listeners to a target, which is healthy when it returns.
func balancer(t *testing.T, target net.Addr) *loadbalancer.Router {
	t.Helper()
	host, port, err := net.SplitHostPort(target.String())
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	const group = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/1"
	forward := []loadbalancer.Action{{Type: loadbalancer.ActionForward, Forward: []loadbalancer.WeightedTargetGroup{{TargetGroupArn: group, Weight: 1}}}}
	router := loadbalancer.New(loadbalancer.Options{Now: time.Now})
	t.Cleanup(router.Close)
	router.Set(loadbalancer.Configuration{
		Listeners: []loadbalancer.Listener{
			{Arn: listenerOf("https"), Port: 443, Protocol: loadbalancer.ProtocolHttps, DefaultActions: forward},
			{Arn: listenerOf("http"), Port: 80, Protocol: loadbalancer.ProtocolHttp, DefaultActions: forward},
		},
		TargetGroups: []loadbalancer.TargetGroup{{
			Arn: group, Name: "web", Protocol: loadbalancer.ProtocolHttps, Targets: []loadbalancer.Target{{Id: host, Port: number}},
			HealthCheck: loadbalancer.HealthCheck{Protocol: loadbalancer.ProtocolTcp, Port: loadbalancer.TrafficPort, Interval: time.Minute, Timeout: time.Second, HealthyThreshold: 1, UnhealthyThreshold: 1},
		}},
		VpcLinks: []loadbalancer.VpcLink{{LinkId: loadbalancer.LinkId{Account: exchangetest.Account, Region: exchangetest.Region, Id: "v"}}},
	})
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		if health, _ := router.Health(group); len(health) == 1 && health[0].State == loadbalancer.StateHealthy {
			return router
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the target does not become healthy")
	return nil
}
