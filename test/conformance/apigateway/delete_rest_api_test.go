// Known from: the model; error observed.

package apigateway

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestDeleteRestApi_takesEverything(t *testing.T) {
	f := newFixture(t)
	f.deploy("prod")
	_, err := f.client.DeleteRestApi(f.ctx, &apigateway.DeleteRestApiInput{RestApiId: f.apiId})
	must(t, 0, err)
	_, err = f.client.GetStage(f.ctx, &apigateway.GetStageInput{RestApiId: f.apiId, StageName: aws.String("prod")})
	refused(t, err, notFoundCode, "Invalid API identifier specified {account}:"+*f.apiId)
}

func TestDeleteRestApi_missing(t *testing.T) {
	_, err := client(t).DeleteRestApi(context.Background(), &apigateway.DeleteRestApiInput{RestApiId: aws.String(missingId)})
	refused(t, err, notFoundCode, messageApi)
}
