// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

func TestUntagUser_removes(t *testing.T) {
	f := newFixture(t)
	user := f.user()
	_, err := f.client.TagUser(f.ctx, &iam.TagUserInput{UserName: user.UserName, Tags: []types.Tag{
		{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("b"), Value: aws.String("2")},
	}})
	must(t, 0, err)
	_, err = f.client.UntagUser(f.ctx, &iam.UntagUserInput{UserName: user.UserName, TagKeys: []string{"a", "none"}})
	must(t, 0, err)
	out, err := f.client.ListUserTags(f.ctx, &iam.ListUserTagsInput{UserName: user.UserName})
	if tags := must(t, out, err).Tags; len(tags) != 1 || *tags[0].Key != "b" {
		t.Errorf("got %v", tags)
	}
}
