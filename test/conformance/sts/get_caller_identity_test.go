// Known from: STS API Reference, GetCallerIdentity, and the errors of signatures as in public reports.

package sts

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"gatehouse/test/conformance/identitytest"
)

func TestGetCallerIdentity_root(t *testing.T) {
	f := newFixture(t)
	out, err := f.server.Sts(t, nil).GetCallerIdentity(f.ctx, nil)
	if must(t, out, err); *out.Account != identitytest.Account || *out.Arn != "arn:aws:iam::"+identitytest.Account+":root" || *out.UserId != identitytest.Account {
		t.Errorf("got %s %s %s", *out.Account, *out.Arn, *out.UserId)
	}
}

func TestGetCallerIdentity_user(t *testing.T) {
	f := newFixture(t)
	out, err := f.client.GetCallerIdentity(f.ctx, nil)
	if must(t, out, err); *out.Arn != *f.user.Arn || *out.UserId != *f.user.UserId || *out.Account != identitytest.Account {
		t.Errorf("got %s %s %s", *out.Account, *out.Arn, *out.UserId)
	}
}

func TestGetCallerIdentity_unknownKey(t *testing.T) {
	f := newFixture(t)
	for _, id := range []string{"AKIA0000000000000000", "111122223333", "ASIA0000000000000000"} {
		_, err := f.server.Sts(t, credentials.NewStaticCredentialsProvider(id, "secret", "")).GetCallerIdentity(f.ctx, nil)
		wantError(t, err, "InvalidClientTokenId", "The security token included in the request is invalid.")
	}
}

func TestGetCallerIdentity_wrongSecret(t *testing.T) {
	f := newFixture(t)
	key, err := f.credentials.Retrieve(f.ctx)
	must(t, key, err)
	_, err = f.server.Sts(t, credentials.NewStaticCredentialsProvider(key.AccessKeyID, "wrong", "")).GetCallerIdentity(f.ctx, nil)
	wantError(t, err, "SignatureDoesNotMatch", "")
}
