// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestDescribeLoadBalancerAttributes(t *testing.T) {
	f := newFixture(t)
	for kind, want := range map[types.LoadBalancerTypeEnum]string{types.LoadBalancerTypeEnumApplication: "idle_timeout.timeout_seconds=60", types.LoadBalancerTypeEnumNetwork: "load_balancing.cross_zone.enabled=false"} {
		balancer := f.loadBalancer(string(kind), kind)
		output, err := f.client.DescribeLoadBalancerAttributes(f.ctx, &elasticloadbalancingv2.DescribeLoadBalancerAttributesInput{LoadBalancerArn: balancer.LoadBalancerArn})
		got := must(t, output, err).Attributes
		if !slices.ContainsFunc(got, func(a types.LoadBalancerAttribute) bool { return *a.Key+"="+*a.Value == want }) {
			t.Errorf("%s has no %s among %d attributes", kind, want, len(got))
		}
	}
}
