// Known from: the API reference; the errors are unconfirmed.

package apigatewayv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

func TestCreateRoutingRule(t *testing.T) {
	f := newHttp(t)
	name := f.domain("api.example.com")
	f.stage("s")
	output, err := f.client.CreateRoutingRule(f.ctx, &apigatewayv2.CreateRoutingRuleInput{
		DomainName: name, Priority: aws.Int32(100), Actions: f.invoke(),
		Conditions: []types.RoutingRuleCondition{
			{MatchHeaders: &types.RoutingRuleMatchHeaders{AnyOf: []types.RoutingRuleMatchHeaderValue{{Header: aws.String("X-Tenant"), ValueGlob: aws.String("a*")}}}},
			{MatchBasePaths: &types.RoutingRuleMatchBasePaths{AnyOf: []string{"v1"}}},
		},
	})
	got := must(t, output, err)
	is(t, "priority", got.Priority, 100)
	is(t, "stripBasePath", got.Actions[0].InvokeApi.StripBasePath, false)
	is(t, "valueGlob", got.Conditions[0].MatchHeaders.AnyOf[0].ValueGlob, "a*")
	_, err = f.client.CreateRoutingRule(f.ctx, &apigatewayv2.CreateRoutingRuleInput{DomainName: name, Priority: aws.Int32(100), Actions: f.invoke(), Conditions: []types.RoutingRuleCondition{}})
	refused(t, err, conflictCode, "A routing rule with this priority already exists for this domain name")
}
