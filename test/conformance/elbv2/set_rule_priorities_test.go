// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestSetRulePriorities(t *testing.T) {
	f := newFixture(t)
	_, _, listener := f.web()
	a, b := f.rule(listener.ListenerArn, 1, "/a"), f.rule(listener.ListenerArn, 2, "/b")
	set := func(pairs ...types.RulePriorityPair) error {
		_, err := f.client.SetRulePriorities(f.ctx, &elasticloadbalancingv2.SetRulePrioritiesInput{RulePriorities: pairs})
		return err
	}
	if err := set(types.RulePriorityPair{RuleArn: a.RuleArn, Priority: aws.Int32(2)}, types.RulePriorityPair{RuleArn: b.RuleArn, Priority: aws.Int32(1)}); err != nil {
		t.Fatal(err)
	}
	described, err := f.client.DescribeRules(f.ctx, &elasticloadbalancingv2.DescribeRulesInput{ListenerArn: listener.ListenerArn})
	is(t, "first", *must(t, described, err).Rules[0].RuleArn, *b.RuleArn)
	refused(t, set(types.RulePriorityPair{RuleArn: a.RuleArn, Priority: aws.Int32(1)}), "PriorityInUse", "Priority '1' is currently in use")
}
