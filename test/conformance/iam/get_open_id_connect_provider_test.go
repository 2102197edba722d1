// Known from: the service model; messages as in public reports.

package iam

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestGetOpenIDConnectProvider_shape(t *testing.T) {
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
	got, err := f.client.GetOpenIDConnectProvider(f.ctx, &iam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: arn})
	if must(t, got, err); "https://"+*got.Url != issuer || len(got.ClientIDList) != 1 || got.ClientIDList[0] != "app" || len(got.ThumbprintList) != 1 {
		t.Errorf("got %s %v", *got.Url, got.ClientIDList)
	}
	missing := *arn + "x"
	_, err = f.client.GetOpenIDConnectProvider(f.ctx, &iam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: &missing})
	wantError(t, err, "NoSuchEntity", "OpenIDConnect Provider not found for arn "+missing)
}
