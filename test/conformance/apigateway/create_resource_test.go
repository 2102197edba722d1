// Known from: guide create-api-using-awscli.md; errors observed, that of a greedy parent unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestCreateResource_pathsAndIds(t *testing.T) {
	f := newFixture(t)
	output, err := f.client.CreateResource(f.ctx, &apigateway.CreateResourceInput{RestApiId: f.apiId, ParentId: f.rootId, PathPart: aws.String("pets")})
	pets := must(t, output, err)
	is(t, "path", pets.Path, "/pets")
	is(t, "parentId", pets.ParentId, *f.rootId)
	if len(*pets.Id) != 6 {
		t.Errorf("id %q", *pets.Id)
	}
	output, err = f.client.CreateResource(f.ctx, &apigateway.CreateResourceInput{RestApiId: f.apiId, ParentId: pets.Id, PathPart: aws.String("{id+}")})
	is(t, "path", must(t, output, err).Path, "/pets/{id+}")
}

func TestCreateResource_conflicts(t *testing.T) {
	f := newFixture(t)
	pets := f.resource(f.rootId, "pets")
	greedy := f.resource(pets, "{id+}")
	for _, row := range []struct {
		parent              *string
		part, code, message string
	}{
		{f.rootId, "pets", conflictCode, "Another resource with the same parent already has this name: pets"},
		{pets, "{name}", badRequestCode, "A sibling ({id+}) of this resource already has a variable path part -- only one is allowed"},
		{greedy, "x", badRequestCode, "Cannot create a child of a resource with a greedy path variable: {id+}"},
		{f.rootId, "p ets", badRequestCode, "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end."},
		{aws.String("zzzzzz"), "x", notFoundCode, messageResource},
	} {
		_, err := f.client.CreateResource(f.ctx, &apigateway.CreateResourceInput{RestApiId: f.apiId, ParentId: row.parent, PathPart: &row.part})
		refused(t, err, row.code, row.message)
	}
}
