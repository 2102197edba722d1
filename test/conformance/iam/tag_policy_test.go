// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

func TestTagPolicy_replaces(t *testing.T) {
	f := newFixture(t)
	policy := f.policy()
	for _, value := range []string{"one", "two"} {
		_, err := f.client.TagPolicy(f.ctx, &iam.TagPolicyInput{PolicyArn: policy.Arn, Tags: []types.Tag{{Key: aws.String("stage"), Value: &value}}})
		must(t, 0, err)
	}
	out, err := f.client.ListPolicyTags(f.ctx, &iam.ListPolicyTagsInput{PolicyArn: policy.Arn})
	if tags := must(t, out, err).Tags; len(tags) != 1 || *tags[0].Value != "two" {
		t.Errorf("got %v", tags)
	}
	_, err = f.client.TagPolicy(f.ctx, &iam.TagPolicyInput{PolicyArn: policy.Arn, Tags: []types.Tag{{Key: aws.String("aws:x"), Value: aws.String("1")}}})
	wantError(t, err, "InvalidInput", "")
}
