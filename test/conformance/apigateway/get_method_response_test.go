// Known from: the model; error observed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestGetMethodResponse(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	f.methodResponse(f.rootId, nil)
	in := &apigateway.GetMethodResponseInput{RestApiId: f.apiId, ResourceId: f.rootId, HttpMethod: aws.String("GET"), StatusCode: aws.String("200")}
	output, err := f.client.GetMethodResponse(f.ctx, in)
	is(t, "statusCode", must(t, output, err).StatusCode, "200")
	in.StatusCode = aws.String("404")
	_, err = f.client.GetMethodResponse(f.ctx, in)
	refused(t, err, notFoundCode, messageStatusCode)
}
