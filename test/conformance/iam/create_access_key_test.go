// Known from: the service model; messages as in public reports.

package iam

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"gatehouse/internal/store"
	"gatehouse/test/conformance"
)

func TestCreateAccessKey_works(t *testing.T) {
	conformance.OwnServer(t)
	f := newFixture(t)
	user := f.user()
	key := f.accessKey(user)
	if !strings.HasPrefix(*key.AccessKeyId, "AKIA") || len(*key.AccessKeyId) != 20 || len(*key.SecretAccessKey) != 40 || key.Status != types.StatusTypeActive {
		t.Errorf("got %s, a secret of %d, %s", *key.AccessKeyId, len(*key.SecretAccessKey), key.Status)
	}
	who, err := f.server.Sts(t, credentials.NewStaticCredentialsProvider(*key.AccessKeyId, *key.SecretAccessKey, "")).GetCallerIdentity(f.ctx, nil)
	if must(t, who, err); *who.Arn != *user.Arn || *who.UserId != *user.UserId {
		t.Errorf("the key is of %s", *who.Arn)
	}
}

func TestCreateAccessKey_secretIsKeptSealed(t *testing.T) {
	conformance.OwnServer(t)
	f := newFixture(t)
	key := f.accessKey(f.user())
	for record := range f.server.Store.View().List(store.Key{}) {
		if strings.Contains(string(record.Value), *key.SecretAccessKey) {
			t.Errorf("record %s holds the secret", record.Key)
		}
	}
	if strings.Contains(f.server.Log.String(), *key.SecretAccessKey) {
		t.Error("the log holds the secret")
	}
}

func TestCreateAccessKey_quota(t *testing.T) {
	f := newFixture(t)
	user := f.user()
	f.accessKey(user)
	f.accessKey(user)
	_, err := f.client.CreateAccessKey(f.ctx, &iam.CreateAccessKeyInput{UserName: user.UserName})
	wantError(t, err, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2")
	missing := name("missing")
	_, err = f.client.CreateAccessKey(f.ctx, &iam.CreateAccessKeyInput{UserName: missing})
	wantError(t, err, "NoSuchEntity", noSuchUser(missing))
}
