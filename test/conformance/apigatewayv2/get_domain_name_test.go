// Known from: the API reference.

package apigatewayv2

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetDomainName_missing(t *testing.T) {
	_, err := client(t).GetDomainName(context.Background(), &apigatewayv2.GetDomainNameInput{DomainName: aws.String("none.example.com")})
	refused(t, err, notFoundCode, "Invalid domain name identifier specified")
}
