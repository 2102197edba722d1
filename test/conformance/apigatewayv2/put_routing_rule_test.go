// Known from: the API reference; the errors are unconfirmed.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

func TestPutRoutingRule(t *testing.T) {
	f := newHttp(t)
	name := f.domain("api.example.com")
	f.stage("s")
	output, err := f.client.PutRoutingRule(f.ctx, &apigatewayv2.PutRoutingRuleInput{
		DomainName: name, RoutingRuleId: f.rule(name, 10), Priority: aws.Int32(5), Actions: f.invoke(), Conditions: []types.RoutingRuleCondition{},
	})
	got := must(t, output, err)
	is(t, "priority", got.Priority, 5)
	count(t, "conditions", got.Conditions, 0)
}
