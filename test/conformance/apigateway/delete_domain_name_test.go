// Known from: the service model; that mappings go along is unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestDeleteDomainName(t *testing.T) {
	f := newFixture(t)
	name := f.domainName("delete.example.com").DomainName
	f.deploy("prod")
	f.mapping(name, "v1", "prod")
	deleted, err := f.client.DeleteDomainName(f.ctx, &apigateway.DeleteDomainNameInput{DomainName: name})
	must(t, deleted, err)
	_, err = f.client.GetDomainName(f.ctx, &apigateway.GetDomainNameInput{DomainName: name})
	refused(t, err, notFoundCode, messageDomainName)
	_, err = f.client.DeleteDomainName(f.ctx, &apigateway.DeleteDomainNameInput{DomainName: name})
	refused(t, err, notFoundCode, messageDomainName)
}
