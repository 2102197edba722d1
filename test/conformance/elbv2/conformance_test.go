// Package elbv2 holds one file for each operation of Elastic Load Balancing (2015-12-01)
// that is served, and the stories that need a VPC link. See package conformance for where
// they run: a server of their own has both planes. They cannot run against AWS, as they
// name subnets and targets that are not there.
//
// A file's first line says how we know what it expects. Begin at newFixture.
package elbv2

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/smithy-go"

	"gatehouse/internal/apigw"
	restmodel "gatehouse/internal/awsapi/apigateway"
	model "gatehouse/internal/awsapi/elbv2"
	"gatehouse/internal/control/loadbalancers"
	"gatehouse/internal/control/restapis"
	"gatehouse/internal/dataplane"
	"gatehouse/internal/dataplane/restapi"
	"gatehouse/internal/integration"
	"gatehouse/internal/loadbalancer"
	"gatehouse/internal/publish"
	"gatehouse/internal/store/memory"
	"gatehouse/internal/throttle"
	"gatehouse/internal/wire"
	"gatehouse/test/conformance"
)

// both waits until both planes know.
type both []restapis.Publisher

func (b both) WaitFor(ctx context.Context, revision uint64) error {
	for _, one := range b {
		if err := one.WaitFor(ctx, revision); err != nil {
			return err
		}
	}
	return nil
}

// serve starts a server and returns its URL.
func serve(t *testing.T) string {
	t.Helper()
	if url := conformance.Target(); url != "" {
		return url
	}
	records, log := memory.New(), slog.New(slog.NewTextHandler(t.Output(), nil))
	router := loadbalancer.New(loadbalancer.Options{Now: time.Now, Random: mathrand.Uint64, Log: log})
	follower, publisher := loadbalancers.NewFollower(records, router, log), publish.New(records, log)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { follower.Run(ctx) })
	running.Go(func() { publisher.Run(ctx) })
	control := conformance.Handler(t,
		wire.Service{Schema: model.Schema(), Implementation: &loadbalancers.Service{Store: records, Targets: router, Follower: follower, Random: rand.Reader, Now: time.Now}},
		wire.Service{Schema: restmodel.Schema(), Implementation: &restapis.Service{
			Store: records, Publisher: both{publisher, follower}, Ids: apigw.Ids{Random: rand.Reader}, Now: time.Now, DeclaresLoadBalancer: router.Declares,
		}},
	)
	backends := integration.NewClient(apigw.PayloadSizeLimit, time.Now)
	data := &dataplane.Handler{Published: publisher.Table, Now: time.Now, Random: mathrand.Uint64, Rest: &restapi.Pipeline{
		Backends: backends, VpcLinks: router, Throttles: throttle.New(time.Now), Now: time.Now, Random: mathrand.Uint64,
	}}
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.Host, ".execute-api.") || strings.Contains(r.URL.Path, "/_user_request_/") {
			data.ServeHTTP(w, r)
			return
		}
		control.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		listener.Close()
		cancel()
		running.Wait()
		router.Close()
		backends.CloseIdleConnections()
	})
	return listener.URL
}

// fixture is a server with clients of both services.
type fixture struct {
	*testing.T
	ctx    context.Context
	url    string
	client *elasticloadbalancingv2.Client
	apis   *apigateway.Client
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	url := serve(t)
	to := conformance.ConfigOf(url)
	return &fixture{
		T: t, ctx: context.Background(), url: url,
		client: elasticloadbalancingv2.NewFromConfig(to), apis: apigateway.NewFromConfig(to),
	}
}

// must is a call's output when it must succeed.
func must[T any](t testing.TB, output T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return output
}

// refused checks an error's code and message.
func refused(t testing.TB, err error, code, message string) {
	t.Helper()
	var answered smithy.APIError
	if !errors.As(err, &answered) {
		t.Fatalf("got %v, want %s: %s", err, code, message)
	}
	if answered.ErrorCode() != code || answered.ErrorMessage() != message {
		t.Errorf("got  %s: %s\nwant %s: %s", answered.ErrorCode(), answered.ErrorMessage(), code, message)
	}
}

// is checks one value.
func is[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

const (
	validationCode = "ValidationError"
	missingArn     = "arn:aws:elasticloadbalancing:us-east-1:000000000000:"
	messageNoLoad  = "One or more load balancers not found"
	messageNoGroup = "One or more target groups not found"
	messageNoPort  = "One or more listeners not found"
	messageNoRule  = "One or more rules not found"
)

// loadBalancer makes one of a type; the tests name each but once.
func (f *fixture) loadBalancer(name string, kind types.LoadBalancerTypeEnum) types.LoadBalancer {
	f.Helper()
	output, err := f.client.CreateLoadBalancer(f.ctx, &elasticloadbalancingv2.CreateLoadBalancerInput{
		Name: &name, Type: kind, Scheme: types.LoadBalancerSchemeEnumInternal, Subnets: []string{"subnet-1", "subnet-2"},
	})
	return must(f.T, output, err).LoadBalancers[0]
}

// targetGroup makes one that checks as often as AWS allows.
func (f *fixture) targetGroup(name string, protocol types.ProtocolEnum) types.TargetGroup {
	f.Helper()
	output, err := f.client.CreateTargetGroup(f.ctx, &elasticloadbalancingv2.CreateTargetGroupInput{
		Name: &name, Protocol: protocol, Port: aws.Int32(80), VpcId: aws.String("vpc-1"), TargetType: types.TargetTypeEnumIp,
		HealthCheckIntervalSeconds: aws.Int32(5), HealthCheckTimeoutSeconds: aws.Int32(2), HealthyThresholdCount: aws.Int32(2),
	})
	return must(f.T, output, err).TargetGroups[0]
}

func forward(arn *string) []types.Action {
	return []types.Action{{Type: types.ActionTypeEnumForward, TargetGroupArn: arn}}
}

// listener makes one that forwards.
func (f *fixture) listener(loadBalancerArn *string, protocol types.ProtocolEnum, port int32, groupArn *string) types.Listener {
	f.Helper()
	output, err := f.client.CreateListener(f.ctx, &elasticloadbalancingv2.CreateListenerInput{
		LoadBalancerArn: loadBalancerArn, Protocol: protocol, Port: &port, DefaultActions: forward(groupArn),
	})
	return must(f.T, output, err).Listeners[0]
}

// web makes an application load balancer with a listener on port 80.
func (f *fixture) web() (types.LoadBalancer, types.TargetGroup, types.Listener) {
	f.Helper()
	balancer, group := f.loadBalancer("web", types.LoadBalancerTypeEnumApplication), f.targetGroup("web", types.ProtocolEnumHttp)
	return balancer, group, f.listener(balancer.LoadBalancerArn, types.ProtocolEnumHttp, 80, group.TargetGroupArn)
}

// rule adds a rule for a path.
func (f *fixture) rule(listenerArn *string, priority int32, path string) types.Rule {
	f.Helper()
	output, err := f.client.CreateRule(f.ctx, &elasticloadbalancingv2.CreateRuleInput{
		ListenerArn: listenerArn, Priority: &priority, Conditions: []types.RuleCondition{{Field: aws.String("path-pattern"), Values: []string{path}}},
		Actions: []types.Action{{Type: types.ActionTypeEnumFixedResponse, FixedResponseConfig: &types.FixedResponseActionConfig{StatusCode: aws.String("200")}}},
	})
	return must(f.T, output, err).Rules[0]
}

// backend is an HTTP server as a target.
func (f *fixture) backend(handler http.HandlerFunc) (*httptest.Server, types.TargetDescription) {
	f.Helper()
	server := httptest.NewServer(handler)
	f.Cleanup(server.Close)
	return server, f.target(server.Listener.Addr().String())
}

func (f *fixture) target(address string) types.TargetDescription {
	f.Helper()
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		f.Fatal(err)
	}
	port, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		f.Fatal(err)
	}
	return types.TargetDescription{Id: &host, Port: aws.Int32(int32(port))}
}

func (f *fixture) register(groupArn *string, targets ...types.TargetDescription) {
	f.Helper()
	output, err := f.client.RegisterTargets(f.ctx, &elasticloadbalancingv2.RegisterTargetsInput{TargetGroupArn: groupArn, Targets: targets})
	must(f.T, output, err)
}

// health is how the targets of a group are.
func (f *fixture) health(groupArn *string) []types.TargetHealthDescription {
	f.Helper()
	output, err := f.client.DescribeTargetHealth(f.ctx, &elasticloadbalancingv2.DescribeTargetHealthInput{TargetGroupArn: groupArn})
	return must(f.T, output, err).TargetHealthDescriptions
}

// awaitHealth waits until all targets of a group are in a state.
func (f *fixture) awaitHealth(groupArn *string, state types.TargetHealthStateEnum) {
	f.Helper()
	var got []types.TargetHealthDescription
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		got = f.health(groupArn)
		all := len(got) > 0
		for _, one := range got {
			all = all && one.TargetHealth.State == state
		}
		if all {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	f.Fatalf("the targets are not %s: %+v", state, got)
}

func deleteInput(loadBalancerArn *string) *elasticloadbalancingv2.DeleteLoadBalancerInput {
	return &elasticloadbalancingv2.DeleteLoadBalancerInput{LoadBalancerArn: loadBalancerArn}
}
