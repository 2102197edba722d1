// Known from: the model; the error's text is unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// The API reference's patch operations: identity sources can be added and removed too.
func TestUpdateAuthorizer_identitySource(t *testing.T) {
	f := newFixture(t)
	made, err := f.client.CreateAuthorizer(f.ctx, &apigateway.CreateAuthorizerInput{
		RestApiId: f.apiId, Name: aws.String("a"), Type: types.AuthorizerTypeRequest, AuthorizerUri: aws.String(authorizerUri),
		IdentitySource: aws.String("method.request.header.A"),
	})
	must(t, 0, err)
	for _, row := range []struct {
		operation types.PatchOperation
		want      string
	}{
		{op(types.OpAdd, "/identitySource", "context.accountId"), "method.request.header.A,context.accountId"},
		{op(types.OpRemove, "/identitySource", "method.request.header.A"), "context.accountId"},
		{op(types.OpReplace, "/identitySource", "method.request.header.B"), "method.request.header.B"},
	} {
		got, err := f.client.UpdateAuthorizer(f.ctx, &apigateway.UpdateAuthorizerInput{RestApiId: f.apiId, AuthorizerId: made.Id, PatchOperations: []types.PatchOperation{row.operation}})
		must(t, 0, err)
		is(t, "identitySource", got.IdentitySource, row.want)
	}
}

func TestUpdateAuthorizer_missing(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.UpdateAuthorizer(f.ctx, &apigateway.UpdateAuthorizerInput{RestApiId: f.apiId, AuthorizerId: aws.String("zzzzzz")})
	refused(t, err, notFoundCode, "Invalid Authorizer identifier specified")
}
