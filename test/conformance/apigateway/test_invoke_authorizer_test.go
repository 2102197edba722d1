// Known from: AWS command line's test-invoke-authorizer example; the lines of the log are observed in part (public reports).

package apigateway

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"gatehouse/test/conformance"
)

func TestTestInvokeAuthorizer(t *testing.T) {
	conformance.Ours(t) // AWS has no such function
	f := newFixture(t)
	created, err := f.client.CreateAuthorizer(f.ctx, &apigateway.CreateAuthorizerInput{
		RestApiId: f.apiId, Name: aws.String("a"), Type: types.AuthorizerTypeToken, IdentitySource: aws.String("method.request.header.Auth"),
		AuthorizerUri: aws.String("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations"),
	})
	in := apigateway.TestInvokeAuthorizerInput{RestApiId: f.apiId, AuthorizerId: must(t, created, err).Id, Headers: map[string]string{"Auth": "me"}}
	output, err := f.client.TestInvokeAuthorizer(f.ctx, &in)
	asked := must(t, output, err)
	is(t, "clientStatus", &asked.ClientStatus, 200)
	is(t, "principalId", asked.PrincipalId, "everybody")
	if !strings.Contains(*asked.Policy, `"Effect":"Allow"`) || !strings.Contains(*asked.Log, " : Starting authorizer: "+*created.Id+" for request: ") {
		t.Errorf("policy %s, log:\n%s", *asked.Policy, *asked.Log)
	}
	in.Headers = nil
	output, err = f.client.TestInvokeAuthorizer(f.ctx, &in)
	is(t, "clientStatus without a token", &must(t, output, err).ClientStatus, 401)
	in.AuthorizerId = aws.String("none")
	_, err = f.client.TestInvokeAuthorizer(f.ctx, &in)
	refused(t, err, notFoundCode, "Invalid Authorizer identifier specified")
}
