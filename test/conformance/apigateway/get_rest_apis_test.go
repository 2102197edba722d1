// Known from: the model and its paginator; the order is unconfirmed.

package apigateway

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"

	"gatehouse/test/conformance"
)

func TestGetRestApis_pages(t *testing.T) {
	conformance.Ours(t) // an account on AWS has other APIs
	c := client(t)
	want := map[string]bool{}
	for range 3 {
		want[*create(t, c, &apigateway.CreateRestApiInput{Name: aws.String("page")}).Id] = true
	}
	pages, found := 0, map[string]bool{}
	for p := apigateway.NewGetRestApisPaginator(c, &apigateway.GetRestApisInput{Limit: aws.Int32(2)}); p.HasMorePages(); pages++ {
		output, err := p.NextPage(context.Background())
		for _, item := range must(t, output, err).Items {
			found[*item.Id] = true
		}
	}
	if len(found) != len(want) || pages != 2 {
		t.Errorf("found %v in %d pages, want %v in 2", found, pages, want)
	}
}

func TestGetRestApis_badPage(t *testing.T) {
	c := client(t)
	_, err := c.GetRestApis(context.Background(), &apigateway.GetRestApisInput{Position: aws.String("nowhere")})
	refused(t, err, badRequestCode, "Invalid position specified")
	_, err = c.GetRestApis(context.Background(), &apigateway.GetRestApisInput{Limit: aws.Int32(0)})
	refused(t, err, badRequestCode, "Invalid limit specified. It must be at least 1")
}
