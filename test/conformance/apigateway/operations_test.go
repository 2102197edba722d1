// Known from: the model, which lists the operations.

package apigateway

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"

	"gatehouse/test/conformance"
)

// What is not built names itself, with 501.
func TestOperations_notBuilt(t *testing.T) {
	conformance.Ours(t)
	_, err := client(t).GetSdkTypes(context.Background(), &apigateway.GetSdkTypesInput{})
	refused(t, err, "NotImplementedException", "apigateway GetSdkTypes is not implemented by Gatehouse.")
}
