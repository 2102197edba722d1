// Known from: guide getting-started-client-side-ssl-authentication.md (self-signed, 365 days, the public part alone).

package apigateway

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

// clientCertificate generates one, which the test deletes at its end.
func (f *fixture) clientCertificate(description string) string {
	f.T.Helper()
	output, err := f.client.GenerateClientCertificate(f.ctx, &apigateway.GenerateClientCertificateInput{Description: &description})
	id := must(f.T, output, err).ClientCertificateId
	f.T.Cleanup(func() {
		_, _ = f.client.DeleteClientCertificate(f.ctx, &apigateway.DeleteClientCertificateInput{ClientCertificateId: id})
	})
	return *id
}

func TestGenerateClientCertificate(t *testing.T) {
	f := newFixture(t)
	output, err := f.client.GenerateClientCertificate(f.ctx, &apigateway.GenerateClientCertificateInput{Description: aws.String("d"), Tags: map[string]string{"k": "v"}})
	got := must(t, output, err)
	block, rest := pem.Decode([]byte(*got.PemEncodedCertificate))
	if block == nil || block.Type != "CERTIFICATE" || strings.TrimSpace(string(rest)) != "" {
		t.Fatalf("no certificate alone: %s", *got.PemEncodedCertificate)
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	key, isRsa := must(t, certificate, err).PublicKey.(*rsa.PublicKey)
	if !isRsa || key.N.BitLen() != 2048 || certificate.CheckSignatureFrom(certificate) == nil && certificate.IsCA {
		t.Errorf("key %T, authority %v", certificate.PublicKey, certificate.IsCA)
	}
	if valid := got.ExpirationDate.Sub(*got.CreatedDate).Round(time.Hour); valid != 365*24*time.Hour || !certificate.NotAfter.Equal(*got.ExpirationDate) {
		t.Errorf("valid for %s, until %s and %s", valid, certificate.NotAfter, got.ExpirationDate)
	}
	is(t, "description", got.Description, "d")
	is(t, "tags", aws.String(got.Tags["k"]), "v")
	_, err = f.client.DeleteClientCertificate(f.ctx, &apigateway.DeleteClientCertificateInput{ClientCertificateId: got.ClientCertificateId})
	must(t, 0, err)
	_, err = f.client.GenerateClientCertificate(f.ctx, &apigateway.GenerateClientCertificateInput{Tags: map[string]string{"aws:k": "v"}})
	refused(t, err, badRequestCode, "Tag keys must have 1 to 128 characters and must not begin with 'aws:'")
}
