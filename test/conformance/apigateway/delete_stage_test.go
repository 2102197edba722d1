// Known from: the model; error observed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestDeleteStage_onlyOnce(t *testing.T) {
	f := newFixture(t)
	f.deploy("prod")
	in := &apigateway.DeleteStageInput{RestApiId: f.apiId, StageName: aws.String("prod")}
	_, err := f.client.DeleteStage(f.ctx, in)
	must(t, 0, err)
	_, err = f.client.DeleteStage(f.ctx, in)
	refused(t, err, notFoundCode, messageStage)
}
