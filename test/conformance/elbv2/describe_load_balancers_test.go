// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestDescribeLoadBalancers(t *testing.T) {
	f := newFixture(t)
	first, second := f.loadBalancer("a", types.LoadBalancerTypeEnumNetwork), f.loadBalancer("b", types.LoadBalancerTypeEnumNetwork)
	output, err := f.client.DescribeLoadBalancers(f.ctx, &elasticloadbalancingv2.DescribeLoadBalancersInput{LoadBalancerArns: []string{*first.LoadBalancerArn}})
	got := must(t, output, err)
	is(t, "count", len(got.LoadBalancers), 1)
	is(t, "state", got.LoadBalancers[0].State.Code, types.LoadBalancerStateEnumActive)
	output, err = f.client.DescribeLoadBalancers(f.ctx, &elasticloadbalancingv2.DescribeLoadBalancersInput{Names: []string{"b"}})
	is(t, "by name", *must(t, output, err).LoadBalancers[0].LoadBalancerArn, *second.LoadBalancerArn)
	pages := elasticloadbalancingv2.NewDescribeLoadBalancersPaginator(f.client, &elasticloadbalancingv2.DescribeLoadBalancersInput{PageSize: aws.Int32(1)})
	count := 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(f.ctx)
		count += len(must(t, page, err).LoadBalancers)
	}
	is(t, "over all pages", count, 2)
}

// The SDK's waiter is satisfied at once.
func TestDescribeLoadBalancers_waiter(t *testing.T) {
	f := newFixture(t)
	f.loadBalancer("a", types.LoadBalancerTypeEnumNetwork)
	waiter := elasticloadbalancingv2.NewLoadBalancerAvailableWaiter(f.client)
	if err := waiter.Wait(f.ctx, &elasticloadbalancingv2.DescribeLoadBalancersInput{Names: []string{"a"}}, 5*time.Second); err != nil {
		t.Error(err)
	}
}

func TestDescribeLoadBalancers_refuses(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.DescribeLoadBalancers(f.ctx, &elasticloadbalancingv2.DescribeLoadBalancersInput{LoadBalancerArns: []string{missingArn + "loadbalancer/net/x/1"}})
	refused(t, err, "LoadBalancerNotFound", messageNoLoad)
	_, err = f.client.DescribeLoadBalancers(f.ctx, &elasticloadbalancingv2.DescribeLoadBalancersInput{Names: []string{"x"}})
	refused(t, err, "LoadBalancerNotFound", "Load balancers '[x]' not found")
	_, err = f.client.DescribeLoadBalancers(f.ctx, &elasticloadbalancingv2.DescribeLoadBalancersInput{LoadBalancerArns: []string{"x"}})
	refused(t, err, validationCode, "'x' is not a valid load balancer ARN")
}
