// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

func TestUntagPolicy_removes(t *testing.T) {
	f := newFixture(t)
	policy := f.policy()
	_, err := f.client.TagPolicy(f.ctx, &iam.TagPolicyInput{PolicyArn: policy.Arn, Tags: []types.Tag{
		{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("b"), Value: aws.String("2")},
	}})
	must(t, 0, err)
	_, err = f.client.UntagPolicy(f.ctx, &iam.UntagPolicyInput{PolicyArn: policy.Arn, TagKeys: []string{"a", "none"}})
	must(t, 0, err)
	out, err := f.client.ListPolicyTags(f.ctx, &iam.ListPolicyTagsInput{PolicyArn: policy.Arn})
	if tags := must(t, out, err).Tags; len(tags) != 1 || *tags[0].Key != "b" {
		t.Errorf("got %v", tags)
	}
}
