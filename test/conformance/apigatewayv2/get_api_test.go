// Known from: the API reference.

package apigatewayv2

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetApi_missing(t *testing.T) {
	_, err := client(t).GetApi(context.Background(), &apigatewayv2.GetApiInput{ApiId: aws.String(missingId)})
	refused(t, err, notFoundCode, messageApi)
}
