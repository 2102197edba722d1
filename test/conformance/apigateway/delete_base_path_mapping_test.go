// Known from: the service model.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestDeleteBasePathMapping(t *testing.T) {
	f := newFixture(t)
	name := f.domainName("delete-mapping.example.com").DomainName
	f.deploy("prod")
	f.mapping(name, "v1", "prod")
	deleted, err := f.client.DeleteBasePathMapping(f.ctx, &apigateway.DeleteBasePathMappingInput{DomainName: name, BasePath: aws.String("v1")})
	must(t, deleted, err)
	_, err = f.client.DeleteBasePathMapping(f.ctx, &apigateway.DeleteBasePathMappingInput{DomainName: name, BasePath: aws.String("v1")})
	refused(t, err, notFoundCode, messageBasePathMapping)
	gone, err := f.client.DeleteStage(f.ctx, &apigateway.DeleteStageInput{RestApiId: f.apiId, StageName: aws.String("prod")})
	must(t, gone, err)
}
