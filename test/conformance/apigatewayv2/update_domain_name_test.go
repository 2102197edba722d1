// Known from: the API reference.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

func TestUpdateDomainName(t *testing.T) {
	f := newHttp(t)
	name := f.domain("api.example.com")
	before, err := f.client.GetDomainName(f.ctx, &apigatewayv2.GetDomainNameInput{DomainName: name})
	must(t, before, err)
	output, err := f.client.UpdateDomainName(f.ctx, &apigatewayv2.UpdateDomainNameInput{
		DomainName: name, RoutingMode: types.RoutingModeRoutingRuleThenApiMapping,
		DomainNameConfigurations: []types.DomainNameConfiguration{{CertificateArn: aws.String("arn:aws:acm:us-east-1:000000000000:certificate/d")}},
	})
	got := must(t, output, err)
	is(t, "routingMode", &got.RoutingMode, types.RoutingModeRoutingRuleThenApiMapping)
	is(t, "certificateArn", got.DomainNameConfigurations[0].CertificateArn, "arn:aws:acm:us-east-1:000000000000:certificate/d")
	is(t, "apiGatewayDomainName", got.DomainNameConfigurations[0].ApiGatewayDomainName, *before.DomainNameConfigurations[0].ApiGatewayDomainName)
}
