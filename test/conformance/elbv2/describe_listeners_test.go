// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestDescribeListeners(t *testing.T) {
	f := newFixture(t)
	balancer, group, listener := f.web()
	f.listener(balancer.LoadBalancerArn, types.ProtocolEnumHttp, 79, group.TargetGroupArn)
	output, err := f.client.DescribeListeners(f.ctx, &elasticloadbalancingv2.DescribeListenersInput{LoadBalancerArn: balancer.LoadBalancerArn})
	got := must(t, output, err).Listeners
	is(t, "count", len(got), 2)
	is(t, "first port", *got[0].Port, 79)
	output, err = f.client.DescribeListeners(f.ctx, &elasticloadbalancingv2.DescribeListenersInput{ListenerArns: []string{*listener.ListenerArn}})
	is(t, "by ARN", *must(t, output, err).Listeners[0].Port, 80)
	_, err = f.client.DescribeListeners(f.ctx, &elasticloadbalancingv2.DescribeListenersInput{ListenerArns: []string{*listener.ListenerArn + "0"}})
	refused(t, err, "ListenerNotFound", messageNoPort)
	_, err = f.client.DescribeListeners(f.ctx, &elasticloadbalancingv2.DescribeListenersInput{LoadBalancerArn: aws.String(missingArn + "loadbalancer/net/x/1")})
	refused(t, err, "LoadBalancerNotFound", messageNoLoad)
}
