// Known from: the API reference; the errors are unconfirmed.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestListRoutingRules(t *testing.T) {
	f := newHttp(t)
	name := f.domain("api.example.com")
	f.stage("s")
	f.rule(name, 20)
	f.rule(name, 10)
	output, err := f.client.ListRoutingRules(f.ctx, &apigatewayv2.ListRoutingRulesInput{DomainName: name})
	rules := must(t, output, err).RoutingRules
	count(t, "rules", rules, 2)
	is(t, "priority", rules[0].Priority, 10)
}
