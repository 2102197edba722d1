// Known from: API reference, patch operations; error observed; the empty role: Terraform's provider.

package apigateway

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"gatehouse/test/conformance"
)

func TestUpdateAccount(t *testing.T) {
	conformance.Ours(t) // it would change a whole account on AWS
	c := client(t)
	patch := func(operation types.PatchOperation) (*apigateway.UpdateAccountOutput, error) {
		return c.UpdateAccount(context.Background(), &apigateway.UpdateAccountInput{PatchOperations: []types.PatchOperation{operation}})
	}
	role := "arn:aws:iam::000000000000:role/path/APIGatewayToCloudWatchLogs"
	output, err := patch(op(types.OpReplace, "/cloudwatchRoleArn", role))
	is(t, "cloudwatchRoleArn", must(t, output, err).CloudwatchRoleArn, role)
	_, err = patch(op(types.OpReplace, "/cloudwatchRoleArn", "arn:aws:iam::1:user/x"))
	refused(t, err, badRequestCode, "The role ARN is not well formed")
	output, err = patch(op(types.OpAdd, "/features", "UsagePlans"))
	is(t, "cloudwatchRoleArn", must(t, output, err).CloudwatchRoleArn, role)
	_, err = patch(op(types.OpRemove, "/features", "UsagePlans"))
	refused(t, err, badRequestCode, "Invalid patch value 'UsagePlans' specified for op 'remove' on path '/features'. Must be a feature other than UsagePlans")
	_, err = patch(op(types.OpReplace, "/throttleSettings", "1"))
	refused(t, err, badRequestCode, "Invalid patch path  '/throttleSettings' specified for op 'replace'. Must be one of: [/cloudwatchRoleArn]")
	output, err = patch(op(types.OpReplace, "/cloudwatchRoleArn", ""))
	if got := must(t, output, err).CloudwatchRoleArn; got != nil {
		t.Errorf("the role is still %q", *got)
	}
}
