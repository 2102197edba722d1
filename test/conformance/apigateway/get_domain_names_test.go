// Known from: the service model.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"gatehouse/test/conformance"
)

func TestGetDomainNames(t *testing.T) {
	conformance.Ours(t)
	f := newFixture(t)
	f.domainName("b.example.com")
	f.domainName("a.example.com")
	first, err := f.client.GetDomainNames(f.ctx, &apigateway.GetDomainNamesInput{Limit: aws.Int32(1)})
	if must(t, first, err); len(first.Items) != 1 || *first.Items[0].DomainName != "a.example.com" || first.Position == nil {
		t.Fatalf("%+v", first)
	}
	second, err := f.client.GetDomainNames(f.ctx, &apigateway.GetDomainNamesInput{Position: first.Position})
	if must(t, second, err); len(second.Items) != 1 || *second.Items[0].DomainName != "b.example.com" || second.Position != nil {
		t.Errorf("%+v", second)
	}
	_, err = f.client.GetDomainNames(f.ctx, &apigateway.GetDomainNamesInput{ResourceOwner: types.ResourceOwnerOtherAccounts})
	refused(t, err, badRequestCode, "Gatehouse does not support resourceOwner OTHER_ACCOUNTS of DomainName yet: private custom domain names are not built")
}
