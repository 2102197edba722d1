// Known from: elbv2's model and AWS's quota tables.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
)

func TestDescribeAccountLimits(t *testing.T) {
	f := newFixture(t)
	output, err := f.client.DescribeAccountLimits(f.ctx, &elasticloadbalancingv2.DescribeAccountLimitsInput{})
	limits := map[string]string{}
	for _, limit := range must(t, output, err).Limits {
		limits[*limit.Name] = *limit.Max
	}
	is(t, "network load balancers", limits["network-load-balancers"], "50")
	is(t, "target groups", limits["target-groups"], "3000")
	is(t, "rules", limits["rules-per-application-load-balancer"], "100")
}
