// Known from: the service model, and the page of the operation in the IAM API Reference.

package iam

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

func TestListOpenIDConnectProviders_all(t *testing.T) {
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
	list, err := f.client.ListOpenIDConnectProviders(f.ctx, &iam.ListOpenIDConnectProvidersInput{})
	if !slices.ContainsFunc(must(t, list, err).OpenIDConnectProviderList, func(one types.OpenIDConnectProviderListEntry) bool { return *one.Arn == *arn }) {
		t.Errorf("%s is not among %d", *arn, len(list.OpenIDConnectProviderList))
	}
}
