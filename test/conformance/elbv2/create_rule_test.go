// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestCreateRule(t *testing.T) {
	f := newFixture(t)
	_, group, listener := f.web()
	text := func(values ...string) []string { return values }
	output, err := f.client.CreateRule(f.ctx, &elasticloadbalancingv2.CreateRuleInput{
		ListenerArn: listener.ListenerArn, Priority: aws.Int32(10), Actions: forward(group.TargetGroupArn),
		Conditions: []types.RuleCondition{
			{Field: aws.String("host-header"), HostHeaderConfig: &types.HostHeaderConditionConfig{Values: text("*.example.com")}},
			{Field: aws.String("http-header"), HttpHeaderConfig: &types.HttpHeaderConditionConfig{HttpHeaderName: aws.String("X-A"), Values: text("*b*")}},
			{Field: aws.String("query-string"), QueryStringConfig: &types.QueryStringConditionConfig{Values: []types.QueryStringKeyValuePair{{Key: aws.String("v"), Value: aws.String("1")}}}},
			{Field: aws.String("source-ip"), SourceIpConfig: &types.SourceIpConditionConfig{Values: text("10.0.0.0/8")}},
			{Field: aws.String("http-request-method"), HttpRequestMethodConfig: &types.HttpRequestMethodConditionConfig{Values: text("GET")}},
		},
	})
	got := must(t, output, err).Rules[0]
	is(t, "priority", *got.Priority, "10")
	is(t, "conditions", len(got.Conditions), 5)
	is(t, "default", *got.IsDefault, false)
	is(t, "query", *got.Conditions[2].QueryStringConfig.Values[0].Key, "v")
	if want := strings.Replace(*listener.ListenerArn, ":listener/", ":listener-rule/", 1) + "/"; !strings.HasPrefix(*got.RuleArn, want) {
		t.Errorf("ARN %s, want %s…", *got.RuleArn, want)
	}
}

// Texts unconfirmed.
func TestCreateRule_refuses(t *testing.T) {
	f := newFixture(t)
	_, group, listener := f.web()
	f.rule(listener.ListenerArn, 1, "/a")
	path := []types.RuleCondition{{Field: aws.String("path-pattern"), Values: []string{"/b"}}}
	for _, row := range []struct {
		change        func(*elasticloadbalancingv2.CreateRuleInput)
		code, message string
	}{
		{func(in *elasticloadbalancingv2.CreateRuleInput) { in.Priority = aws.Int32(1) }, "PriorityInUse", "Priority '1' is currently in use"},
		{func(in *elasticloadbalancingv2.CreateRuleInput) {
			in.ListenerArn = aws.String(missingArn + "listener/app/x/1/2")
		}, "ListenerNotFound", messageNoPort},
		{func(in *elasticloadbalancingv2.CreateRuleInput) {
			in.Conditions = []types.RuleCondition{{Field: aws.String("weather"), Values: []string{"rain"}}}
		}, validationCode,
			"Condition field 'weather' must be one of '[path-pattern, host-header, http-header, http-request-method, query-string, source-ip]'"},
		{func(in *elasticloadbalancingv2.CreateRuleInput) { in.Conditions[0].Values = nil }, validationCode, "A condition value must be specified"},
		{func(in *elasticloadbalancingv2.CreateRuleInput) { in.Conditions[0].RegexValues = []string{"a"} }, validationCode, "Gatehouse does not support RegexValues of RuleCondition yet: conditions are patterns with * and ?"},
		{func(in *elasticloadbalancingv2.CreateRuleInput) {
			in.Transforms = []types.RuleTransform{{Type: types.TransformTypeEnumUrlRewrite}}
		}, validationCode,
			"Gatehouse does not support Transforms of Rule yet: rewriting of requests by load balancers is not built"},
	} {
		in := elasticloadbalancingv2.CreateRuleInput{ListenerArn: listener.ListenerArn, Priority: aws.Int32(2), Conditions: []types.RuleCondition{path[0]}, Actions: forward(group.TargetGroupArn)}
		row.change(&in)
		_, err := f.client.CreateRule(f.ctx, &in)
		refused(t, err, row.code, row.message)
	}
}
