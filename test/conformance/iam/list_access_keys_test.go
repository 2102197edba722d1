// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

func TestListAccessKeys_withoutSecrets(t *testing.T) {
	f := newFixture(t)
	user := f.user()
	key := f.accessKey(user)
	out, err := f.client.ListAccessKeys(f.ctx, &iam.ListAccessKeysInput{UserName: user.UserName})
	keys := must(t, out, err).AccessKeyMetadata
	if len(keys) != 1 || *keys[0].AccessKeyId != *key.AccessKeyId || keys[0].Status != types.StatusTypeActive || keys[0].CreateDate == nil {
		t.Errorf("got %v", keys)
	}
}
