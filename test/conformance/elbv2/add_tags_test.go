// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestAddTags(t *testing.T) {
	f := newFixture(t)
	balancer, group, listener := f.web()
	rule := f.rule(listener.ListenerArn, 1, "/a")
	arns := []string{*balancer.LoadBalancerArn, *group.TargetGroupArn, *listener.ListenerArn, *rule.RuleArn}
	output, err := f.client.AddTags(f.ctx, &elasticloadbalancingv2.AddTagsInput{ResourceArns: arns, Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}})
	must(t, output, err)
	described, err := f.client.DescribeTags(f.ctx, &elasticloadbalancingv2.DescribeTagsInput{ResourceArns: arns})
	for i, got := range must(t, described, err).TagDescriptions {
		is(t, "resource", *got.ResourceArn, arns[i])
		is(t, "tag", *got.Tags[0].Key+"="+*got.Tags[0].Value, "k=v")
	}
	_, err = f.client.AddTags(f.ctx, &elasticloadbalancingv2.AddTagsInput{ResourceArns: []string{missingArn + "loadbalancer/net/x/1"}, Tags: []types.Tag{{Key: aws.String("k")}}})
	refused(t, err, "LoadBalancerNotFound", messageNoLoad)
}
