// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestCreateListener(t *testing.T) {
	f := newFixture(t)
	balancer, group, listener := f.web()
	if want := strings.Replace(*balancer.LoadBalancerArn, ":loadbalancer/", ":listener/", 1) + "/"; !strings.HasPrefix(*listener.ListenerArn, want) {
		t.Errorf("ARN %s, want %s…", *listener.ListenerArn, want)
	}
	is(t, "target group", *listener.DefaultActions[0].TargetGroupArn, *group.TargetGroupArn)
	is(t, "weight", *listener.DefaultActions[0].ForwardConfig.TargetGroups[0].Weight, 1)
	output, err := f.client.CreateListener(f.ctx, &elasticloadbalancingv2.CreateListenerInput{
		LoadBalancerArn: balancer.LoadBalancerArn, Protocol: types.ProtocolEnumHttps, Port: aws.Int32(443), DefaultActions: forward(group.TargetGroupArn),
		Certificates: []types.Certificate{{CertificateArn: aws.String("arn:aws:acm:us-east-1:000000000000:certificate/c")}},
	})
	is(t, "policy", *must(t, output, err).Listeners[0].SslPolicy, "ELBSecurityPolicy-2016-08")
}

func TestCreateListener_refuses(t *testing.T) {
	f := newFixture(t)
	balancer, group, _ := f.web()
	network, tcp := f.loadBalancer("net", types.LoadBalancerTypeEnumNetwork), f.targetGroup("tcp", types.ProtocolEnumTcp)
	create := func(arn *string, protocol types.ProtocolEnum, port int32, actions []types.Action) error {
		_, err := f.client.CreateListener(f.ctx, &elasticloadbalancingv2.CreateListenerInput{LoadBalancerArn: arn, Protocol: protocol, Port: &port, DefaultActions: actions})
		return err
	}
	missing := aws.String(missingArn + "loadbalancer/net/x/1")
	refused(t, create(missing, types.ProtocolEnumTcp, 80, forward(tcp.TargetGroupArn)), "LoadBalancerNotFound", messageNoLoad)
	refused(t, create(network.LoadBalancerArn, types.ProtocolEnumTcp, 80, forward(aws.String(missingArn+"targetgroup/x/1"))), "TargetGroupNotFound", messageNoGroup)
	refused(t, create(balancer.LoadBalancerArn, types.ProtocolEnumHttps, 443, forward(group.TargetGroupArn)), validationCode, "A certificate must be specified for HTTPS listeners")
	// Texts unconfirmed, but that of the association.
	refused(t, create(balancer.LoadBalancerArn, types.ProtocolEnumHttp, 80, forward(group.TargetGroupArn)), "DuplicateListener", "A listener already exists on this port for this load balancer")
	refused(t, create(network.LoadBalancerArn, types.ProtocolEnumTcp, 80, forward(group.TargetGroupArn)), "IncompatibleProtocols", "Listener protocol 'TCP' is not supported with a target group with the protocol 'HTTP'")
	refused(t, create(network.LoadBalancerArn, types.ProtocolEnumHttp, 80, forward(group.TargetGroupArn)), "TargetGroupAssociationLimit",
		"Target group '"+*group.TargetGroupArn+"' cannot be associated with more than one load balancer")
	refused(t, create(network.LoadBalancerArn, types.ProtocolEnumUdp, 80, forward(tcp.TargetGroupArn)), validationCode, "Gatehouse does not support Protocol UDP of Listener yet: APIs call backends over TCP")
	refused(t, create(balancer.LoadBalancerArn, types.ProtocolEnumTcp, 81, forward(tcp.TargetGroupArn)), "UnsupportedProtocol", "Listener protocol 'TCP' must be one of 'HTTP, HTTPS'")
	oidc := []types.Action{{Type: types.ActionTypeEnumAuthenticateCognito, AuthenticateCognitoConfig: &types.AuthenticateCognitoActionConfig{UserPoolArn: aws.String("a"), UserPoolClientId: aws.String("b"), UserPoolDomain: aws.String("c")}}}
	refused(t, create(balancer.LoadBalancerArn, types.ProtocolEnumHttp, 81, oidc), validationCode, "Gatehouse does not support Type authenticate-cognito of Action yet: authorizers of APIs authenticate clients")
}
