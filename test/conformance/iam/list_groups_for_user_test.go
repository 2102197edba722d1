// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestListGroupsForUser_one(t *testing.T) {
	f := newFixture(t)
	user, group := f.user(), f.group()
	_, err := f.client.AddUserToGroup(f.ctx, &iam.AddUserToGroupInput{UserName: user.UserName, GroupName: group.GroupName})
	must(t, 0, err)
	out, err := f.client.ListGroupsForUser(f.ctx, &iam.ListGroupsForUserInput{UserName: user.UserName})
	if groups := must(t, out, err).Groups; len(groups) != 1 || *groups[0].Arn != *group.Arn {
		t.Errorf("got %v", groups)
	}
	_, err = f.client.ListGroupsForUser(f.ctx, &iam.ListGroupsForUserInput{UserName: aws.String("no-such-user")})
	wantError(t, err, "NoSuchEntity", "The user with name no-such-user cannot be found.")
}
