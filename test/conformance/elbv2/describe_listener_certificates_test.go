// Known from: elbv2's model.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
)

func TestDescribeListenerCertificates(t *testing.T) {
	f := newFixture(t)
	listener := f.secureListener()
	is(t, "certificates", f.certificates(listener), " default*")
	added, err := f.client.AddListenerCertificates(f.ctx, &elasticloadbalancingv2.AddListenerCertificatesInput{ListenerArn: listener, Certificates: certificatesNamed("default")})
	must(t, added, err)
	is(t, "a default that was added too", f.certificates(listener), " default* default")
	first, err := f.client.DescribeListenerCertificates(f.ctx, &elasticloadbalancingv2.DescribeListenerCertificatesInput{ListenerArn: listener, PageSize: aws.Int32(1)})
	second, err := f.client.DescribeListenerCertificates(f.ctx, &elasticloadbalancingv2.DescribeListenerCertificatesInput{ListenerArn: listener, Marker: must(t, first, err).NextMarker})
	is(t, "the second page", len(must(t, second, err).Certificates), 1)
	_, err = f.client.DescribeListenerCertificates(f.ctx, &elasticloadbalancingv2.DescribeListenerCertificatesInput{ListenerArn: aws.String(missingArn + "listener/app/x/1/2")})
	refused(t, err, "ListenerNotFound", "One or more listeners not found")
}
