// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetDomainNames(t *testing.T) {
	f := newHttp(t)
	f.domain("a.example.com")
	f.domain("b.example.com")
	output, err := f.client.GetDomainNames(f.ctx, &apigatewayv2.GetDomainNamesInput{MaxResults: aws.String("1")})
	count(t, "domains", must(t, output, err).Items, 1)
	is(t, "domainName", output.Items[0].DomainName, "a.example.com")
	if output.NextToken == nil {
		t.Error("there is no token for the next page")
	}
}
