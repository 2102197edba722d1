// Known from: the service model; the message was reported by users.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

const messageBasePathMapping = "Invalid base path mapping identifier specified"

func TestGetBasePathMapping(t *testing.T) {
	f := newFixture(t)
	name := f.domainName("get-mapping.example.com").DomainName
	f.deploy("prod")
	f.mapping(name, "", "prod")
	got, err := f.client.GetBasePathMapping(f.ctx, &apigateway.GetBasePathMappingInput{DomainName: name, BasePath: aws.String("(none)")})
	is(t, "stage", must(t, got, err).Stage, "prod")
	is(t, "base path", got.BasePath, "(none)")
	_, err = f.client.GetBasePathMapping(f.ctx, &apigateway.GetBasePathMappingInput{DomainName: name, BasePath: aws.String("v1")})
	refused(t, err, notFoundCode, messageBasePathMapping)
}
