// Known from: elbv2's model; what AWS answers without a reservation is unconfirmed.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestDescribeCapacityReservation(t *testing.T) {
	f := newFixture(t)
	balancer := f.loadBalancer("a", types.LoadBalancerTypeEnumApplication)
	output, err := f.client.DescribeCapacityReservation(f.ctx, &elasticloadbalancingv2.DescribeCapacityReservationInput{LoadBalancerArn: balancer.LoadBalancerArn})
	if must(t, output, err).MinimumLoadBalancerCapacity != nil {
		t.Errorf("got %+v", output)
	}
	_, err = f.client.DescribeCapacityReservation(f.ctx, &elasticloadbalancingv2.DescribeCapacityReservationInput{LoadBalancerArn: aws.String(missingArn + "loadbalancer/app/x/1")})
	refused(t, err, "LoadBalancerNotFound", messageNoLoad)
}
