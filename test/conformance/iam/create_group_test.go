// Known from: the service model; messages as in public reports.

package iam

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestCreateGroup_shape(t *testing.T) {
	f := newFixture(t)
	group := f.group()
	if !strings.HasPrefix(*group.GroupId, "AGPA") || !strings.HasSuffix(*group.Arn, ":group/"+*group.GroupName) || *group.Path != "/" {
		t.Errorf("got %s %s %s", *group.GroupId, *group.Arn, *group.Path)
	}
	_, err := f.client.CreateGroup(f.ctx, &iam.CreateGroupInput{GroupName: group.GroupName})
	wantError(t, err, "EntityAlreadyExists", "Group with name "+*group.GroupName+" already exists.")
}
