package loadbalancer

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const cloudMapServiceArn = "arn:aws:servicediscovery:us-east-1:000000000000:service/srv-1"

// Source: guide, http-api-develop-integrations-private.md; Cloud Map, DiscoverInstances:
// every parameter of the query must be an attribute of the instance.
func TestRoute_cloudMap(t *testing.T) {
	services, err := DeclareCloudMap([]DeclaredCloudMapService{{Arn: cloudMapServiceArn, Instances: []DeclaredCloudMapInstance{
		{Address: "10.0.0.1:80", Attributes: map[string]string{"stage": "prod", "color": "green"}},
		{Address: "10.0.0.2:80", Attributes: map[string]string{"stage": "prod", "color": "blue"}},
		{Address: "10.0.0.3:81", Attributes: map[string]string{"stage": "test", "color": "green"}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	services[0].Instances = append(services[0].Instances,
		CloudMapInstance{Id: "ill", Address: "10.0.0.4:80", Attributes: map[string]string{"stage": "ill"}, Unhealthy: "its custom health status is UNHEALTHY"},
		CloudMapInstance{Id: "lost", Attributes: map[string]string{"stage": "lost"}})
	r := newRouter(t, Options{Declared: Configuration{CloudMapServices: services}})
	r.Set(Configuration{VpcLinks: []VpcLink{{LinkId: link}}})
	for query, want := range map[string][]string{
		"?stage=prod&color=green":   {"10.0.0.1:80"},
		"?AWS_INSTANCE_PORT=81":     {"10.0.0.3:81"},
		"?stage=test&color=%67reen": {"10.0.0.3:81"},
	} {
		connection, err := r.Route(link, cloudMapServiceArn+query, &Request{Scheme: "http"})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, connection.Addresses); diff != "" || connection.Scheme != "http" || connection.InsecureSkipVerification {
			t.Errorf("%s: %+v %s", query, connection, diff)
		}
	}
	turns := map[string]int{}
	for range 4 {
		connection, err := r.Route(link, cloudMapServiceArn+"?stage=prod", &Request{Scheme: "https"})
		if err != nil {
			t.Fatal(err)
		}
		turns[strings.Join(connection.Addresses, " ")]++
	}
	if diff := cmp.Diff(map[string]int{"10.0.0.1:80 10.0.0.2:80": 2, "10.0.0.2:80 10.0.0.1:80": 2}, turns); diff != "" {
		t.Error(diff)
	}
}

func TestRoute_cloudMapRefuses(t *testing.T) {
	service := CloudMapService{Arn: cloudMapServiceArn, Instances: []CloudMapInstance{
		{Id: "ill", Address: "10.0.0.4:80", Attributes: map[string]string{"stage": "ill"}, Unhealthy: "its custom health status is UNHEALTHY"},
		{Id: "lost", Attributes: map[string]string{"stage": "lost"}},
	}}
	r := newRouter(t, Options{})
	r.Set(Configuration{VpcLinks: []VpcLink{{LinkId: link}}, CloudMapServices: []CloudMapService{service}})
	for uri, want := range map[string]struct {
		reason Reason
		says   string
	}{
		cloudMapServiceArn + "?stage=prod": {ReasonNoTarget, "has no instance with stage=prod"},
		cloudMapServiceArn + "?stage=ill":  {ReasonNoHealthy, "ill 10.0.0.4:80 (its custom health status is UNHEALTHY)"},
		cloudMapServiceArn + "?stage=lost": {ReasonNoHealthy, "it has no AWS_INSTANCE_IPV4 and AWS_INSTANCE_PORT"},
		cloudMapServiceArn + "2":           {ReasonCloudMap, "there is no Cloud Map service"},
		cloudMapServiceArn + "?a=%zz":      {ReasonCloudMap, "cannot be read"},
	} {
		_, err := r.Route(link, uri, &Request{Scheme: "http"})
		var failed *Error
		if !errors.As(err, &failed) || failed.Reason != want.reason || !strings.Contains(failed.Error(), want.says) {
			t.Errorf("%s: %v, want %s: %s", uri, err, want.reason, want.says)
		}
	}
}

// SRV records are instances, followed as DNS changes.
func TestRoute_cloudMapSrv(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		services, err := DeclareCloudMap([]DeclaredCloudMapService{{Arn: cloudMapServiceArn, Srv: "_http._tcp.orders.internal"}})
		if err != nil {
			t.Fatal(err)
		}
		var port atomic.Uint32
		port.Store(80)
		r := New(Options{Now: time.Now, Declared: Configuration{CloudMapServices: services}, Resolve: func(_ context.Context, name string) ([]*net.SRV, error) {
			if name != "_http._tcp.orders.internal" {
				t.Errorf("looked up %s", name)
			}
			return []*net.SRV{{Target: "a.internal.", Port: uint16(port.Load())}}, nil
		}})
		defer r.Close()
		r.Set(Configuration{VpcLinks: []VpcLink{{LinkId: link}}})
		for _, want := range []string{"a.internal:80", "a.internal:81"} {
			synctest.Wait()
			connection, err := r.Route(link, cloudMapServiceArn, &Request{Scheme: "http"})
			if err != nil || len(connection.Addresses) != 1 || connection.Addresses[0] != want {
				t.Fatalf("got %+v %v, want %s", connection, err, want)
			}
			port.Store(81)
			time.Sleep(resolveInterval)
		}
	})
}

func TestDeclareCloudMap_refuses(t *testing.T) {
	good := []DeclaredCloudMapInstance{{Address: "10.0.0.1:80"}}
	for want, list := range map[string][]DeclaredCloudMapService{
		"is not the ARN":           {{Arn: "srv-1", Instances: good}},
		"one Cloud Map service":    {{Arn: cloudMapServiceArn, Instances: good}, {Arn: cloudMapServiceArn, Instances: good}},
		"exactly one of instances": {{Arn: cloudMapServiceArn}},
		`"10.0.0.1" is not host`:   {{Arn: cloudMapServiceArn, Instances: []DeclaredCloudMapInstance{{Address: "10.0.0.1"}}}},
	} {
		if _, err := DeclareCloudMap(list); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
