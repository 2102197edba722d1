// Known from: AWS command line's update-resource example; errors of the root and of cycles observed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func (f *fixture) patchResource(id *string, path, value string) (*apigateway.UpdateResourceOutput, error) {
	return f.client.UpdateResource(f.ctx, &apigateway.UpdateResourceInput{RestApiId: f.apiId, ResourceId: id, PatchOperations: replace(path, value)})
}

func TestUpdateResource_renamesAllBelow(t *testing.T) {
	f := newFixture(t)
	pets := f.resource(f.rootId, "pets")
	child := f.resource(pets, "{id}")
	output, err := f.patchResource(pets, "/pathPart", "dogs")
	is(t, "path", must(t, output, err).Path, "/dogs")
	below, err := f.client.GetResource(f.ctx, &apigateway.GetResourceInput{RestApiId: f.apiId, ResourceId: child})
	is(t, "path below", must(t, below, err).Path, "/dogs/{id}")
}

func TestUpdateResource_moves(t *testing.T) {
	f := newFixture(t)
	a, b := f.resource(f.rootId, "a"), f.resource(f.rootId, "b")
	output, err := f.patchResource(a, "/parentId", *b)
	got := must(t, output, err)
	is(t, "path", got.Path, "/b/a")
	is(t, "parentId", got.ParentId, *b)
}

func TestUpdateResource_refuses(t *testing.T) {
	f := newFixture(t)
	a := f.resource(f.rootId, "a")
	child := f.resource(a, "child")
	f.resource(f.rootId, "b")
	for _, row := range []struct {
		id                         *string
		path, value, code, message string
	}{
		{f.rootId, "/pathPart", "x", badRequestCode, "Root resource cannot be updated."},
		{a, "/parentId", *child, badRequestCode, "Resources cannot be cyclical."},
		{a, "/parentId", *a, badRequestCode, "Resources cannot be cyclical."},
		{a, "/pathPart", "b", conflictCode, "Another resource with the same parent already has this name: b"},
		{a, "/parentId", "zzzzzz", notFoundCode, messageResource},
		{a, "/path", "/x", badRequestCode, "Invalid patch path  '/path' specified for op 'replace'. Must be one of: [/parentId, /pathPart]"},
	} {
		_, err := f.patchResource(row.id, row.path, row.value)
		refused(t, err, row.code, row.message)
	}
}
