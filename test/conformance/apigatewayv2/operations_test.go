// Known from: the model, which lists the operations.

package apigatewayv2

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"

	"gatehouse/test/conformance"
)

// What is not built names itself, with 501.
func TestOperations_notBuilt(t *testing.T) {
	conformance.Ours(t)
	_, err := client(t).ListPortals(context.Background(), &apigatewayv2.ListPortalsInput{})
	refused(t, err, "NotImplementedException", "apigatewayv2 ListPortals is not implemented by Gatehouse.")
}
