// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestDescribeTargetGroups(t *testing.T) {
	f := newFixture(t)
	balancer, group, _ := f.web()
	f.targetGroup("other", types.ProtocolEnumHttp)
	output, err := f.client.DescribeTargetGroups(f.ctx, &elasticloadbalancingv2.DescribeTargetGroupsInput{LoadBalancerArn: balancer.LoadBalancerArn})
	got := must(t, output, err).TargetGroups
	is(t, "groups of the load balancer", len(got), 1)
	is(t, "its load balancer", got[0].LoadBalancerArns[0], *balancer.LoadBalancerArn)
	output, err = f.client.DescribeTargetGroups(f.ctx, &elasticloadbalancingv2.DescribeTargetGroupsInput{Names: []string{"web"}})
	is(t, "by name", *must(t, output, err).TargetGroups[0].TargetGroupArn, *group.TargetGroupArn)
	output, err = f.client.DescribeTargetGroups(f.ctx, &elasticloadbalancingv2.DescribeTargetGroupsInput{})
	is(t, "all", len(must(t, output, err).TargetGroups), 2)
	_, err = f.client.DescribeTargetGroups(f.ctx, &elasticloadbalancingv2.DescribeTargetGroupsInput{Names: []string{"none"}})
	refused(t, err, "TargetGroupNotFound", messageNoGroup)
	_, err = f.client.DescribeTargetGroups(f.ctx, &elasticloadbalancingv2.DescribeTargetGroupsInput{TargetGroupArns: []string{"x"}})
	refused(t, err, validationCode, "'x' is not a valid target group ARN")
}
