// Known from: the service model; the order is ours.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"

	"gatehouse/test/conformance"
)

func TestGetBasePathMappings(t *testing.T) {
	conformance.Ours(t)
	f := newFixture(t)
	name := f.domainName("list-mappings.example.com").DomainName
	f.deploy("prod")
	f.mapping(name, "v2", "prod")
	f.mapping(name, "v1", "prod")
	f.mapping(name, "", "prod")
	first, err := f.client.GetBasePathMappings(f.ctx, &apigateway.GetBasePathMappingsInput{DomainName: name, Limit: aws.Int32(2)})
	if must(t, first, err); len(first.Items) != 2 || *first.Items[0].BasePath != "(none)" || *first.Items[1].BasePath != "v1" || first.Position == nil {
		t.Fatalf("%+v", first)
	}
	second, err := f.client.GetBasePathMappings(f.ctx, &apigateway.GetBasePathMappingsInput{DomainName: name, Position: first.Position})
	if must(t, second, err); len(second.Items) != 1 || *second.Items[0].BasePath != "v2" || second.Position != nil {
		t.Errorf("%+v", second)
	}
	_, err = f.client.GetBasePathMappings(f.ctx, &apigateway.GetBasePathMappingsInput{DomainName: aws.String("none.example.com")})
	refused(t, err, notFoundCode, messageDomainName)
}
