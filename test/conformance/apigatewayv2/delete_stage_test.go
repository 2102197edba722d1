// Known from: the API reference; the error is unconfirmed.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestDeleteStage(t *testing.T) {
	f := newHttp(t)
	f.stage("s")
	in := &apigatewayv2.DeleteStageInput{ApiId: f.apiId, StageName: aws.String("s")}
	output, err := f.client.DeleteStage(f.ctx, in)
	must(t, output, err)
	_, err = f.client.DeleteStage(f.ctx, in)
	refused(t, err, notFoundCode, "Unable to find Stage by name s")
}
