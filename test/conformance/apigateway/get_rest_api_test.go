// Known from: guide create-api-using-awscli.md, apigateway-private-apis.md (escaped policy); error observed.

package apigateway

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestGetRestApi_readsBackWhatClientsRelyOn(t *testing.T) {
	f := newFixture(t)
	output, err := f.client.GetRestApi(f.ctx, &apigateway.GetRestApiInput{RestApiId: f.apiId})
	got := must(t, output, err)
	is(t, "id", got.Id, *f.apiId)
	is(t, "rootResourceId", got.RootResourceId, *f.rootId)
	is(t, "apiKeySource", &got.ApiKeySource, types.ApiKeySourceTypeHeader)
	if got.EndpointConfiguration == nil || got.CreatedDate == nil {
		t.Errorf("%+v", got)
	}
}

func TestGetRestApi_missing(t *testing.T) {
	_, err := client(t).GetRestApi(context.Background(), &apigateway.GetRestApiInput{RestApiId: aws.String(missingId)})
	refused(t, err, notFoundCode, messageApi)
}
