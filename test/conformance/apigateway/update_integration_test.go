// Known from: API reference, patch operations; AWS command line's update-integration example (no value, no first slash).

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func (f *fixture) patchIntegration(operations ...types.PatchOperation) (*apigateway.UpdateIntegrationOutput, error) {
	return f.client.UpdateIntegration(f.ctx, &apigateway.UpdateIntegrationInput{RestApiId: f.apiId, ResourceId: f.rootId, HttpMethod: aws.String("GET"), PatchOperations: operations})
}

func TestUpdateIntegration_everyPath(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, map[string]bool{"method.request.header.H": true})
	output, err := f.integrate(apigateway.PutIntegrationInput{Type: types.IntegrationTypeHttp, IntegrationHttpMethod: aws.String("GET"), Uri: aws.String("http://a")})
	must(t, output, err)
	updated, err := f.patchIntegration(
		op(types.OpReplace, "/uri", "https://b/c"),
		op(types.OpReplace, "/httpMethod", "PUT"),
		op(types.OpReplace, "/timeoutInMillis", "50"),
		op(types.OpReplace, "/passthroughBehavior", "NEVER"),
		op(types.OpReplace, "/contentHandling", "CONVERT_TO_TEXT"),
		op(types.OpReplace, "/connectionType", "INTERNET"),
		op(types.OpReplace, "/cacheNamespace", "n"),
		op(types.OpAdd, "/cacheKeyParameters/method.request.header.H", ""),
		op(types.OpAdd, "/requestTemplates/application~1json", "-"),
		op(types.OpReplace, "requestTemplates/text~1xml", "<a/>"),
		op(types.OpAdd, "/requestParameters/integration.request.header.X", "method.request.header.H"),
		op(types.OpReplace, "/tlsConfig/insecureSkipVerification", "true"),
	)
	got := must(t, updated, err)
	is(t, "uri", got.Uri, "https://b/c")
	is(t, "httpMethod", got.HttpMethod, "PUT")
	is(t, "timeoutInMillis", &got.TimeoutInMillis, 50)
	is(t, "passthroughBehavior", got.PassthroughBehavior, "NEVER")
	is(t, "contentHandling", &got.ContentHandling, types.ContentHandlingStrategyConvertToText)
	is(t, "cacheNamespace", got.CacheNamespace, "n")
	is(t, "insecureSkipVerification", &got.TlsConfig.InsecureSkipVerification, true)
	if len(got.RequestTemplates) != 2 || got.RequestTemplates["text/xml"] != "<a/>" || len(got.CacheKeyParameters) != 1 ||
		got.RequestParameters["integration.request.header.X"] != "method.request.header.H" {
		t.Errorf("%v %v %v", got.RequestTemplates, got.CacheKeyParameters, got.RequestParameters)
	}
}

func TestUpdateIntegration_refuses(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	_, err := f.patchIntegration(op(types.OpReplace, "/uri", "x"))
	refused(t, err, notFoundCode, messageIntegration)
	f.mock(f.rootId)
	_, err = f.patchIntegration(op(types.OpReplace, "/timeoutInMillis", "1"))
	refused(t, err, badRequestCode, "Timeout should be between 50 ms and 29000 ms")
	_, err = f.patchIntegration(op(types.OpAdd, "/uri", "x"))
	refused(t, err, badRequestCode, "Invalid patch path  '/uri' specified for op 'add'. Must be one of: [/cacheKeyParameters, /cacheKeyParameters/{parameter}, /requestParameters/{parameter}, /requestTemplates/{content_type}]")
}
