// Known from: the service model; messages as in public reports.

package iam

import (
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestGetRolePolicy_document(t *testing.T) {
	f := newFixture(t)
	role := f.role()
	_, err := f.client.GetRolePolicy(f.ctx, &iam.GetRolePolicyInput{RoleName: role.RoleName, PolicyName: aws.String("p")})
	wantError(t, err, "NoSuchEntity", "The role policy with name p cannot be found.")
	_, err = f.client.PutRolePolicy(f.ctx, &iam.PutRolePolicyInput{RoleName: role.RoleName, PolicyName: aws.String("p"), PolicyDocument: aws.String(allowInvoke)})
	must(t, 0, err)
	out, err := f.client.GetRolePolicy(f.ctx, &iam.GetRolePolicyInput{RoleName: role.RoleName, PolicyName: aws.String("p")})
	if document, _ := url.PathUnescape(*must(t, out, err).PolicyDocument); document != allowInvoke || *out.RoleName != *role.RoleName {
		t.Errorf("got %s", document)
	}
}
