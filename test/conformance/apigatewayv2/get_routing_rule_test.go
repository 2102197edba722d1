// Known from: the API reference; the errors are unconfirmed.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetRoutingRule(t *testing.T) {
	f := newHttp(t)
	name := f.domain("api.example.com")
	f.stage("s")
	id := f.rule(name, 10)
	output, err := f.client.GetRoutingRule(f.ctx, &apigatewayv2.GetRoutingRuleInput{DomainName: name, RoutingRuleId: id})
	is(t, "routingRuleId", must(t, output, err).RoutingRuleId, *id)
	_, err = f.client.GetRoutingRule(f.ctx, &apigatewayv2.GetRoutingRuleInput{DomainName: name, RoutingRuleId: aws.String(missingId)})
	refused(t, err, notFoundCode, "Invalid RoutingRule identifier specified")
}
