package loadbalancer

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.yaml.in/yaml/v4"
)

const declaredFile = `
- arn: arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/orders/0123456789abcdef
  listeners:
  - {port: 80, targets: ["TARGET"], healthCheck: {interval: 1s}}
- arn: arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/0123456789abcdef
  listeners:
  - {port: 80, arn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/0123456789abcdef/1", srv: _http._tcp.example}
`

func TestDeclare(t *testing.T) {
	_, target := serveName(t, "declared")
	var list []Declared
	if err := yaml.Unmarshal([]byte(strings.Replace(declaredFile, "TARGET", target.Address(), 1)), &list); err != nil {
		t.Fatal(err)
	}
	c, err := Declare(list)
	if err != nil {
		t.Fatal(err)
	}
	r := newRouter(t, Options{Declared: c, Resolve: func(context.Context, string) ([]*net.SRV, error) { return nil, errors.New("no DNS in tests") }})
	if !r.Declares(list[0].Arn) || r.Declares(balancerArn) {
		t.Error("Declares is wrong")
	}
	r.Set(Configuration{VpcLinks: []VpcLink{{LinkId: link, LoadBalancerArns: []string{list[0].Arn}}}})
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		if name, err := ask(t, r); err == nil && name == "declared" {
			// A listener without an ARN is found by its load balancer's.
			uri := strings.Replace(list[0].Arn, "loadbalancer/", "listener/", 1) + "/fedcba9876543210"
			if _, err := r.Route(link, uri, &Request{Scheme: "http"}); err != nil {
				t.Errorf("routing to a declared listener: %v", err)
			}
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the declared target was not reached")
}

func TestDeclare_refuses(t *testing.T) {
	const arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/orders/0123456789abcdef"
	listener := DeclaredListener{Port: 80, Targets: []string{"10.0.0.1:80"}}
	with := func(change func(*DeclaredListener)) []Declared {
		changed := listener
		change(&changed)
		return []Declared{{Arn: arn, Listeners: []DeclaredListener{changed}}}
	}
	for want, list := range map[string][]Declared{
		"is not the ARN":             {{Arn: "orders", Listeners: []DeclaredListener{listener}}},
		"at least one":               {{Arn: arn}},
		"is there twice":             {{Arn: arn, Listeners: []DeclaredListener{listener, listener}}},
		"not between 1":              with(func(l *DeclaredListener) { l.Port = 0 }),
		`"UDP" is none`:              with(func(l *DeclaredListener) { l.Protocol = "UDP" }),
		"exactly one of targets":     with(func(l *DeclaredListener) { l.Srv = "x" }),
		`"10.0.0.1" is not host`:     with(func(l *DeclaredListener) { l.Targets = []string{"10.0.0.1"} }),
		"path and matcher belong":    with(func(l *DeclaredListener) { l.HealthCheck.Path = "/" }),
		"no longer than it":          with(func(l *DeclaredListener) { l.HealthCheck.Timeout = time.Hour }),
		"is not TCP, HTTP or HTTPS":  with(func(l *DeclaredListener) { l.HealthCheck.Protocol = "ICMP" }),
		"thresholds are at least 1":  with(func(l *DeclaredListener) { l.HealthCheck.HealthyThreshold = -1 }),
		"does not begin with /":      with(func(l *DeclaredListener) { l.HealthCheck = DeclaredHealthCheck{Protocol: "HTTP", Path: "x"} }),
		"healthCheck.matcher: readi": with(func(l *DeclaredListener) { l.HealthCheck = DeclaredHealthCheck{Protocol: "HTTP", Matcher: "x"} }),
	} {
		if _, err := Declare(list); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// SRV records are followed; their priorities order the targets; DNS that fails changes nothing.
func TestFollow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		records, fails := []*net.SRV{{Target: "b.example.", Port: 81, Priority: 20}, {Target: "a.example.", Port: 80, Priority: 10}}, false
		c, err := Declare([]Declared{{Arn: balancerArn, Listeners: []DeclaredListener{{Port: 80, Srv: "_http._tcp.example"}}}})
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex // guards records, fails, dialled and down
		var dialled []string
		down := ""
		with := func(change func()) {
			mu.Lock()
			defer mu.Unlock()
			change()
		}
		r := New(Options{
			Now: time.Now, Declared: c,
			Resolve: func(context.Context, string) ([]*net.SRV, error) {
				mu.Lock()
				defer mu.Unlock()
				if fails {
					return nil, errors.New("no answer")
				}
				return records, nil
			},
			Dial: func(_ context.Context, _, address string) (net.Conn, error) {
				mu.Lock()
				defer mu.Unlock()
				if address == down {
					return nil, errors.New("refused")
				}
				dialled = append(dialled, address)
				connection, _ := net.Pipe()
				return connection, nil
			},
		})
		defer r.Close()
		r.Set(Configuration{VpcLinks: []VpcLink{{LinkId: link, LoadBalancerArns: []string{balancerArn}}}})
		last := func() string {
			connection, err := r.Connect(link, "http", 80)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := connection.Dial(t.Context(), "tcp", ""); err != nil {
				t.Fatal(err)
			}
			mu.Lock()
			defer mu.Unlock()
			return dialled[len(dialled)-1]
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if got := last(); got != "a.example:80" {
			t.Errorf("first %s", got)
		}
		with(func() { down = "a.example:80" })
		if got := last(); got != "b.example:81" {
			t.Errorf("with the first down %s", got)
		}
		with(func() { fails = true })
		time.Sleep(resolveInterval)
		synctest.Wait()
		if got := last(); got != "b.example:81" {
			t.Errorf("without DNS %s", got)
		}
		with(func() { fails, records = false, []*net.SRV{{Target: "c.example.", Port: 82}} })
		time.Sleep(resolveInterval)
		synctest.Wait()
		if got := last(); got != "c.example:82" {
			t.Errorf("after a change of DNS %s", got)
		}
	})
}
