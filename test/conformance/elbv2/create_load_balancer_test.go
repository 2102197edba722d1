// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestCreateLoadBalancer(t *testing.T) {
	f := newFixture(t)
	got := f.loadBalancer("orders", types.LoadBalancerTypeEnumNetwork)
	is(t, "state", got.State.Code, types.LoadBalancerStateEnumProvisioning)
	is(t, "type", got.Type, types.LoadBalancerTypeEnumNetwork)
	is(t, "scheme", got.Scheme, types.LoadBalancerSchemeEnumInternal)
	is(t, "zones", len(got.AvailabilityZones), 2)
	is(t, "hosted zone", aws.ToString(got.CanonicalHostedZoneId), "Z26RNL4JYFTOTI")
	id, ok := strings.CutPrefix(*got.LoadBalancerArn, missingArn+"loadbalancer/net/orders/")
	if !ok || len(id) != 16 || *got.DNSName != "orders-"+id+".elb.us-east-1.amazonaws.com" {
		t.Errorf("ARN %s, DNS name %s", *got.LoadBalancerArn, *got.DNSName)
	}
	again := f.loadBalancer("orders", types.LoadBalancerTypeEnumNetwork)
	is(t, "ARN of the same again", *again.LoadBalancerArn, *got.LoadBalancerArn)
	web := f.loadBalancer("web", types.LoadBalancerTypeEnumApplication)
	if !strings.HasPrefix(*web.DNSName, "internal-web-") || !strings.HasSuffix(*web.DNSName, ".us-east-1.elb.amazonaws.com") {
		t.Errorf("DNS name %s", *web.DNSName)
	}
}

// The texts of names and of Gatehouse's own refusals are unconfirmed.
func TestCreateLoadBalancer_refuses(t *testing.T) {
	f := newFixture(t)
	f.loadBalancer("orders", types.LoadBalancerTypeEnumNetwork)
	two := []string{"subnet-1", "subnet-2"}
	for _, row := range []struct {
		in            elasticloadbalancingv2.CreateLoadBalancerInput
		code, message string
	}{
		{elasticloadbalancingv2.CreateLoadBalancerInput{Name: aws.String("orders"), Subnets: two}, "DuplicateLoadBalancerName", "A load balancer with the same name 'orders' exists, but with different settings"},
		{elasticloadbalancingv2.CreateLoadBalancerInput{Name: aws.String("one"), Subnets: two[:1]}, validationCode, "At least two subnets in two different Availability Zones must be specified"},
		{elasticloadbalancingv2.CreateLoadBalancerInput{Name: aws.String("a_b"), Subnets: two}, validationCode, "Load balancer name 'a_b' can only contain characters that are alphanumeric characters and hyphens(-)"},
		{elasticloadbalancingv2.CreateLoadBalancerInput{Name: aws.String("a"), Subnets: two, Type: types.LoadBalancerTypeEnumGateway}, validationCode, "Gatehouse does not support Type gateway of LoadBalancer yet: VPC links lead to network and application load balancers"},
		{elasticloadbalancingv2.CreateLoadBalancerInput{Name: aws.String("a"), Subnets: two, Tags: []types.Tag{{Key: aws.String("k")}, {Key: aws.String("k")}}}, "DuplicateTagKeys", "Duplicate tag keys found in request: [k]"},
		{elasticloadbalancingv2.CreateLoadBalancerInput{Name: aws.String("a"), Subnets: []string{"x", "y"}}, "InvalidSubnet", "The subnet ID 'x' is not valid"},
	} {
		_, err := f.client.CreateLoadBalancer(f.ctx, &row.in)
		refused(t, err, row.code, row.message)
	}
}
