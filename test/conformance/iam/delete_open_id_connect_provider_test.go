// Known from: the service model; messages as in public reports.

package iam

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestDeleteOpenIDConnectProvider_twice(t *testing.T) {
	f := newFixture(t)
	issuer := "https://" + *name("issuer") + ".example.com/realm"
	out, err := f.client.CreateOpenIDConnectProvider(f.ctx, &iam.CreateOpenIDConnectProviderInput{
		Url: &issuer, ClientIDList: []string{"app"}, ThumbprintList: []string{strings.Repeat("a", 40)},
	})
	arn := must(t, out, err).OpenIDConnectProviderArn
	defer func() {
		_, err := f.client.DeleteOpenIDConnectProvider(f.ctx, &iam.DeleteOpenIDConnectProviderInput{OpenIDConnectProviderArn: arn})
		must(t, 0, err)
	}()
	_, err = f.client.DeleteOpenIDConnectProvider(f.ctx, &iam.DeleteOpenIDConnectProviderInput{OpenIDConnectProviderArn: arn})
	must(t, 0, err)
	_, err = f.client.GetOpenIDConnectProvider(f.ctx, &iam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: arn})
	wantError(t, err, "NoSuchEntity", "")
}
