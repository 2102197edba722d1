// Known from: elbv2's model; texts unconfirmed.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
)

func TestRemoveListenerCertificates(t *testing.T) {
	f := newFixture(t)
	listener := f.secureListener()
	added, err := f.client.AddListenerCertificates(f.ctx, &elasticloadbalancingv2.AddListenerCertificatesInput{ListenerArn: listener, Certificates: certificatesNamed("a", "b")})
	must(t, added, err)
	remove := func(name string) error {
		_, err := f.client.RemoveListenerCertificates(f.ctx, &elasticloadbalancingv2.RemoveListenerCertificatesInput{ListenerArn: listener, Certificates: certificatesNamed(name)})
		return err
	}
	if err := remove("a"); err != nil {
		t.Fatal(err)
	}
	is(t, "certificates", f.certificates(listener), " default* b")
	refused(t, remove("default"), "OperationNotPermitted", "Default certificate cannot be removed")
}
