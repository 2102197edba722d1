// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"gatehouse/test/conformance"
)

func TestUpdateAccessKey_inactive(t *testing.T) {
	conformance.OwnServer(t)
	f := newFixture(t)
	user := f.user()
	key := f.accessKey(user)
	own := f.server.Sts(t, credentials.NewStaticCredentialsProvider(*key.AccessKeyId, *key.SecretAccessKey, ""))
	set := func(status types.StatusType) {
		_, err := f.client.UpdateAccessKey(f.ctx, &iam.UpdateAccessKeyInput{UserName: user.UserName, AccessKeyId: key.AccessKeyId, Status: status})
		must(t, 0, err)
	}
	set(types.StatusTypeInactive)
	_, err := own.GetCallerIdentity(f.ctx, nil)
	wantError(t, err, "InvalidClientTokenId", "The security token included in the request is invalid.")
	set(types.StatusTypeActive)
	_, err = own.GetCallerIdentity(f.ctx, nil)
	must(t, 0, err)
}

func TestUpdateAccessKey_missing(t *testing.T) {
	f := newFixture(t)
	user, id := f.user(), "AKIA0000000000000000"
	_, err := f.client.UpdateAccessKey(f.ctx, &iam.UpdateAccessKeyInput{UserName: user.UserName, AccessKeyId: &id, Status: types.StatusTypeInactive})
	wantError(t, err, "NoSuchEntity", "The Access Key with id "+id+" cannot be found.")
}
