// Known from: guide create-api-using-awscli.md (defaults); errors observed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func (f *fixture) integrate(in apigateway.PutIntegrationInput) (*apigateway.PutIntegrationOutput, error) {
	in.RestApiId, in.ResourceId, in.HttpMethod = f.apiId, f.rootId, aws.String("GET")
	return f.client.PutIntegration(f.ctx, &in)
}

func TestPutIntegration_defaults(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, map[string]bool{"method.request.querystring.q": true})
	output, err := f.integrate(apigateway.PutIntegrationInput{
		Type: types.IntegrationTypeHttp, IntegrationHttpMethod: aws.String("GET"), Uri: aws.String("https://example.com/{id}"),
		RequestParameters: map[string]string{
			"integration.request.path.id": "method.request.querystring.q", "integration.request.header.A": "'static'",
			"integration.request.header.B": "context.requestId", "integration.request.querystring.C": "stageVariables.c",
			"integration.request.header.D": "method.request.body.a.b", "integration.request.header.E": "method.request.multivaluequerystring.q",
		},
	})
	got := must(t, output, err)
	is(t, "connectionType", &got.ConnectionType, types.ConnectionTypeInternet)
	is(t, "passthroughBehavior", got.PassthroughBehavior, "WHEN_NO_MATCH")
	is(t, "timeoutInMillis", &got.TimeoutInMillis, 29000)
	is(t, "cacheNamespace", got.CacheNamespace, *f.rootId)
	if got.CacheKeyParameters == nil || len(got.CacheKeyParameters) != 0 {
		t.Errorf("cacheKeyParameters %v", got.CacheKeyParameters)
	}
}

func TestPutIntegration_lambda(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	uri := "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:${stageVariables.f}/invocations"
	output, err := f.integrate(apigateway.PutIntegrationInput{Type: types.IntegrationTypeAwsProxy, IntegrationHttpMethod: aws.String("POST"), Uri: &uri})
	is(t, "uri", must(t, output, err).Uri, uri)
}

func TestPutIntegration_dropsResponses(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	f.mock(f.rootId)
	f.integrationResponse(f.rootId)
	f.mock(f.rootId)
	output, err := f.client.GetIntegration(f.ctx, &apigateway.GetIntegrationInput{RestApiId: f.apiId, ResourceId: f.rootId, HttpMethod: aws.String("GET")})
	if got := must(t, output, err).IntegrationResponses; len(got) != 0 {
		t.Errorf("%v", got)
	}
}

func TestPutIntegration_refuses(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	post := aws.String("POST")
	for _, row := range []struct {
		in      apigateway.PutIntegrationInput
		message string
	}{
		{apigateway.PutIntegrationInput{Type: "HTTP", Uri: aws.String("http://a")}, "Enumeration value for HttpMethod must be non-empty"},
		{apigateway.PutIntegrationInput{Type: "HTTP", IntegrationHttpMethod: post}, "Invalid HTTP endpoint specified for URI"},
		{apigateway.PutIntegrationInput{Type: "HTTP_PROXY", IntegrationHttpMethod: post, Uri: aws.String("ftp://a")}, "Invalid HTTP endpoint specified for URI"},
		{apigateway.PutIntegrationInput{Type: "AWS", IntegrationHttpMethod: post, Uri: aws.String("http://a")}, "Invalid ARN specified in the request"},
		{apigateway.PutIntegrationInput{Type: "AWS", IntegrationHttpMethod: post, Uri: aws.String("arn:aws:apigateway:us-east-1:lambda:x")}, "AWS ARN for integration must contain path or action"},
		{
			apigateway.PutIntegrationInput{Type: "AWS_PROXY", IntegrationHttpMethod: post, Uri: aws.String("arn:aws:lambda:us-east-1:000000000000:function:f")},
			"AWS ARN for integration must contain path or action", // reported by users
		},
		{
			apigateway.PutIntegrationInput{Type: "AWS_PROXY", IntegrationHttpMethod: post, Uri: aws.String("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/x")},
			"Invalid function ARN or invalid uri", // reported by users, of imports
		},
		{
			apigateway.PutIntegrationInput{Type: "AWS", IntegrationHttpMethod: post, Uri: aws.String("arn:aws:apigateway:us-east-1:kinesis:action/ListStreams"), Credentials: aws.String("NONE")},
			"Invalid ARN specified in the request", // reported by users, aws/aws-sdk-java#860
		},
		{
			apigateway.PutIntegrationInput{Type: "AWS_PROXY", IntegrationHttpMethod: post, Uri: aws.String("arn:aws:apigateway:us-east-1:sqs:path/q")},
			"Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
		},
		{
			apigateway.PutIntegrationInput{Type: "AWS", IntegrationHttpMethod: post, Uri: aws.String("arn:aws:apigateway:us-east-1:kinesis:action/ListStreams")},
			"Role ARN must be specified for AWS integrations", // observed, hashicorp/terraform-provider-aws#7916
		},
		{apigateway.PutIntegrationInput{Type: "MOCK", TimeoutInMillis: aws.Int32(49)}, "Timeout should be between 50 ms and 29000 ms"},
		{apigateway.PutIntegrationInput{Type: "MOCK", TimeoutInMillis: aws.Int32(29001)}, "Timeout should be between 50 ms and 29000 ms"},
		{
			apigateway.PutIntegrationInput{Type: "MOCK", RequestParameters: map[string]string{"integration.request.header.X": "method.request.header.Y"}},
			"Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: method.request.header.Y]",
		},
		{
			apigateway.PutIntegrationInput{Type: "MOCK", RequestParameters: map[string]string{"integration.request.header.X": `"quoted"`}},
			`Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: "quoted"]`,
		},
		{
			apigateway.PutIntegrationInput{Type: "MOCK", CacheKeyParameters: []string{"method.request.path.p"}},
			"Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: method.request.path.p]",
		},
	} {
		_, err := f.integrate(row.in)
		refused(t, err, badRequestCode, row.message)
	}
}

func TestPutIntegration_missing(t *testing.T) {
	f := newFixture(t)
	_, err := f.integrate(apigateway.PutIntegrationInput{Type: types.IntegrationTypeMock})
	refused(t, err, notFoundCode, messageMethod)
}
