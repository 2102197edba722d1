// Known from: the service model; messages as in public reports.

package iam

import (
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestGetGroupPolicy_document(t *testing.T) {
	f := newFixture(t)
	group := f.group()
	_, err := f.client.GetGroupPolicy(f.ctx, &iam.GetGroupPolicyInput{GroupName: group.GroupName, PolicyName: aws.String("p")})
	wantError(t, err, "NoSuchEntity", "The group policy with name p cannot be found.")
	_, err = f.client.PutGroupPolicy(f.ctx, &iam.PutGroupPolicyInput{GroupName: group.GroupName, PolicyName: aws.String("p"), PolicyDocument: aws.String(allowInvoke)})
	must(t, 0, err)
	out, err := f.client.GetGroupPolicy(f.ctx, &iam.GetGroupPolicyInput{GroupName: group.GroupName, PolicyName: aws.String("p")})
	if document, _ := url.PathUnescape(*must(t, out, err).PolicyDocument); document != allowInvoke || *out.GroupName != *group.GroupName {
		t.Errorf("got %s", document)
	}
}
