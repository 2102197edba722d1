// Known from: AWS command line's get-model-template example; models with properties unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestGetModelTemplate(t *testing.T) {
	f := newFixture(t)
	output, err := f.model("Pet", `{"type":"object","properties":{"age":{"type":"integer"},"tags":{"type":"array","items":{"type":"string"}}}}`)
	must(t, output, err)
	for name, want := range map[string]string{
		"Empty": "#set($inputRoot = $input.path('$'))\n{ }",
		"Pet": "#set($inputRoot = $input.path('$'))\n{\n  \"age\" : 42,\n  \"tags\" : [\n#foreach($elem2 in $inputRoot.tags)\n" +
			"    \"foo\"#if($foreach.hasNext),#end\n#end\n  ]\n}",
	} {
		got, err := f.client.GetModelTemplate(f.ctx, &apigateway.GetModelTemplateInput{RestApiId: f.apiId, ModelName: &name})
		is(t, name, must(t, got, err).Value, want)
	}
}

func TestGetModelTemplate_missing(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.GetModelTemplate(f.ctx, &apigateway.GetModelTemplateInput{RestApiId: f.apiId, ModelName: aws.String("Nothing")})
	refused(t, err, notFoundCode, "Invalid model name specified: Nothing")
}
