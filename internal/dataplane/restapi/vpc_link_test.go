package restapi_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/apigw"
	compiler "gatehouse/internal/compile/restapi"
	"gatehouse/internal/dataplane"
	"gatehouse/internal/dataplane/exchangetest"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/dataplane/restapi"
	"gatehouse/internal/deployment/deploymenttest"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/loadbalancer"
	"gatehouse/internal/plan"
	"gatehouse/internal/throttle"
)

const (
	testLoadBalancer = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/nlb/50dc6c495c0c9188"
	privateApi       = `{"Methods": {"GET /{proxy+}": {"RequestParameters": {"method.request.path.proxy": true}, "MethodIntegration": {
		"Type": "HTTP_PROXY", "HttpMethod": "GET", "Uri": "http://nlb-1.elb.us-east-1.amazonaws.com:8080/in/{proxy}",
		"ConnectionType": "VPC_LINK", "ConnectionId": "${stageVariables.link}", "RequestParameters": {"integration.request.path.proxy": "method.request.path.proxy"}}}}}`
)

// lastFault keeps the fault of the last exchange.
type lastFault struct{ fault *fault.Fault }

func (*lastFault) Begin(*record.Notes)   {}
func (l *lastFault) End(n *record.Notes) { l.fault = n.Fault }

// privateHandler serves privateApi; its stage variable names link l4er5c, whose load
// balancer has one target.
func privateHandler(t *testing.T, target, variable string) (*dataplane.Handler, *loadbalancer.Router, *lastFault) {
	t.Helper()
	snapshot, err := deploymenttest.Parse([]byte(privateApi))
	if err != nil {
		t.Fatal(err)
	}
	stage := apigw.Stage{StageName: "prod", DeploymentId: "d1", Variables: map[string]string{"link": variable}}
	compiled, diagnostics := compiler.Compile(&snapshot, &stage, compiler.Options{Scope: apigw.Scope{Account: exchangetest.Account, Region: exchangetest.Region}})
	if len(diagnostics) > 0 {
		t.Fatalf("diagnostics: %v", diagnostics)
	}
	table := plan.NewTable(1, map[string]*plan.Api{snapshot.RestApi.Id: {Id: snapshot.RestApi.Id, Stages: map[string]*plan.RestStage{"prod": compiled}}})
	router := loadbalancer.New(loadbalancer.Options{Now: time.Now})
	t.Cleanup(router.Close)
	host, port, err := net.SplitHostPort(target)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	router.Set(loadbalancer.Configuration{
		LoadBalancers: []loadbalancer.LoadBalancer{{Arn: testLoadBalancer, Type: loadbalancer.TypeNetwork}},
		Listeners: []loadbalancer.Listener{{Arn: "listener", LoadBalancerArn: testLoadBalancer, Port: 8080, Protocol: "TCP", DefaultActions: []loadbalancer.Action{
			{Type: loadbalancer.ActionForward, Forward: []loadbalancer.WeightedTargetGroup{{TargetGroupArn: "group", Weight: 1}}},
		}}},
		TargetGroups: []loadbalancer.TargetGroup{{
			Arn: "group", Name: "group", Protocol: "TCP", Targets: []loadbalancer.Target{{Id: host, Port: number}},
			HealthCheck: loadbalancer.HealthCheck{Protocol: "TCP", Interval: 10 * time.Millisecond, Timeout: time.Second, HealthyThreshold: 2, UnhealthyThreshold: 2},
		}},
		VpcLinks: []loadbalancer.VpcLink{{LinkId: loadbalancer.LinkId{Account: exchangetest.Account, Region: exchangetest.Region, Id: "l4er5c"}, LoadBalancerArns: []string{testLoadBalancer}}},
	})
	recorder := &lastFault{}
	client := integration.NewClient(apigw.PayloadSizeLimit, time.Now)
	t.Cleanup(client.CloseIdleConnections)
	return &dataplane.Handler{
		Published: func() *plan.Table { return table }, Now: time.Now, Random: func() uint64 { return 1 },
		Rest: &restapi.Pipeline{
			Backends: client, VpcLinks: router, Throttles: throttle.New(time.Now), Recorder: recorder, Now: time.Now, Random: func() uint64 { return 1 },
		},
	}, router, recorder
}

func awaitState(t *testing.T, router *loadbalancer.Router, state string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		if health, _ := router.Health("group"); health[0].State == state {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("the target did not become %s", state)
}

func getPrivate(handler http.Handler) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "http://"+deploymenttest.ApiId+".execute-api.us-east-1.localhost/prod/a/b", http.NoBody))
	return answer
}

// Of the integration's URI only the port leads to the target; its host is the Host header.
func TestPrivateIntegration(t *testing.T) {
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Host+r.URL.Path) }))
	t.Cleanup(backend.Close)
	handler, router, _ := privateHandler(t, backend.Listener.Addr().String(), "l4er5c")
	awaitState(t, router, loadbalancer.StateHealthy)
	if got := getPrivate(handler); got.Code != http.StatusOK || got.Body.String() != "nlb-1.elb.us-east-1.amazonaws.com:8080/in/a/b" {
		t.Errorf("got %d %s", got.Code, got.Body)
	}
}

// Known from: users' reports of private integrations; the body's form is that of other 500s.
func TestPrivateIntegration_fails(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for link, found := range map[string]string{
		"l4er5c":  `link "l4er5c": AVAILABLE; target group group has no healthy target; targets 0/1 healthy: ` + gone.Listener.Addr().String() + " unhealthy (connection refused, 0s ago)",
		"missing": `VPC link "missing" does not exist`,
	} {
		handler, router, recorder := privateHandler(t, gone.Listener.Addr().String(), link)
		awaitState(t, router, loadbalancer.StateUnhealthy)
		got := getPrivate(handler)
		if got.Code != http.StatusInternalServerError || strings.TrimSpace(got.Body.String()) != `{"message": "Internal server error"}` {
			t.Errorf("%s: got %d %s", link, got.Code, got.Body)
		}
		if f := recorder.fault; f == nil || f.Entry.Id != fault.VpcLinkUnhealthy || f.Found != found {
			t.Errorf("%s: fault %+v", link, f)
		}
	}
}
