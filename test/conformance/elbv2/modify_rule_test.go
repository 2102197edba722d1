// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
)

func TestModifyRule(t *testing.T) {
	f := newFixture(t)
	_, group, listener := f.web()
	rule := f.rule(listener.ListenerArn, 1, "/a")
	output, err := f.client.ModifyRule(f.ctx, &elasticloadbalancingv2.ModifyRuleInput{RuleArn: rule.RuleArn, Actions: forward(group.TargetGroupArn)})
	got := must(t, output, err).Rules[0]
	is(t, "target group", *got.Actions[0].TargetGroupArn, *group.TargetGroupArn)
	is(t, "conditions, as they were", got.Conditions[0].Values[0], "/a")
	described, err := f.client.DescribeRules(f.ctx, &elasticloadbalancingv2.DescribeRulesInput{ListenerArn: listener.ListenerArn})
	last := must(t, described, err).Rules[1]
	_, err = f.client.ModifyRule(f.ctx, &elasticloadbalancingv2.ModifyRuleInput{RuleArn: last.RuleArn, Actions: forward(group.TargetGroupArn)})
	refused(t, err, "OperationNotPermitted", "Default rule '"+*last.RuleArn+"' cannot be modified")
}
