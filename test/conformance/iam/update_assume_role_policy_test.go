// Known from: the service model; messages as in public reports.

package iam

import (
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestUpdateAssumeRolePolicy_replaces(t *testing.T) {
	f := newFixture(t)
	role := f.role()
	document := strings.ReplaceAll(trustLambda, "lambda", "apigateway")
	_, err := f.client.UpdateAssumeRolePolicy(f.ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: role.RoleName, PolicyDocument: &document})
	must(t, 0, err)
	out, err := f.client.GetRole(f.ctx, &iam.GetRoleInput{RoleName: role.RoleName})
	if got, _ := url.PathUnescape(*must(t, out, err).Role.AssumeRolePolicyDocument); got != document {
		t.Errorf("got %s", got)
	}
	_, err = f.client.UpdateAssumeRolePolicy(f.ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: role.RoleName, PolicyDocument: aws.String(allowInvoke)})
	wantError(t, err, "MalformedPolicyDocument", "")
}
