// Known from: AWS command line's get-method example; errors observed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestGetMethod_whole(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	f.methodResponse(f.rootId, nil)
	f.mock(f.rootId)
	f.integrationResponse(f.rootId)
	output, err := f.client.GetMethod(f.ctx, &apigateway.GetMethodInput{RestApiId: f.apiId, ResourceId: f.rootId, HttpMethod: aws.String("GET")})
	got := must(t, output, err)
	is(t, "methodResponses", got.MethodResponses["200"].StatusCode, "200")
	is(t, "methodIntegration.type", &got.MethodIntegration.Type, types.IntegrationTypeMock)
	is(t, "integrationResponses", got.MethodIntegration.IntegrationResponses["200"].StatusCode, "200")
	is(t, "cacheNamespace", got.MethodIntegration.CacheNamespace, *f.rootId)
	if got.MethodIntegration.CacheKeyParameters == nil {
		t.Error("cacheKeyParameters is absent")
	}
}

func TestGetMethod_missing(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.GetMethod(f.ctx, &apigateway.GetMethodInput{RestApiId: f.apiId, ResourceId: f.rootId, HttpMethod: aws.String("GET")})
	refused(t, err, notFoundCode, messageMethod)
}
