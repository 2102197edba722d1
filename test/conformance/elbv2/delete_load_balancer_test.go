// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestDeleteLoadBalancer(t *testing.T) {
	f := newFixture(t)
	balancer, group, listener := f.web()
	for range 2 { // the second time it is gone already, which is no error
		output, err := f.client.DeleteLoadBalancer(f.ctx, &elasticloadbalancingv2.DeleteLoadBalancerInput{LoadBalancerArn: balancer.LoadBalancerArn})
		must(t, output, err)
	}
	_, err := f.client.DescribeListeners(f.ctx, &elasticloadbalancingv2.DescribeListenersInput{ListenerArns: []string{*listener.ListenerArn}})
	refused(t, err, "ListenerNotFound", messageNoPort)
	output, err := f.client.DescribeTargetGroups(f.ctx, &elasticloadbalancingv2.DescribeTargetGroupsInput{TargetGroupArns: []string{*group.TargetGroupArn}})
	is(t, "load balancers of the group", len(must(t, output, err).TargetGroups[0].LoadBalancerArns), 0)
}

func TestDeleteLoadBalancer_protected(t *testing.T) {
	f := newFixture(t)
	balancer := f.loadBalancer("a", types.LoadBalancerTypeEnumNetwork)
	output, err := f.client.ModifyLoadBalancerAttributes(f.ctx, &elasticloadbalancingv2.ModifyLoadBalancerAttributesInput{
		LoadBalancerArn: balancer.LoadBalancerArn, Attributes: []types.LoadBalancerAttribute{{Key: aws.String("deletion_protection.enabled"), Value: aws.String("true")}},
	})
	must(t, output, err)
	_, err = f.client.DeleteLoadBalancer(f.ctx, &elasticloadbalancingv2.DeleteLoadBalancerInput{LoadBalancerArn: balancer.LoadBalancerArn})
	refused(t, err, "OperationNotPermitted", "Load balancer '"+*balancer.LoadBalancerArn+"' cannot be deleted because deletion protection is enabled")
}
