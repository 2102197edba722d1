// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestSetSecurityGroups(t *testing.T) {
	f := newFixture(t)
	balancer := f.loadBalancer("a", types.LoadBalancerTypeEnumApplication)
	output, err := f.client.SetSecurityGroups(f.ctx, &elasticloadbalancingv2.SetSecurityGroupsInput{LoadBalancerArn: balancer.LoadBalancerArn, SecurityGroups: []string{"sg-1"}})
	is(t, "group", must(t, output, err).SecurityGroupIds[0], "sg-1")
	described, err := f.client.DescribeLoadBalancers(f.ctx, &elasticloadbalancingv2.DescribeLoadBalancersInput{})
	is(t, "group described", must(t, described, err).LoadBalancers[0].SecurityGroups[0], "sg-1")
	_, err = f.client.SetSecurityGroups(f.ctx, &elasticloadbalancingv2.SetSecurityGroupsInput{LoadBalancerArn: aws.String(missingArn + "loadbalancer/app/x/1"), SecurityGroups: []string{"sg-1"}})
	refused(t, err, "LoadBalancerNotFound", messageNoLoad)
}
