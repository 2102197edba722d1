// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestDeleteAccessKey_ends(t *testing.T) {
	f := newFixture(t)
	user, other := f.user(), f.user()
	key := f.accessKey(user)
	_, err := f.client.DeleteAccessKey(f.ctx, &iam.DeleteAccessKeyInput{UserName: other.UserName, AccessKeyId: key.AccessKeyId})
	wantError(t, err, "NoSuchEntity", "The Access Key with id "+*key.AccessKeyId+" cannot be found.")
	_, err = f.client.DeleteAccessKey(f.ctx, &iam.DeleteAccessKeyInput{UserName: user.UserName, AccessKeyId: key.AccessKeyId})
	must(t, 0, err)
	out, err := f.client.ListAccessKeys(f.ctx, &iam.ListAccessKeysInput{UserName: user.UserName})
	if keys := must(t, out, err).AccessKeyMetadata; len(keys) != 0 {
		t.Errorf("got %v", keys)
	}
}
