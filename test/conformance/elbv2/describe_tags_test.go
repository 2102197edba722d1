// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestDescribeTags(t *testing.T) {
	f := newFixture(t)
	balancer := f.loadBalancer("a", types.LoadBalancerTypeEnumNetwork)
	output, err := f.client.DescribeTags(f.ctx, &elasticloadbalancingv2.DescribeTagsInput{ResourceArns: []string{*balancer.LoadBalancerArn}})
	got := must(t, output, err).TagDescriptions
	is(t, "descriptions", len(got), 1)
	is(t, "tags", len(got[0].Tags), 0)
	_, err = f.client.DescribeTags(f.ctx, &elasticloadbalancingv2.DescribeTagsInput{ResourceArns: []string{missingArn + "targetgroup/x/1"}})
	refused(t, err, "TargetGroupNotFound", messageNoGroup)
	_, err = f.client.DescribeTags(f.ctx, &elasticloadbalancingv2.DescribeTagsInput{ResourceArns: []string{"x"}})
	refused(t, err, validationCode, "'x' is not a valid resource ARN")
}
