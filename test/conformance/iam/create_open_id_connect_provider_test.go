// Known from: the service model; messages as in public reports.

package iam

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestCreateOpenIDConnectProvider_shape(t *testing.T) {
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
	if !strings.HasSuffix(*arn, ":oidc-provider/"+strings.TrimPrefix(issuer, "https://")) {
		t.Errorf("got %s", *arn)
	}
	_, err = f.client.CreateOpenIDConnectProvider(f.ctx, &iam.CreateOpenIDConnectProviderInput{Url: &issuer})
	wantError(t, err, "EntityAlreadyExists", "Provider with url "+issuer+" already exists.")
	_, err = f.client.CreateOpenIDConnectProvider(f.ctx, &iam.CreateOpenIDConnectProviderInput{Url: aws.String("http://issuer.example.com")})
	wantError(t, err, "InvalidInput", "")
}
