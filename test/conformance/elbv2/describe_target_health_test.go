// Known from: elbv2's model; descriptions observed.

package elbv2

import (
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestDescribeTargetHealth(t *testing.T) {
	f := newFixture(t)
	_, group, _ := f.web()
	_, good := f.backend(func(http.ResponseWriter, *http.Request) {})
	_, bad := f.backend(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	f.register(group.TargetGroupArn, good)
	f.awaitHealth(group.TargetGroupArn, types.TargetHealthStateEnumHealthy)
	f.register(group.TargetGroupArn, bad)
	got := f.health(group.TargetGroupArn)
	is(t, "the first", got[0].TargetHealth.State, types.TargetHealthStateEnumHealthy)
	is(t, "the second", got[1].TargetHealth.State, types.TargetHealthStateEnumInitial)
	is(t, "its reason", got[1].TargetHealth.Reason, types.TargetHealthReasonEnumInitialHealthChecking)
	missing := types.TargetDescription{Id: aws.String("10.0.0.9")}
	output, err := f.client.DescribeTargetHealth(f.ctx, &elasticloadbalancingv2.DescribeTargetHealthInput{TargetGroupArn: group.TargetGroupArn, Targets: []types.TargetDescription{missing, good}})
	asked := must(t, output, err).TargetHealthDescriptions
	is(t, "one that is not registered", asked[0].TargetHealth.Reason, types.TargetHealthReasonEnumNotRegistered)
	is(t, "one that is", asked[1].TargetHealth.State, types.TargetHealthStateEnumHealthy)
}

func TestDescribeTargetHealth_unhealthy(t *testing.T) {
	f := newFixture(t)
	_, group, _ := f.web()
	_, bad := f.backend(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	f.register(group.TargetGroupArn, bad)
	f.awaitHealth(group.TargetGroupArn, types.TargetHealthStateEnumUnhealthy) // after the second check, in 5 s
	got := f.health(group.TargetGroupArn)[0].TargetHealth
	is(t, "reason", got.Reason, types.TargetHealthReasonEnumResponseCodeMismatch)
	is(t, "description", *got.Description, "Health checks failed with these codes: [503]")
}

func TestDescribeTargetHealth_unused(t *testing.T) {
	f := newFixture(t)
	group := f.targetGroup("web", types.ProtocolEnumHttp)
	f.register(group.TargetGroupArn, types.TargetDescription{Id: aws.String("10.0.0.1")})
	got := f.health(group.TargetGroupArn)[0].TargetHealth
	is(t, "state", got.State, types.TargetHealthStateEnumUnused)
	is(t, "reason", got.Reason, types.TargetHealthReasonEnumNotInUse)
	is(t, "description", *got.Description, "Target group is not configured to receive traffic from the load balancer")
}
