// Known from: service model; guide getting-started-client-side-ssl-authentication.md.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestGetClientCertificates(t *testing.T) {
	f := newFixture(t)
	made := map[string]bool{f.clientCertificate("one"): true, f.clientCertificate("two"): true}
	var position *string
	for {
		output, err := f.client.GetClientCertificates(f.ctx, &apigateway.GetClientCertificatesInput{Limit: aws.Int32(1), Position: position})
		page := must(t, output, err)
		for _, item := range page.Items {
			delete(made, *item.ClientCertificateId)
		}
		if position = page.Position; position == nil {
			break
		}
	}
	if len(made) > 0 {
		t.Errorf("not listed: %v", made)
	}
}
