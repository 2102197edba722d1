// Known from: guide create-api-using-awscli.md; the conflict observed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestPutMethodResponse_onlyOnce(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	in := &apigateway.PutMethodResponseInput{
		RestApiId: f.apiId, ResourceId: f.rootId, HttpMethod: aws.String("GET"), StatusCode: aws.String("200"),
		ResponseParameters: map[string]bool{"method.response.header.X": false}, ResponseModels: map[string]string{"application/json": "Empty"},
	}
	output, err := f.client.PutMethodResponse(f.ctx, in)
	got := must(t, output, err)
	is(t, "statusCode", got.StatusCode, "200")
	if _, ok := got.ResponseParameters["method.response.header.X"]; !ok || got.ResponseModels["application/json"] != "Empty" {
		t.Errorf("%v %v", got.ResponseParameters, got.ResponseModels)
	}
	_, err = f.client.PutMethodResponse(f.ctx, in)
	refused(t, err, conflictCode, "Response already exists for this resource")
}

func TestPutMethodResponse_refuses(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	in := &apigateway.PutMethodResponseInput{
		RestApiId: f.apiId, ResourceId: f.rootId, HttpMethod: aws.String("GET"), StatusCode: aws.String("200"),
		ResponseParameters: map[string]bool{"method.response.body": false},
	}
	_, err := f.client.PutMethodResponse(f.ctx, in)
	refused(t, err, badRequestCode, "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: method.response.body]")
	in.HttpMethod = aws.String("PUT")
	_, err = f.client.PutMethodResponse(f.ctx, in)
	refused(t, err, notFoundCode, messageMethod)
}
