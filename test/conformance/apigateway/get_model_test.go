// Known from: AWS command line's get-model example; the error's text is unconfirmed; flatten: the model.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestGetModel_flatten(t *testing.T) {
	f := newFixture(t)
	output, err := f.model("Pet", `{"type":"object"}`)
	must(t, output, err)
	output, err = f.model("Pets", `{"type":"array","items":`+f.reference("Pet")+`}`)
	must(t, output, err)
	got, err := f.client.GetModel(f.ctx, &apigateway.GetModelInput{RestApiId: f.apiId, ModelName: aws.String("Pets"), Flatten: true})
	is(t, "schema", must(t, got, err).Schema, `{"definitions":{"Pet":{"type":"object"}},"items":{"$ref":"#/definitions/Pet"},"type":"array"}`)
}

func TestGetModel_defaultModels(t *testing.T) {
	f := newFixture(t)
	for _, name := range []string{"Empty", "Error"} {
		output, err := f.client.GetModel(f.ctx, &apigateway.GetModelInput{RestApiId: f.apiId, ModelName: &name})
		is(t, "contentType", must(t, output, err).ContentType, "application/json")
	}
}

func TestGetModel_missing(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.GetModel(f.ctx, &apigateway.GetModelInput{RestApiId: f.apiId, ModelName: aws.String("Nothing")})
	refused(t, err, notFoundCode, "Invalid model name specified: Nothing")
}
