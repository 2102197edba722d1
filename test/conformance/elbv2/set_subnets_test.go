// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestSetSubnets(t *testing.T) {
	f := newFixture(t)
	balancer := f.loadBalancer("a", types.LoadBalancerTypeEnumApplication)
	output, err := f.client.SetSubnets(f.ctx, &elasticloadbalancingv2.SetSubnetsInput{LoadBalancerArn: balancer.LoadBalancerArn, Subnets: []string{"subnet-3", "subnet-4", "subnet-5"}})
	got := must(t, output, err)
	is(t, "zones", len(got.AvailabilityZones), 3)
	is(t, "subnet", *got.AvailabilityZones[2].SubnetId, "subnet-5")
	_, err = f.client.SetSubnets(f.ctx, &elasticloadbalancingv2.SetSubnetsInput{LoadBalancerArn: balancer.LoadBalancerArn, Subnets: []string{"subnet-3"}})
	refused(t, err, validationCode, "At least two subnets in two different Availability Zones must be specified")
}
