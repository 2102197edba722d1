// Known from: guide http-api-export.md; the document is unconfirmed but for its extensions.

package apigatewayv2

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

func TestExportApi(t *testing.T) {
	f := newHttp(t)
	f.route("GET /a")
	f.route("$default")
	output, err := f.client.ExportApi(f.ctx, &apigatewayv2.ExportApiInput{ApiId: f.apiId, OutputType: aws.String("JSON"), Specification: aws.String("OAS30")})
	var document struct {
		OpenApi string                                `json:"openapi"`
		Paths   map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(must(t, output, err).Body, &document); err != nil {
		t.Fatal(err)
	}
	if document.OpenApi != "3.0.1" || document.Paths["/a"]["get"] == nil || document.Paths["/$default"]["x-amazon-apigateway-any-method"] == nil {
		t.Errorf("%s", output.Body)
	}
}

func TestExportApi_withoutExtensions(t *testing.T) {
	f := newHttp(t)
	f.route("GET /a")
	output, err := f.client.ExportApi(f.ctx, &apigatewayv2.ExportApiInput{
		ApiId: f.apiId, OutputType: aws.String("YAML"), Specification: aws.String("OAS30"), IncludeExtensions: aws.Bool(false),
	})
	if body := string(must(t, output, err).Body); strings.Contains(body, "x-amazon-apigateway") || !strings.Contains(body, "/a:") {
		t.Errorf("%s", body)
	}
	if raw, ok := awsmiddleware.GetRawResponse(output.ResultMetadata).(*smithyhttp.Response); !ok || raw.Header.Get("Content-Type") != "application/yaml" {
		t.Error("YAML is not sent as such")
	}
}
