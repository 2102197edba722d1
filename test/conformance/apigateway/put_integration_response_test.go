// Known from: guide create-api-using-awscli.md; errors observed, that of a pattern unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func (f *fixture) respond(in apigateway.PutIntegrationResponseInput) (*apigateway.PutIntegrationResponseOutput, error) {
	in.RestApiId, in.ResourceId, in.HttpMethod, in.StatusCode = f.apiId, f.rootId, aws.String("GET"), aws.String("200")
	return f.client.PutIntegrationResponse(f.ctx, &in)
}

func TestPutIntegrationResponse_mapsDeclaredHeaders(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	f.mock(f.rootId)
	f.methodResponse(f.rootId, map[string]bool{"method.response.header.X": false, "method.response.header.Y": false})
	output, err := f.respond(apigateway.PutIntegrationResponseInput{
		SelectionPattern: aws.String(""), ResponseTemplates: map[string]string{"application/json": "{}"},
		ResponseParameters: map[string]string{"method.response.header.X": "'*'", "method.response.header.Y": "integration.response.body.a"},
	})
	got := must(t, output, err)
	is(t, "statusCode", got.StatusCode, "200")
	is(t, "selectionPattern", got.SelectionPattern, "")
	if len(got.ResponseParameters) != 2 || got.ResponseTemplates["application/json"] != "{}" {
		t.Errorf("%v %v", got.ResponseParameters, got.ResponseTemplates)
	}
}

func TestPutIntegrationResponse_needsNoMethodResponse(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	f.mock(f.rootId)
	_, err := f.respond(apigateway.PutIntegrationResponseInput{SelectionPattern: aws.String(`4\d{2}`)})
	must(t, 0, err)
}

func TestPutIntegrationResponse_refuses(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	_, err := f.respond(apigateway.PutIntegrationResponseInput{})
	refused(t, err, notFoundCode, messageIntegration)
	f.mock(f.rootId)
	_, err = f.respond(apigateway.PutIntegrationResponseInput{ResponseParameters: map[string]string{"method.response.header.X": "'*'"}})
	refused(t, err, badRequestCode, "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: method.response.header.X]")
	f.methodResponse(f.rootId, map[string]bool{"method.response.header.X": false})
	_, err = f.respond(apigateway.PutIntegrationResponseInput{ResponseParameters: map[string]string{"method.response.header.X": `"*"`}})
	refused(t, err, badRequestCode, `Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: "*"]`)
	_, err = f.respond(apigateway.PutIntegrationResponseInput{SelectionPattern: aws.String("(")})
	refused(t, err, badRequestCode, "Invalid selection pattern specified")
}
