// Known from: the API reference; the template is unconfirmed.

package apigatewayv2

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

func TestGetModelTemplate(t *testing.T) {
	f := newWebSocket(t)
	output, err := f.client.GetModelTemplate(f.ctx, &apigatewayv2.GetModelTemplateInput{ApiId: f.apiId, ModelId: f.model()})
	if value := *must(t, output, err).Value; !strings.HasPrefix(value, "#set($inputRoot = $input.path('$'))") {
		t.Errorf("%q", value)
	}
}
