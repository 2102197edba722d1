// Known from: the service model; messages as in public reports.

package iam

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"gatehouse/test/conformance"
)

func TestGetAccessKeyLastUsed_neverAndOnce(t *testing.T) {
	conformance.OwnServer(t)
	f := newFixture(t)
	user := f.user()
	key := f.accessKey(user)
	out, err := f.client.GetAccessKeyLastUsed(f.ctx, &iam.GetAccessKeyLastUsedInput{AccessKeyId: key.AccessKeyId})
	if must(t, out, err); *out.UserName != *user.UserName || out.AccessKeyLastUsed.LastUsedDate != nil || *out.AccessKeyLastUsed.ServiceName != "N/A" {
		t.Errorf("got %s %v", *out.UserName, out.AccessKeyLastUsed)
	}
	_, err = f.server.Sts(t, credentials.NewStaticCredentialsProvider(*key.AccessKeyId, *key.SecretAccessKey, "")).GetCallerIdentity(f.ctx, nil)
	must(t, 0, err)
	out, err = f.client.GetAccessKeyLastUsed(f.ctx, &iam.GetAccessKeyLastUsedInput{AccessKeyId: key.AccessKeyId})
	if must(t, out, err); out.AccessKeyLastUsed.LastUsedDate == nil || *out.AccessKeyLastUsed.ServiceName != "sts" || *out.AccessKeyLastUsed.Region != "us-east-1" {
		t.Errorf("got %v", out.AccessKeyLastUsed)
	}
}

func TestGetAccessKeyLastUsed_missing(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.GetAccessKeyLastUsed(f.ctx, &iam.GetAccessKeyLastUsedInput{AccessKeyId: aws.String("AKIA0000000000000000")})
	wantError(t, err, "AccessDenied", "")
}
