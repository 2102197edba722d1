package loadbalancer

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	balancerArn = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/nlb/50dc6c495c0c9188"
	listenerArn = "arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/net/nlb/50dc6c495c0c9188/f2f7dc8efc522ab2"
	groupArn    = "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/tg/73e2d6bc24d8a067"
)

var link = LinkId{Account: "000000000000", Region: "us-east-1", Id: "l4er5c"}

// tcpCheck checks as fast as a test needs.
var tcpCheck = HealthCheck{Protocol: ProtocolTcp, Port: TrafficPort, Interval: 20 * time.Millisecond, Timeout: time.Second, HealthyThreshold: 2, UnhealthyThreshold: 2}

// configuration is a load balancer with one listener on port 80, one target group and a link.
func configuration(check HealthCheck, targets ...Target) Configuration {
	return Configuration{
		LoadBalancers: []LoadBalancer{{Arn: balancerArn, Type: TypeNetwork}},
		Listeners: []Listener{{
			Arn: listenerArn, LoadBalancerArn: balancerArn, Port: 80, Protocol: ProtocolTcp,
			DefaultActions: []Action{{Type: ActionForward, Forward: []WeightedTargetGroup{{TargetGroupArn: groupArn, Weight: 1}}}},
		}},
		TargetGroups: []TargetGroup{{Arn: groupArn, Name: "tg", Protocol: ProtocolTcp, HealthCheck: check, Targets: targets}},
		VpcLinks:     []VpcLink{{LinkId: link, LoadBalancerArns: []string{balancerArn}}},
	}
}

func newRouter(t *testing.T, options Options) *Router {
	t.Helper()
	if options.Now == nil {
		options.Now = time.Now
	}
	r := New(options)
	t.Cleanup(r.Close)
	return r
}

// serveName is a backend that answers with its name.
func serveName(t *testing.T, name string) (*httptest.Server, Target) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, name) }))
	t.Cleanup(server.Close)
	return server, targetOf(t, server.Listener.Addr().String())
}

func targetOf(t *testing.T, address string) Target {
	t.Helper()
	target, err := parseTarget(address)
	if err != nil {
		t.Fatal(err)
	}
	return target
}

// awaitStates waits until the targets have the states.
func awaitStates(t *testing.T, r *Router, want ...string) []TargetHealth {
	t.Helper()
	var got []TargetHealth
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		got, _ = r.Health(groupArn)
		same := len(got) == len(want)
		for i := range got {
			same = same && got[i].State == want[i]
		}
		if same {
			return got
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("targets are %+v, want %v", got, want)
	return nil
}

// ask sends a request through the link.
func ask(t *testing.T, r *Router) (string, error) {
	t.Helper()
	connection, err := r.Connect(link, "http", 80)
	if err != nil {
		return "", err
	}
	client := http.Client{Transport: &http.Transport{DialContext: connection.Dial, DisableKeepAlives: true}}
	answer, err := client.Get("http://nlb.invalid/")
	if err != nil {
		return "", err
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	return string(body), err
}

func TestConnect_roundRobin(t *testing.T) {
	_, a := serveName(t, "a")
	_, b := serveName(t, "b")
	r := newRouter(t, Options{})
	r.Set(configuration(tcpCheck, a, b))
	awaitStates(t, r, StateHealthy, StateHealthy)
	count := map[string]int{}
	for range 10 {
		name, err := ask(t, r)
		if err != nil {
			t.Fatal(err)
		}
		count[name]++
	}
	if count["a"] != 5 || count["b"] != 5 {
		t.Errorf("10 requests went to %v", count)
	}
}

// A target that went away since its last check costs no request.
func TestConnect_failover(t *testing.T) {
	gone, a := serveName(t, "a")
	_, b := serveName(t, "b")
	slow := tcpCheck
	slow.Interval = time.Hour
	r := newRouter(t, Options{})
	r.Set(configuration(slow, a, b))
	awaitStates(t, r, StateHealthy, StateHealthy)
	gone.Close()
	for range 6 {
		if name, err := ask(t, r); err != nil || name != "b" {
			t.Errorf("got %q, %v", name, err)
		}
	}
}

func TestConnect_noTarget(t *testing.T) {
	gone, a := serveName(t, "a")
	gone.Close()
	r := newRouter(t, Options{})
	r.Set(configuration(tcpCheck, a))
	awaitStates(t, r, StateUnhealthy)
	_, err := ask(t, r)
	var e *Error
	if !errors.As(err, &e) || e.Reason != ReasonNoHealthy || len(e.Targets) != 1 || e.Targets[0].Reason != ReasonFailedHealthChecks {
		t.Errorf("got %v", err)
	}
	r.Set(configuration(tcpCheck))
	if _, err := ask(t, r); !errors.As(err, &e) || e.Reason != ReasonNoTarget {
		t.Errorf("got %v", err)
	}
}

func TestConnect_failOpen(t *testing.T) {
	check := tcpCheck
	check.Protocol, check.Path, check.Matcher = ProtocolHttp, "/", "404"
	_, a := serveName(t, "a")
	r := newRouter(t, Options{FailOpen: true})
	r.Set(configuration(check, a))
	health := awaitStates(t, r, StateUnhealthy)
	if health[0].Reason != ReasonResponseCodeMismatch || health[0].Description != "Health checks failed with these codes: [200]" {
		t.Errorf("health is %+v", health[0].Health)
	}
	if name, err := ask(t, r); err != nil || name != "a" {
		t.Errorf("got %q, %v", name, err)
	}
}

func TestConnect_refuses(t *testing.T) {
	r := newRouter(t, Options{})
	_, target := serveName(t, "a")
	c := configuration(tcpCheck, target)
	failedLink := LinkId{Account: link.Account, Region: link.Region, Id: "failed"}
	elsewhere := LinkId{Account: link.Account, Region: link.Region, Id: "elsewhere"}
	c.VpcLinks = append(c.VpcLinks, VpcLink{LinkId: failedLink, Failed: "NLB ARN is malformed"}, VpcLink{LinkId: elsewhere, LoadBalancerArns: []string{"arn:x"}})
	c.Listeners = append(c.Listeners, Listener{Arn: "tls", LoadBalancerArn: balancerArn, Port: 443, Protocol: ProtocolTls, DefaultActions: c.Listeners[0].DefaultActions})
	r.Set(c)
	for name, row := range map[string]struct {
		link   LinkId
		scheme string
		port   int
		want   Reason
	}{
		"no link":          {LinkId{Account: "111111111111", Region: "us-east-1", Id: "l4er5c"}, "http", 80, ReasonLink},
		"failed link":      {failedLink, "http", 80, ReasonLink},
		"no load balancer": {elsewhere, "http", 80, ReasonLoadBalancer},
		"no listener":      {link, "http", 8080, ReasonListener},
		"HTTP to TLS":      {link, "http", 443, ReasonProtocol},
	} {
		_, err := r.Connect(row.link, row.scheme, row.port)
		var e *Error
		if !errors.As(err, &e) || e.Reason != row.want {
			t.Errorf("%s: got %v, want %s", name, err, row.want)
		}
	}
	awaitStates(t, r, StateHealthy)
	connection, err := r.Connect(link, "https", 443)
	if err != nil || connection.Scheme != "http" {
		t.Errorf("behind a TLS listener a TCP target speaks %+v, %v", connection, err)
	}
}

// A target that is deregistered gets no new connection, and its group no check without a listener.
func TestHealth_drainingAndUnused(t *testing.T) {
	_, a := serveName(t, "a")
	_, b := serveName(t, "b")
	r := newRouter(t, Options{})
	r.Set(configuration(tcpCheck, a, b))
	awaitStates(t, r, StateHealthy, StateHealthy)
	a.DrainsUntil = time.Now().Add(time.Hour)
	r.Set(configuration(tcpCheck, a, b))
	awaitStates(t, r, StateDraining, StateHealthy)
	for range 4 {
		if name, err := ask(t, r); err != nil || name != "b" {
			t.Errorf("got %q, %v", name, err)
		}
	}
	a.DrainsUntil = time.Now().Add(-time.Second)
	unused := configuration(tcpCheck, a, b)
	unused.Listeners = nil
	r.Set(unused)
	if got := awaitStates(t, r, StateUnused); got[0].Port != b.Port || got[0].Reason != ReasonNotInUse {
		t.Errorf("got %+v", got)
	}
}

// Health survives changes of something else.
func TestSet_keepsHealth(t *testing.T) {
	_, a := serveName(t, "a")
	slow := tcpCheck
	slow.Interval = time.Hour
	r := newRouter(t, Options{})
	r.Set(configuration(slow, a))
	awaitStates(t, r, StateHealthy)
	_, b := serveName(t, "b")
	r.Set(configuration(slow, b, a))
	if got, _ := r.Health(groupArn); len(got) != 2 || got[1].State != StateHealthy {
		t.Errorf("got %+v", got)
	}
}

func TestChoose_weights(t *testing.T) {
	at := uint64(0)
	r := newRouter(t, Options{Random: func() uint64 { at++; return at }})
	actions := []Action{{Type: ActionForward, Forward: []WeightedTargetGroup{{"a", 1}, {"b", 0}, {"c", 3}}}}
	count := map[string]int{}
	for range 400 {
		count[r.choose(actions)]++
	}
	if count["a"] != 100 || count["b"] != 0 || count["c"] != 300 {
		t.Errorf("got %v", count)
	}
	if got := r.choose([]Action{{Type: ActionForward, Forward: []WeightedTargetGroup{{"a", 0}, {"b", 0}}}}); got != "" {
		t.Errorf("no weight at all chose %q", got)
	}
}

func TestPortOf(t *testing.T) {
	for in, want := range map[[2]string]int{
		{"http", "nlb.elb.us-east-1.amazonaws.com"}: 80, {"https", "nlb"}: 443, {"http", "nlb:8080"}: 8080, {"https", "[::1]:8443"}: 8443,
	} {
		if got, ok := PortOf(in[0], in[1]); got != want || !ok {
			t.Errorf("%v: got %d", in, got)
		}
	}
}

func BenchmarkConnect(b *testing.B) {
	options := Options{Now: time.Now, Dial: func(context.Context, string, string) (net.Conn, error) { return nil, nil }}
	options.Dial = func(context.Context, string, string) (net.Conn, error) { c, _ := net.Pipe(); return c, nil }
	r := New(options)
	defer r.Close()
	var targets []Target
	for i := range 10 {
		targets = append(targets, Target{Id: "10.0.0." + strconv.Itoa(i+1), Port: 80})
	}
	slow := tcpCheck
	slow.Interval = time.Hour
	r.Set(configuration(slow, targets...))
	for {
		if health, _ := r.Health(groupArn); healthyCount(health) == len(targets) {
			break
		}
		time.Sleep(time.Millisecond)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Connect(link, "http", 80); err != nil {
			b.Fatal(err)
		}
	}
}
