// Known from: ours: no authorizer is asked yet.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestCreateAuthorizer_notBuilt(t *testing.T) {
	ours(t)
	f := newFixture(t)
	_, err := f.client.CreateAuthorizer(f.ctx, &apigateway.CreateAuthorizerInput{
		RestApiId: f.apiId, Name: aws.String("a"), Type: types.AuthorizerTypeToken, AuthorizerUri: aws.String("arn:aws:apigateway:us-east-1:lambda:path/x"),
	})
	refused(t, err, badRequestCode, "Gatehouse does not support every type of Authorizer yet: the data plane asks no authorizer")
}
