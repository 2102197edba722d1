// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestDeleteDomainName(t *testing.T) {
	f := newHttp(t)
	name := f.domain("api.example.com")
	f.mapping(name)
	output, err := f.client.DeleteDomainName(f.ctx, &apigatewayv2.DeleteDomainNameInput{DomainName: name})
	must(t, output, err)
	_, err = f.client.DeleteDomainName(f.ctx, &apigatewayv2.DeleteDomainNameInput{DomainName: name})
	refused(t, err, notFoundCode, "Invalid domain name identifier specified")
}
