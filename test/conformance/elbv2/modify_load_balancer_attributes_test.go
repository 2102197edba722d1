// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestModifyLoadBalancerAttributes(t *testing.T) {
	f := newFixture(t)
	balancer := f.loadBalancer("a", types.LoadBalancerTypeEnumApplication)
	modify := func(key, value string) error {
		_, err := f.client.ModifyLoadBalancerAttributes(f.ctx, &elasticloadbalancingv2.ModifyLoadBalancerAttributesInput{
			LoadBalancerArn: balancer.LoadBalancerArn, Attributes: []types.LoadBalancerAttribute{{Key: &key, Value: &value}},
		})
		return err
	}
	for key, value := range map[string]string{"deletion_protection.enabled": "false", "idle_timeout.timeout_seconds": "60"} {
		if err := modify(key, value); err != nil {
			t.Error(err)
		}
	}
	// Texts unconfirmed.
	refused(t, modify("no.such", "1"), validationCode, "Load balancer attribute key 'no.such' is not recognized")
	refused(t, modify("deletion_protection.enabled", "maybe"), validationCode, "Load balancer attribute value 'maybe' is not valid for the key 'deletion_protection.enabled'")
	refused(t, modify("idle_timeout.timeout_seconds", "61"), validationCode,
		"Gatehouse does not support attribute idle_timeout.timeout_seconds of Load balancer other than '60' yet: nothing would come of it")
}
