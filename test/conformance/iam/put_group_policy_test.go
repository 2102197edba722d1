// Known from: the service model; messages as in public reports.

package iam

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestPutGroupPolicy_malformed(t *testing.T) {
	f := newFixture(t)
	group := f.group()
	put := func(policyName, document string) error {
		_, err := f.client.PutGroupPolicy(f.ctx, &iam.PutGroupPolicyInput{GroupName: group.GroupName, PolicyName: &policyName, PolicyDocument: &document})
		return err
	}
	wantError(t, put("p", `{"Version":"2012-10-17"}`), "MalformedPolicyDocument", "")
	must(t, 0, put("p", allowInvoke))
	must(t, 0, put("p", allowLogs))
	long := strings.Replace(allowInvoke, `"*"`, `"arn:aws:execute-api:us-east-1:111122223333:`+strings.Repeat("a", 5120)+`"`, 1)
	wantError(t, put("long", long), "LimitExceeded", "Maximum policy size of 5120 bytes exceeded for group "+*group.GroupName)
}
