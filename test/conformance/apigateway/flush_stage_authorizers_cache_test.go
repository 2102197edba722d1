// Known from: the model; that a stage without authorizers accepts it is unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestFlushStageAuthorizersCache(t *testing.T) {
	f := newFixture(t)
	f.deploy("prod")
	_, err := f.client.FlushStageAuthorizersCache(f.ctx, &apigateway.FlushStageAuthorizersCacheInput{RestApiId: f.apiId, StageName: aws.String("prod")})
	must(t, 0, err)
	_, err = f.client.FlushStageAuthorizersCache(f.ctx, &apigateway.FlushStageAuthorizersCacheInput{RestApiId: f.apiId, StageName: aws.String("dev")})
	refused(t, err, notFoundCode, messageStage)
}
