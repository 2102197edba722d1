// Known from: service model; guide getting-started-client-side-ssl-authentication.md. Errors are unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestUpdateClientCertificate(t *testing.T) {
	f := newFixture(t)
	id := f.clientCertificate("one")
	update := func(id string, operations ...types.PatchOperation) (*apigateway.UpdateClientCertificateOutput, error) {
		return f.client.UpdateClientCertificate(f.ctx, &apigateway.UpdateClientCertificateInput{ClientCertificateId: &id, PatchOperations: operations})
	}
	output, err := update(id, op(types.OpReplace, "/description", "two"))
	is(t, "description", must(t, output, err).Description, "two")
	_, err = update(id, op(types.OpReplace, "/expirationDate", "0"))
	refused(t, err, badRequestCode, "Invalid patch path  '/expirationDate' specified for op 'replace'. Must be one of: [/description]")
	_, err = update(*aws.String("zzzzzz"), op(types.OpReplace, "/description", "two"))
	refused(t, err, notFoundCode, messageClientCertificate)
}
