// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
)

func TestDeleteTargetGroup(t *testing.T) {
	f := newFixture(t)
	_, group, listener := f.web()
	_, err := f.client.DeleteTargetGroup(f.ctx, &elasticloadbalancingv2.DeleteTargetGroupInput{TargetGroupArn: group.TargetGroupArn})
	refused(t, err, "ResourceInUse", "Target group '"+*group.TargetGroupArn+"' is currently in use by a listener or a rule")
	deleted, err := f.client.DeleteListener(f.ctx, &elasticloadbalancingv2.DeleteListenerInput{ListenerArn: listener.ListenerArn})
	must(t, deleted, err)
	output, err := f.client.DeleteTargetGroup(f.ctx, &elasticloadbalancingv2.DeleteTargetGroupInput{TargetGroupArn: group.TargetGroupArn})
	must(t, output, err)
	_, err = f.client.DescribeTargetHealth(f.ctx, &elasticloadbalancingv2.DescribeTargetHealthInput{TargetGroupArn: group.TargetGroupArn})
	refused(t, err, "TargetGroupNotFound", messageNoGroup)
}
