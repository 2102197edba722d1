// Known from: the service model; messages as in public reports.

package iam

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestCreatePolicy_shape(t *testing.T) {
	f := newFixture(t)
	policy := f.policy()
	if !strings.HasPrefix(*policy.PolicyId, "ANPA") || *policy.DefaultVersionId != "v1" || *policy.AttachmentCount != 0 || !policy.IsAttachable {
		t.Errorf("got %s %s", *policy.PolicyId, *policy.DefaultVersionId)
	}
	_, err := f.client.CreatePolicy(f.ctx, &iam.CreatePolicyInput{PolicyName: policy.PolicyName, PolicyDocument: aws.String(allowInvoke)})
	wantError(t, err, "EntityAlreadyExists", "A policy called "+*policy.PolicyName+" already exists. Duplicate names are not allowed.")
}

func TestCreatePolicy_malformed(t *testing.T) {
	f := newFixture(t)
	for document, message := range map[string]string{
		`{`: "Syntax errors in policy.",
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":"*"}]}`: "Policy document should not specify a principal.",
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*"}]}`:                                 "Policy statement must contain actions.",
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"bucket"}]}`:            `Resource bucket must be in ARN format or "*".`,
	} {
		_, err := f.client.CreatePolicy(f.ctx, &iam.CreatePolicyInput{PolicyName: name("policy"), PolicyDocument: &document})
		wantError(t, err, "MalformedPolicyDocument", message)
	}
}

func TestCreatePolicy_tooLong(t *testing.T) {
	f := newFixture(t)
	document := strings.Replace(allowInvoke, `"*"`, `"arn:aws:execute-api:us-east-1:111122223333:`+strings.Repeat("a", 6144)+`"`, 1)
	_, err := f.client.CreatePolicy(f.ctx, &iam.CreatePolicyInput{PolicyName: name("policy"), PolicyDocument: &document})
	wantError(t, err, "LimitExceeded", "Cannot exceed quota for PolicySize: 6144")
}
