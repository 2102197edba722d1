// Known from: the model; the message about the URI is from public reports, the others are
// unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

const authorizerUri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:auth/invocations"

func TestCreateAuthorizer_token(t *testing.T) {
	f := newFixture(t)
	made, err := f.client.CreateAuthorizer(f.ctx, &apigateway.CreateAuthorizerInput{
		RestApiId: f.apiId, Name: aws.String("a"), Type: types.AuthorizerTypeToken, AuthorizerUri: aws.String(authorizerUri),
		AuthorizerResultTtlInSeconds: aws.Int32(60), IdentityValidationExpression: aws.String("^Bearer .*$"),
	})
	must(t, 0, err)
	got, err := f.client.GetAuthorizer(f.ctx, &apigateway.GetAuthorizerInput{RestApiId: f.apiId, AuthorizerId: made.Id})
	must(t, 0, err)
	if aws.ToString(got.IdentitySource) != "method.request.header.Authorization" || aws.ToInt32(got.AuthorizerResultTtlInSeconds) != 60 || got.Type != types.AuthorizerTypeToken {
		t.Errorf("got %+v", got)
	}
}

// authType: the aws CLI's examples of create-authorizer.
func TestCreateAuthorizer_authType(t *testing.T) {
	f := newFixture(t)
	for kind, want := range map[types.AuthorizerType]string{
		types.AuthorizerTypeToken: "custom", types.AuthorizerTypeRequest: "custom", types.AuthorizerTypeCognitoUserPools: "cognito_user_pools",
	} {
		in := &apigateway.CreateAuthorizerInput{
			RestApiId: f.apiId, Name: aws.String(string(kind)), Type: kind, IdentitySource: aws.String("method.request.header.Authorization"),
			AuthorizerUri: aws.String(authorizerUri),
		}
		if kind == types.AuthorizerTypeCognitoUserPools {
			in.AuthorizerUri, in.ProviderARNs = nil, []string{"arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_abc"}
		}
		got, err := f.client.CreateAuthorizer(f.ctx, in)
		must(t, 0, err)
		is(t, "authType", got.AuthType, want)
	}
}

// The name is reported by users (aws/aws-cdk#13711), its status for HTTP APIs alone.
func TestCreateAuthorizer_nameTaken(t *testing.T) {
	f := newFixture(t)
	in := &apigateway.CreateAuthorizerInput{RestApiId: f.apiId, Name: aws.String("a"), Type: types.AuthorizerTypeToken, AuthorizerUri: aws.String(authorizerUri)}
	made, err := f.client.CreateAuthorizer(f.ctx, in)
	must(t, 0, err)
	_, err = f.client.CreateAuthorizer(f.ctx, in)
	refused(t, err, badRequestCode, "Authorizer name must be unique. Authorizer a already exists in this RestApi.")
	_, err = f.client.UpdateAuthorizer(f.ctx, &apigateway.UpdateAuthorizerInput{RestApiId: f.apiId, AuthorizerId: made.Id, PatchOperations: replace("/name", "a")})
	must(t, 0, err)
}

func TestCreateAuthorizer_refusals(t *testing.T) {
	f := newFixture(t)
	for _, row := range []struct {
		change  func(*apigateway.CreateAuthorizerInput)
		message string
	}{
		{func(in *apigateway.CreateAuthorizerInput) {
			in.AuthorizerUri = aws.String("arn:aws:apigateway:us-east-1:lambda:path/x")
		},
			"Invalid Authorizer URI: arn:aws:apigateway:us-east-1:lambda:path/x. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation."},
		{func(in *apigateway.CreateAuthorizerInput) { in.IdentitySource = aws.String("header.Authorization") }, "Invalid identity source specified: header.Authorization"},
		{func(in *apigateway.CreateAuthorizerInput) {
			in.Type, in.ProviderARNs = types.AuthorizerTypeCognitoUserPools, []string{"arn:aws:iam::000000000000:role/x"}
		}, "Invalid provider ARN specified: arn:aws:iam::{account}:role/x"},
	} {
		in := &apigateway.CreateAuthorizerInput{RestApiId: f.apiId, Name: aws.String("a"), Type: types.AuthorizerTypeToken, AuthorizerUri: aws.String(authorizerUri)}
		row.change(in)
		_, err := f.client.CreateAuthorizer(f.ctx, in)
		refused(t, err, badRequestCode, row.message)
	}
}
