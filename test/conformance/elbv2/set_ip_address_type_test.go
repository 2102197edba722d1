// Known from: elbv2's model; the text of the refusal is unconfirmed.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestSetIpAddressType(t *testing.T) {
	f := newFixture(t)
	balancer, network := f.loadBalancer("a", types.LoadBalancerTypeEnumApplication), f.loadBalancer("n", types.LoadBalancerTypeEnumNetwork)
	output, err := f.client.SetIpAddressType(f.ctx, &elasticloadbalancingv2.SetIpAddressTypeInput{LoadBalancerArn: balancer.LoadBalancerArn, IpAddressType: types.IpAddressTypeDualstack})
	is(t, "type", must(t, output, err).IpAddressType, types.IpAddressTypeDualstack)
	described, err := f.client.DescribeLoadBalancers(f.ctx, &elasticloadbalancingv2.DescribeLoadBalancersInput{Names: []string{"a"}})
	is(t, "type described", must(t, described, err).LoadBalancers[0].IpAddressType, types.IpAddressTypeDualstack)
	_, err = f.client.SetIpAddressType(f.ctx, &elasticloadbalancingv2.SetIpAddressTypeInput{LoadBalancerArn: network.LoadBalancerArn, IpAddressType: types.IpAddressTypeDualstackWithoutPublicIpv4})
	refused(t, err, "InvalidConfigurationRequest", "The IP address type 'dualstack-without-public-ipv4' is only valid for internet-facing application load balancers")
	_, err = f.client.SetIpAddressType(f.ctx, &elasticloadbalancingv2.SetIpAddressTypeInput{LoadBalancerArn: aws.String(missingArn + "loadbalancer/app/x/1"), IpAddressType: types.IpAddressTypeIpv4})
	refused(t, err, "LoadBalancerNotFound", messageNoLoad)
}
