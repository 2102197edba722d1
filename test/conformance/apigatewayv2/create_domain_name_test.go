// Known from: the API reference; that of a name in use is observed.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

func TestCreateDomainName(t *testing.T) {
	f := newHttp(t)
	name := f.domain("api.example.com")
	output, err := f.client.GetDomainName(f.ctx, &apigatewayv2.GetDomainNameInput{DomainName: name})
	got := must(t, output, err)
	is(t, "apiMappingSelectionExpression", got.ApiMappingSelectionExpression, "$request.basepath")
	is(t, "routingMode", &got.RoutingMode, types.RoutingModeApiMappingOnly)
	is(t, "domainNameStatus", &got.DomainNameConfigurations[0].DomainNameStatus, types.DomainNameStatusAvailable)
	is(t, "endpointType", &got.DomainNameConfigurations[0].EndpointType, types.EndpointTypeRegional)
	is(t, "securityPolicy", &got.DomainNameConfigurations[0].SecurityPolicy, types.SecurityPolicyTls12)
	_, err = f.client.CreateDomainName(f.ctx, &apigatewayv2.CreateDomainNameInput{
		DomainName: name, DomainNameConfigurations: []types.DomainNameConfiguration{{CertificateArn: aws.String("arn:aws:acm:us-east-1:000000000000:certificate/c")}},
	})
	refused(t, err, badRequestCode, "The domain name you provided already exists.")
}
