// Known from: service model; guide getting-started-client-side-ssl-authentication.md. The text of the error is unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

const messageClientCertificate = "Invalid Client Certificate identifier specified"

func TestGetClientCertificate(t *testing.T) {
	f := newFixture(t)
	id := f.clientCertificate("one")
	output, err := f.client.GetClientCertificate(f.ctx, &apigateway.GetClientCertificateInput{ClientCertificateId: &id})
	got := must(t, output, err)
	is(t, "description", got.Description, "one")
	if got.PemEncodedCertificate == nil || got.CreatedDate == nil || got.ExpirationDate == nil {
		t.Errorf("%+v", got)
	}
	_, err = f.client.GetClientCertificate(f.ctx, &apigateway.GetClientCertificateInput{ClientCertificateId: aws.String("zzzzzz")})
	refused(t, err, notFoundCode, messageClientCertificate)
}
