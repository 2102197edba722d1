// Known from: the service model; the message was reported by users.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"

	"gatehouse/test/conformance"
)

const messageDomainName = "Invalid domain name identifier specified"

func TestGetDomainName(t *testing.T) {
	conformance.Ours(t)
	f := newFixture(t)
	created := f.domainName("get.example.com")
	got, err := f.client.GetDomainName(f.ctx, &apigateway.GetDomainNameInput{DomainName: created.DomainName})
	is(t, "host", must(t, got, err).RegionalDomainName, *created.RegionalDomainName)
	is(t, "certificate", got.RegionalCertificateArn, certificateArn)
	_, err = f.client.GetDomainName(f.ctx, &apigateway.GetDomainNameInput{DomainName: created.DomainName, DomainNameId: aws.String("abc")})
	refused(t, err, badRequestCode, "Gatehouse does not support domainNameId of DomainName yet: private custom domain names are not built")
}

func TestGetDomainName_missing(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.GetDomainName(f.ctx, &apigateway.GetDomainNameInput{DomainName: aws.String("none.example.com")})
	refused(t, err, notFoundCode, messageDomainName)
}
