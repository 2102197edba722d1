// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
)

func TestDeleteRule(t *testing.T) {
	f := newFixture(t)
	_, _, listener := f.web()
	rule := f.rule(listener.ListenerArn, 1, "/a")
	output, err := f.client.DeleteRule(f.ctx, &elasticloadbalancingv2.DeleteRuleInput{RuleArn: rule.RuleArn})
	must(t, output, err)
	_, err = f.client.DeleteRule(f.ctx, &elasticloadbalancingv2.DeleteRuleInput{RuleArn: rule.RuleArn})
	refused(t, err, "RuleNotFound", messageNoRule)
	described, err := f.client.DescribeRules(f.ctx, &elasticloadbalancingv2.DescribeRulesInput{ListenerArn: listener.ListenerArn})
	rules := must(t, described, err).Rules
	is(t, "rules left", len(rules), 1)
	_, err = f.client.DeleteRule(f.ctx, &elasticloadbalancingv2.DeleteRuleInput{RuleArn: rules[0].RuleArn})
	refused(t, err, "OperationNotPermitted", "Default rule '"+*rules[0].RuleArn+"' cannot be deleted")
}
