// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestDescribeTargetGroupAttributes(t *testing.T) {
	f := newFixture(t)
	group := f.targetGroup("tcp", types.ProtocolEnumTcp)
	output, err := f.client.DescribeTargetGroupAttributes(f.ctx, &elasticloadbalancingv2.DescribeTargetGroupAttributesInput{TargetGroupArn: group.TargetGroupArn})
	got := map[string]string{}
	for _, attribute := range must(t, output, err).Attributes {
		got[*attribute.Key] = *attribute.Value
	}
	for key, want := range map[string]string{"deregistration_delay.timeout_seconds": "300", "stickiness.type": "source_ip", "proxy_protocol_v2.enabled": "false"} {
		is(t, key, got[key], want)
	}
	if _, ok := got["slow_start.duration_seconds"]; ok {
		t.Error("a group of TCP has slow_start")
	}
}
