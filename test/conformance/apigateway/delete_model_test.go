// Known from: errors observed (a model in use), the text of a missing one unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestDeleteModel_inUse(t *testing.T) {
	f := newFixture(t)
	pets := f.resource(f.rootId, "pets")
	output, err := f.client.PutMethod(f.ctx, &apigateway.PutMethodInput{
		RestApiId: f.apiId, ResourceId: pets, HttpMethod: aws.String("POST"), AuthorizationType: aws.String("NONE"),
		RequestModels: map[string]string{"application/json": "Empty"},
	})
	must(t, output, err)
	response, err := f.client.PutMethodResponse(f.ctx, &apigateway.PutMethodResponseInput{
		RestApiId: f.apiId, ResourceId: pets, HttpMethod: aws.String("POST"), StatusCode: aws.String("400"),
		ResponseModels: map[string]string{"application/json": "Error"},
	})
	must(t, response, err)
	_, err = f.client.DeleteModel(f.ctx, &apigateway.DeleteModelInput{RestApiId: f.apiId, ModelName: aws.String("Empty")})
	refused(t, err, conflictCode, "Cannot delete model 'Empty', is referenced in method request: /pets/POST")
	_, err = f.client.DeleteModel(f.ctx, &apigateway.DeleteModelInput{RestApiId: f.apiId, ModelName: aws.String("Error")})
	refused(t, err, conflictCode, "Cannot delete model 'Error', is referenced in method response: /pets/POST")
}

func TestDeleteModel_onlyOnce(t *testing.T) {
	f := newFixture(t)
	in := &apigateway.DeleteModelInput{RestApiId: f.apiId, ModelName: aws.String("Empty")}
	_, err := f.client.DeleteModel(f.ctx, in)
	must(t, 0, err)
	_, err = f.client.DeleteModel(f.ctx, in)
	refused(t, err, notFoundCode, "Invalid model name specified: Empty")
}
