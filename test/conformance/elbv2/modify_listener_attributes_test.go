// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestModifyListenerAttributes(t *testing.T) {
	f := newFixture(t)
	_, _, listener := f.web()
	modify := func(key, value string) error {
		_, err := f.client.ModifyListenerAttributes(f.ctx, &elasticloadbalancingv2.ModifyListenerAttributesInput{ListenerArn: listener.ListenerArn, Attributes: []types.ListenerAttribute{{Key: &key, Value: &value}}})
		return err
	}
	if err := modify("routing.http.response.server.enabled", "true"); err != nil {
		t.Error(err)
	}
	// Texts unconfirmed.
	refused(t, modify("tcp.idle_timeout.seconds", "350"), validationCode, "Listener attribute key 'tcp.idle_timeout.seconds' is not recognized")
	refused(t, modify("routing.http.response.server.enabled", "false"), validationCode,
		"Gatehouse does not support attribute routing.http.response.server.enabled of Listener other than 'true' yet: nothing would come of it")
}
