// Known from: AWS command line's flush-stage-cache example; that a stage without cache accepts it is unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestFlushStageCache(t *testing.T) {
	f := newFixture(t)
	f.deploy("prod")
	_, err := f.client.FlushStageCache(f.ctx, &apigateway.FlushStageCacheInput{RestApiId: f.apiId, StageName: aws.String("prod")})
	must(t, 0, err)
	_, err = f.client.UpdateStage(f.ctx, &apigateway.UpdateStageInput{
		RestApiId: f.apiId, StageName: aws.String("prod"), PatchOperations: []types.PatchOperation{op(types.OpReplace, "/cacheClusterEnabled", "true")},
	})
	must(t, 0, err)
	_, err = f.client.FlushStageCache(f.ctx, &apigateway.FlushStageCacheInput{RestApiId: f.apiId, StageName: aws.String("prod")})
	must(t, 0, err)
	_, err = f.client.FlushStageCache(f.ctx, &apigateway.FlushStageCacheInput{RestApiId: f.apiId, StageName: aws.String("dev")})
	refused(t, err, notFoundCode, messageStage)
}
