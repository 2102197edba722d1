// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestModifyTargetGroupAttributes(t *testing.T) {
	f := newFixture(t)
	group := f.targetGroup("web", types.ProtocolEnumHttp)
	modify := func(key, value string) error {
		_, err := f.client.ModifyTargetGroupAttributes(f.ctx, &elasticloadbalancingv2.ModifyTargetGroupAttributesInput{
			TargetGroupArn: group.TargetGroupArn, Attributes: []types.TargetGroupAttribute{{Key: &key, Value: &value}},
		})
		return err
	}
	if err := modify("deregistration_delay.timeout_seconds", "0"); err != nil {
		t.Error(err)
	}
	output, err := f.client.DescribeTargetGroupAttributes(f.ctx, &elasticloadbalancingv2.DescribeTargetGroupAttributesInput{TargetGroupArn: group.TargetGroupArn})
	if !slices.ContainsFunc(must(t, output, err).Attributes, func(a types.TargetGroupAttribute) bool {
		return *a.Key == "deregistration_delay.timeout_seconds" && *a.Value == "0"
	}) {
		t.Error("the delay was not set")
	}
	// Texts unconfirmed.
	refused(t, modify("deregistration_delay.timeout_seconds", "3601"), validationCode, "Target group attribute value '3601' is not valid for the key 'deregistration_delay.timeout_seconds'")
	refused(t, modify("stickiness.enabled", "true"), validationCode, "Gatehouse does not support attribute stickiness.enabled of Target group other than 'false' yet: nothing would come of it")
	refused(t, modify("proxy_protocol_v2.enabled", "true"), validationCode, "Target group attribute key 'proxy_protocol_v2.enabled' is not recognized")
}
