// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

func TestListPolicyTags_pages(t *testing.T) {
	f := newFixture(t)
	policy := f.policy()
	_, err := f.client.TagPolicy(f.ctx, &iam.TagPolicyInput{PolicyArn: policy.Arn, Tags: []types.Tag{
		{Key: aws.String("b"), Value: aws.String("2")}, {Key: aws.String("a"), Value: aws.String("1")},
	}})
	must(t, 0, err)
	out, err := f.client.ListPolicyTags(f.ctx, &iam.ListPolicyTagsInput{PolicyArn: policy.Arn, MaxItems: aws.Int32(1)})
	if must(t, out, err); len(out.Tags) != 1 || !out.IsTruncated || out.Marker == nil {
		t.Fatalf("got %v, truncated %v", out.Tags, out.IsTruncated)
	}
	out, err = f.client.ListPolicyTags(f.ctx, &iam.ListPolicyTagsInput{PolicyArn: policy.Arn, Marker: out.Marker})
	if must(t, out, err); len(out.Tags) != 1 || out.IsTruncated {
		t.Errorf("got %v, truncated %v", out.Tags, out.IsTruncated)
	}
}
