// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
)

func TestDeleteListener(t *testing.T) {
	f := newFixture(t)
	_, _, listener := f.web()
	rule := f.rule(listener.ListenerArn, 1, "/a")
	output, err := f.client.DeleteListener(f.ctx, &elasticloadbalancingv2.DeleteListenerInput{ListenerArn: listener.ListenerArn})
	must(t, output, err)
	_, err = f.client.DeleteListener(f.ctx, &elasticloadbalancingv2.DeleteListenerInput{ListenerArn: listener.ListenerArn})
	refused(t, err, "ListenerNotFound", messageNoPort)
	_, err = f.client.DescribeRules(f.ctx, &elasticloadbalancingv2.DescribeRulesInput{RuleArns: []string{*rule.RuleArn}})
	refused(t, err, "RuleNotFound", messageNoRule)
}
