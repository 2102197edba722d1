// Known from: the API reference; that of a mapped stage is observed of REST APIs.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestDeleteApiMapping(t *testing.T) {
	f := newHttp(t)
	name := f.domain("api.example.com")
	id := f.mapping(name)
	_, err := f.client.DeleteStage(f.ctx, &apigatewayv2.DeleteStageInput{ApiId: f.apiId, StageName: aws.String("s")})
	refused(t, err, badRequestCode, "Deleting stage s failed. Please remove all base path mappings related to the stage in your domains: api.example.com.")
	output, err := f.client.DeleteApiMapping(f.ctx, &apigatewayv2.DeleteApiMappingInput{DomainName: name, ApiMappingId: id})
	must(t, output, err)
	deleted, err := f.client.DeleteStage(f.ctx, &apigatewayv2.DeleteStageInput{ApiId: f.apiId, StageName: aws.String("s")})
	must(t, deleted, err)
}
