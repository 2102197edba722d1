// Known from: AWS command line's create-model example; errors observed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func (f *fixture) model(name, schema string) (*apigateway.CreateModelOutput, error) {
	return f.client.CreateModel(f.ctx, &apigateway.CreateModelInput{RestApiId: f.apiId, Name: &name, ContentType: aws.String("application/json"), Schema: &schema})
}

// reference is the URL of a model of the fixture's API.
func (f *fixture) reference(name string) string {
	return `{"$ref":"https://apigateway.amazonaws.com/restapis/` + *f.apiId + `/models/` + name + `"}`
}

func TestCreateModel(t *testing.T) {
	f := newFixture(t)
	output, err := f.model("Pet", `{"type":"object","properties":{"name":{"type":"string"}}}`)
	got := must(t, output, err)
	is(t, "name", got.Name, "Pet")
	is(t, "contentType", got.ContentType, "application/json")
	if len(*got.Id) != 6 {
		t.Errorf("id %q", *got.Id)
	}
	output, err = f.model("Pets", `{"type":"array","items":`+f.reference("Pet")+`}`)
	must(t, output, err)
}

func TestCreateModel_refuses(t *testing.T) {
	f := newFixture(t)
	for _, row := range []struct{ name, schema, code, message string }{
		{"Empty", "{}", conflictCode, "Model name already exists for this REST API"},
		{"my-model", "{}", badRequestCode, "Model name must be alphanumeric: my-model"},
		{"Bad", "{", badRequestCode, "Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified]"},
		{"Bad", `{"type":7}`, badRequestCode, "Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified]"},
		{"Bad", f.reference("Nothing"), badRequestCode, "Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified]"},
	} {
		_, err := f.model(row.name, row.schema)
		refused(t, err, row.code, row.message)
	}
}
