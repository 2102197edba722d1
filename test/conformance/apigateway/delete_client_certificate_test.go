// Known from: service model; guide getting-started-client-side-ssl-authentication.md. The text about a certificate in use is unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestDeleteClientCertificate(t *testing.T) {
	f := newFixture(t)
	id := f.clientCertificate("one")
	f.deploy("test")
	output, err := f.patchStage(op(types.OpReplace, "/clientCertificateId", id))
	is(t, "clientCertificateId", must(t, output, err).ClientCertificateId, id)
	deletion := &apigateway.DeleteClientCertificateInput{ClientCertificateId: &id}
	_, err = f.client.DeleteClientCertificate(f.ctx, deletion)
	refused(t, err, badRequestCode, "Client Certificate "+id+" is in use by the following stages: "+*f.apiId+"/test")
	stage, err := f.patchStage(op(types.OpReplace, "/clientCertificateId", ""))
	if got := must(t, stage, err); aws.ToString(got.ClientCertificateId) != "" {
		t.Errorf("still %s", *got.ClientCertificateId)
	}
	_, err = f.client.DeleteClientCertificate(f.ctx, deletion)
	must(t, 0, err)
	_, err = f.client.DeleteClientCertificate(f.ctx, deletion)
	refused(t, err, notFoundCode, messageClientCertificate)
}
