// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestDescribeListenerAttributes(t *testing.T) {
	f := newFixture(t)
	network, tcp := f.loadBalancer("net", types.LoadBalancerTypeEnumNetwork), f.targetGroup("tcp", types.ProtocolEnumTcp)
	listener := f.listener(network.LoadBalancerArn, types.ProtocolEnumTcp, 80, tcp.TargetGroupArn)
	output, err := f.client.DescribeListenerAttributes(f.ctx, &elasticloadbalancingv2.DescribeListenerAttributesInput{ListenerArn: listener.ListenerArn})
	got := must(t, output, err).Attributes
	is(t, "count", len(got), 1)
	is(t, "attribute", *got[0].Key+"="+*got[0].Value, "tcp.idle_timeout.seconds=350")
}
