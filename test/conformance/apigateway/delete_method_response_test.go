// Known from: the model; error observed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestDeleteMethodResponse_onlyOnce(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	f.methodResponse(f.rootId, nil)
	in := &apigateway.DeleteMethodResponseInput{RestApiId: f.apiId, ResourceId: f.rootId, HttpMethod: aws.String("GET"), StatusCode: aws.String("200")}
	_, err := f.client.DeleteMethodResponse(f.ctx, in)
	must(t, 0, err)
	_, err = f.client.DeleteMethodResponse(f.ctx, in)
	refused(t, err, notFoundCode, messageStatusCode)
}
