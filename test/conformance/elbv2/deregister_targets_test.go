// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestDeregisterTargets(t *testing.T) {
	f := newFixture(t)
	_, group, listener := f.web()
	_, target := f.backend(func(http.ResponseWriter, *http.Request) {})
	f.register(group.TargetGroupArn, target)
	f.awaitHealth(group.TargetGroupArn, types.TargetHealthStateEnumHealthy)
	deregister := func() {
		t.Helper()
		output, err := f.client.DeregisterTargets(f.ctx, &elasticloadbalancingv2.DeregisterTargetsInput{TargetGroupArn: group.TargetGroupArn, Targets: []types.TargetDescription{target}})
		must(t, output, err)
	}
	deregister()
	got := f.health(group.TargetGroupArn)[0].TargetHealth
	is(t, "state", got.State, types.TargetHealthStateEnumDraining)
	is(t, "reason", got.Reason, types.TargetHealthReasonEnumDeregistrationInProgress)
	f.register(group.TargetGroupArn, target) // it serves again
	f.awaitHealth(group.TargetGroupArn, types.TargetHealthStateEnumHealthy)
	deleted, err := f.client.DeleteListener(f.ctx, &elasticloadbalancingv2.DeleteListenerInput{ListenerArn: listener.ListenerArn})
	must(t, deleted, err)
	deregister() // which takes no time without a listener
	is(t, "targets left", len(f.health(group.TargetGroupArn)), 0)
	deregister() // what is not there is no error
}
