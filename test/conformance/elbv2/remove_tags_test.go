// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestRemoveTags(t *testing.T) {
	f := newFixture(t)
	output, err := f.client.CreateTargetGroup(f.ctx, &elasticloadbalancingv2.CreateTargetGroupInput{
		Name: aws.String("web"), Protocol: types.ProtocolEnumHttp, Port: aws.Int32(80), VpcId: aws.String("vpc-1"), TargetType: types.TargetTypeEnumIp,
		Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("b"), Value: aws.String("2")}},
	})
	arns := []string{*must(t, output, err).TargetGroups[0].TargetGroupArn}
	removed, err := f.client.RemoveTags(f.ctx, &elasticloadbalancingv2.RemoveTagsInput{ResourceArns: arns, TagKeys: []string{"a", "none"}})
	must(t, removed, err)
	described, err := f.client.DescribeTags(f.ctx, &elasticloadbalancingv2.DescribeTagsInput{ResourceArns: arns})
	got := must(t, described, err).TagDescriptions[0].Tags
	is(t, "tags left", len(got), 1)
	is(t, "tag left", *got[0].Key, "b")
}
