// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"gatehouse/test/conformance"
)

func TestAddUserToGroup_missing(t *testing.T) {
	f := newFixture(t)
	user, group := f.user(), f.group()
	missing := name("missing")
	_, err := f.client.AddUserToGroup(f.ctx, &iam.AddUserToGroupInput{UserName: missing, GroupName: group.GroupName})
	wantError(t, err, "NoSuchEntity", noSuchUser(missing))
	_, err = f.client.AddUserToGroup(f.ctx, &iam.AddUserToGroupInput{UserName: user.UserName, GroupName: missing})
	wantError(t, err, "NoSuchEntity", noSuchGroup(missing))
	for range 2 { // twice is no error
		_, err = f.client.AddUserToGroup(f.ctx, &iam.AddUserToGroupInput{UserName: user.UserName, GroupName: group.GroupName})
		must(t, 0, err)
	}
}

func TestAddUserToGroup_quota(t *testing.T) {
	conformance.OwnServer(t)
	f := newFixture(t)
	user := f.user()
	for i := range 11 {
		_, err := f.client.AddUserToGroup(f.ctx, &iam.AddUserToGroupInput{UserName: user.UserName, GroupName: f.group().GroupName})
		if i < 10 {
			must(t, 0, err)
		} else {
			wantError(t, err, "LimitExceeded", "Cannot exceed quota for GroupsPerUser: 10")
		}
	}
}
