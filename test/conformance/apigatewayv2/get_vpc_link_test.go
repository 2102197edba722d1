// Known from: the API reference; the error is unconfirmed.

package apigatewayv2

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetVpcLink_missing(t *testing.T) {
	_, err := client(t).GetVpcLink(context.Background(), &apigatewayv2.GetVpcLinkInput{VpcLinkId: aws.String(missingId)})
	refused(t, err, notFoundCode, "Invalid VpcLink identifier specified")
}
