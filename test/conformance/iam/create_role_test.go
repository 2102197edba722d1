// Known from: the service model; messages as in public reports.

package iam

import (
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestCreateRole_shape(t *testing.T) {
	f := newFixture(t)
	role := f.role()
	document, err := url.PathUnescape(*role.AssumeRolePolicyDocument)
	if !strings.HasPrefix(*role.RoleId, "AROA") || !strings.HasSuffix(*role.Arn, ":role/"+*role.RoleName) || err != nil || document != trustLambda {
		t.Errorf("got %s %s %s %v", *role.RoleId, *role.Arn, document, err)
	}
	_, err = f.client.CreateRole(f.ctx, &iam.CreateRoleInput{RoleName: role.RoleName, AssumeRolePolicyDocument: aws.String(trustLambda)})
	wantError(t, err, "EntityAlreadyExists", "Role with name "+*role.RoleName+" already exists.")
}

func TestCreateRole_malformed(t *testing.T) {
	f := newFixture(t)
	for document, message := range map[string]string{
		`{`:         "",
		allowInvoke: "",
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole","Resource":"*"}]}`: "Has prohibited field Resource",
	} {
		_, err := f.client.CreateRole(f.ctx, &iam.CreateRoleInput{RoleName: name("role"), AssumeRolePolicyDocument: &document})
		wantError(t, err, "MalformedPolicyDocument", message)
	}
}
