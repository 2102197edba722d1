// Known from: guide apigateway-tagging-supported-resources.md; errors unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"

	"gatehouse/test/conformance"
)

func (f *fixture) arn(rest string) *string {
	arn := "arn:aws:apigateway:us-east-1::/restapis/" + *f.apiId + rest
	return &arn
}

func TestTagResource_apiAndStage(t *testing.T) {
	f := newFixture(t)
	f.deploy("prod")
	for _, arn := range []*string{f.arn(""), f.arn("/stages/prod")} {
		_, err := f.client.TagResource(f.ctx, &apigateway.TagResourceInput{ResourceArn: arn, Tags: map[string]string{"a b": "c/d"}})
		must(t, 0, err)
	}
	output, err := f.client.GetRestApi(f.ctx, &apigateway.GetRestApiInput{RestApiId: f.apiId})
	if got := must(t, output, err).Tags; got["a b"] != "c/d" {
		t.Errorf("%v", got)
	}
}

func TestTagResource_refuses(t *testing.T) {
	f := newFixture(t)
	for _, row := range []struct {
		arn                *string
		key, code, message string
	}{
		{f.arn(""), "aws:x", badRequestCode, "Tag keys must have 1 to 128 characters and must not begin with 'aws:'"},
		{f.arn("/stages/none"), "a", notFoundCode, messageStage},
		{aws.String("arn:aws:s3:::bucket"), "a", badRequestCode, "Invalid ARN specified in the request"},
	} {
		_, err := f.client.TagResource(f.ctx, &apigateway.TagResourceInput{ResourceArn: row.arn, Tags: map[string]string{row.key: "v"}})
		refused(t, err, row.code, row.message)
	}
}

func TestTagResource_domainName(t *testing.T) {
	conformance.Ours(t)
	f := newFixture(t)
	arn := f.domainName("tag.example.com").DomainNameArn
	tagged, err := f.client.TagResource(f.ctx, &apigateway.TagResourceInput{ResourceArn: arn, Tags: map[string]string{"more": "tags"}})
	must(t, tagged, err)
	output, err := f.client.GetTags(f.ctx, &apigateway.GetTagsInput{ResourceArn: arn})
	if got := must(t, output, err).Tags; got["more"] != "tags" || got["k"] != "v" {
		t.Errorf("%v", got)
	}
	_, err = f.client.GetTags(f.ctx, &apigateway.GetTagsInput{ResourceArn: aws.String("arn:aws:apigateway:us-east-1::/domainnames/none.example.com")})
	refused(t, err, notFoundCode, messageDomainName)
}
