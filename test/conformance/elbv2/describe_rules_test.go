// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
)

func TestDescribeRules(t *testing.T) {
	f := newFixture(t)
	_, _, listener := f.web()
	f.rule(listener.ListenerArn, 20, "/b")
	f.rule(listener.ListenerArn, 3, "/a")
	output, err := f.client.DescribeRules(f.ctx, &elasticloadbalancingv2.DescribeRulesInput{ListenerArn: listener.ListenerArn})
	got := must(t, output, err).Rules
	is(t, "count", len(got), 3)
	is(t, "order", *got[0].Priority+" "+*got[1].Priority+" "+*got[2].Priority, "3 20 default")
	is(t, "path", got[0].Conditions[0].PathPatternConfig.Values[0], "/a")
	is(t, "the last is the default", *got[2].IsDefault, true)
	output, err = f.client.DescribeRules(f.ctx, &elasticloadbalancingv2.DescribeRulesInput{RuleArns: []string{*got[2].RuleArn}})
	is(t, "the default by its ARN", *must(t, output, err).Rules[0].Priority, "default")
	_, err = f.client.DescribeRules(f.ctx, &elasticloadbalancingv2.DescribeRulesInput{RuleArns: []string{*got[0].RuleArn + "0"}})
	refused(t, err, "RuleNotFound", messageNoRule)
}
