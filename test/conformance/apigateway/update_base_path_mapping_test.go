// Known from: API reference, patch operations of UpdateBasePathMapping.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestUpdateBasePathMapping(t *testing.T) {
	f := newFixture(t)
	name := f.domainName("update-mapping.example.com").DomainName
	f.deploy("prod")
	f.deploy("dev")
	f.mapping(name, "v1", "prod")
	f.mapping(name, "v2", "prod")
	update := func(basePath string, operations ...types.PatchOperation) (*apigateway.UpdateBasePathMappingOutput, error) {
		return f.client.UpdateBasePathMapping(f.ctx, &apigateway.UpdateBasePathMappingInput{DomainName: name, BasePath: &basePath, PatchOperations: operations})
	}
	got, err := update("v1", op(types.OpReplace, "/basePath", "(none)"), op(types.OpReplace, "/stage", "dev"), op(types.OpReplace, "/restapiId", *f.apiId))
	is(t, "base path", must(t, got, err).BasePath, "(none)")
	is(t, "stage", got.Stage, "dev")
	_, err = update("v1", op(types.OpReplace, "/stage", "dev"))
	refused(t, err, notFoundCode, messageBasePathMapping)
	_, err = update("(none)", op(types.OpReplace, "/basePath", "v2"))
	refused(t, err, conflictCode, "Base path already exists for this domain name") // unconfirmed
	_, err = update("v2", op(types.OpReplace, "/stage", "none"))
	refused(t, err, badRequestCode, messageStage)
	_, err = update("v2", op(types.OpReplace, "/domainName", "x"))
	refused(t, err, badRequestCode, "Invalid patch path  '/domainName' specified for op 'replace'. Must be one of: [/basePath, /basepath, /restapiId, /stage]")
	_, err = f.client.UpdateBasePathMapping(f.ctx, &apigateway.UpdateBasePathMappingInput{DomainName: aws.String("none.example.com"), BasePath: aws.String("v1")})
	refused(t, err, notFoundCode, messageDomainName)
}
