// Known from: the API reference; the errors are unconfirmed.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestDeleteRoutingRule(t *testing.T) {
	f := newHttp(t)
	name := f.domain("api.example.com")
	f.stage("s")
	in := &apigatewayv2.DeleteRoutingRuleInput{DomainName: name, RoutingRuleId: f.rule(name, 10)}
	output, err := f.client.DeleteRoutingRule(f.ctx, in)
	must(t, output, err)
	_, err = f.client.DeleteRoutingRule(f.ctx, in)
	refused(t, err, notFoundCode, "Invalid RoutingRule identifier specified")
}
