// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestModifyListener(t *testing.T) {
	f := newFixture(t)
	_, group, listener := f.web()
	redirect := []types.Action{{Type: types.ActionTypeEnumRedirect, RedirectConfig: &types.RedirectActionConfig{
		Protocol: aws.String("HTTPS"), Port: aws.String("443"), StatusCode: types.RedirectActionStatusCodeEnumHttp301,
	}}}
	output, err := f.client.ModifyListener(f.ctx, &elasticloadbalancingv2.ModifyListenerInput{ListenerArn: listener.ListenerArn, Port: aws.Int32(8080), DefaultActions: redirect})
	got := must(t, output, err).Listeners[0]
	is(t, "port", *got.Port, 8080)
	is(t, "path", *got.DefaultActions[0].RedirectConfig.Path, "/#{path}")
	deleted, err := f.client.DeleteTargetGroup(f.ctx, &elasticloadbalancingv2.DeleteTargetGroupInput{TargetGroupArn: group.TargetGroupArn})
	must(t, deleted, err) // nothing forwards to it any more
	_, err = f.client.ModifyListener(f.ctx, &elasticloadbalancingv2.ModifyListenerInput{ListenerArn: aws.String(*listener.ListenerArn + "0")})
	refused(t, err, "ListenerNotFound", messageNoPort)
}
