// Known from: elbv2's model; texts unconfirmed.

package elbv2

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

const certificateArn = "arn:aws:acm:us-east-1:000000000000:certificate/"

// secureListener is a listener of HTTPS with the default certificate "default".
func (f *fixture) secureListener() *string {
	f.Helper()
	balancer, group := f.loadBalancer("secure", types.LoadBalancerTypeEnumApplication), f.targetGroup("secure", types.ProtocolEnumHttp)
	output, err := f.client.CreateListener(f.ctx, &elasticloadbalancingv2.CreateListenerInput{
		LoadBalancerArn: balancer.LoadBalancerArn, Protocol: types.ProtocolEnumHttps, Port: aws.Int32(443), Certificates: certificatesNamed("default"),
		DefaultActions: []types.Action{{Type: types.ActionTypeEnumForward, TargetGroupArn: group.TargetGroupArn}},
	})
	return must(f.T, output, err).Listeners[0].ListenerArn
}

func certificatesNamed(names ...string) []types.Certificate {
	var list []types.Certificate
	for _, name := range names {
		list = append(list, types.Certificate{CertificateArn: aws.String(certificateArn + name)})
	}
	return list
}

// certificates are a listener's, the default one with a star.
func (f *fixture) certificates(listenerArn *string) string {
	f.Helper()
	output, err := f.client.DescribeListenerCertificates(f.ctx, &elasticloadbalancingv2.DescribeListenerCertificatesInput{ListenerArn: listenerArn})
	text := ""
	for _, one := range must(f.T, output, err).Certificates {
		text += " " + (*one.CertificateArn)[len(certificateArn):]
		if *one.IsDefault {
			text += "*"
		}
	}
	return text
}

func TestAddListenerCertificates(t *testing.T) {
	f := newFixture(t)
	listener := f.secureListener()
	add := func(names ...string) (*elasticloadbalancingv2.AddListenerCertificatesOutput, error) {
		return f.client.AddListenerCertificates(f.ctx, &elasticloadbalancingv2.AddListenerCertificatesInput{ListenerArn: listener, Certificates: certificatesNamed(names...)})
	}
	output, err := add("a", "b")
	is(t, "added", len(must(t, output, err).Certificates), 2)
	output, err = add("b")
	must(t, output, err)
	is(t, "certificates", f.certificates(listener), " default* a b")
	var many []string
	for i := range 24 {
		many = append(many, fmt.Sprint(i))
	}
	_, err = add(many...)
	refused(t, err, "TooManyCertificates", "The maximum number of certificates has been reached: 25")
	is(t, "certificates after a refusal", f.certificates(listener), " default* a b")
}

func TestAddListenerCertificates_withoutTls(t *testing.T) {
	f := newFixture(t)
	balancer, group := f.loadBalancer("plain", types.LoadBalancerTypeEnumApplication), f.targetGroup("plain", types.ProtocolEnumHttp)
	listener := f.listener(balancer.LoadBalancerArn, types.ProtocolEnumHttp, 80, group.TargetGroupArn)
	_, err := f.client.AddListenerCertificates(f.ctx, &elasticloadbalancingv2.AddListenerCertificatesInput{ListenerArn: listener.ListenerArn, Certificates: certificatesNamed("a")})
	refused(t, err, "ValidationError", "Certificates and SSL policies can only be specified for HTTPS and TLS listeners")
	_, err = f.client.AddListenerCertificates(f.ctx, &elasticloadbalancingv2.AddListenerCertificatesInput{ListenerArn: aws.String(missingArn + "listener/app/x/1/2"), Certificates: certificatesNamed("a")})
	refused(t, err, "ListenerNotFound", "One or more listeners not found")
}
