package apis

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/awsapi/apigatewayv2"
)

// Source: the API reference; the ARNs are those of arn-format-reference.md.
func TestTags(t *testing.T) {
	f := newFixture(t)
	f.staged()
	f.domain("api.example")
	link := *must(f.CreateVpcLink(f.ctx, &apigatewayv2.CreateVpcLinkInput{Name: "l", SubnetIds: []string{"s"}}))(t).VpcLinkId
	const prefix = "arn:aws:apigateway:us-east-1::"
	for _, path := range []string{"/apis/" + f.http, "/apis/" + f.http + "/stages/s", "/vpclinks/" + link, "/domainnames/api.example"} {
		arn := prefix + path
		must(f.TagResource(f.ctx, &apigatewayv2.TagResourceInput{ResourceArn: arn, Tags: map[string]string{"a": "1", "b": "2"}}))(t)
		must(f.UntagResource(f.ctx, &apigatewayv2.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"a", "none"}}))(t)
		got := must(f.GetTags(f.ctx, &apigatewayv2.GetTagsInput{ResourceArn: arn}))(t).Tags
		if diff := cmp.Diff(map[string]string{"b": "2"}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", arn, diff)
		}
		_, err := f.TagResource(f.ctx, &apigatewayv2.TagResourceInput{ResourceArn: arn, Tags: map[string]string{"aws:a": "1"}})
		wantError(t, err, badRequestCode, messageInvalidTagKey)
	}
	for arn, want := range map[string][2]string{
		"arn:aws:apigateway:eu-west-1::/apis/" + f.http: {badRequestCode, messageInvalidArn},
		prefix + "/apis/" + missingId:                   {notFoundCode, "Invalid API identifier specified 000000000000:" + missingId},
		prefix + "/apis/" + f.http + "/stages/none":     {notFoundCode, "Unable to find Stage by name none"},
		prefix + "/vpclinks/none":                       {notFoundCode, "Invalid VpcLink identifier specified"},
		prefix + "/routes/none":                         {badRequestCode, messageInvalidArn},
	} {
		_, err := f.GetTags(f.ctx, &apigatewayv2.GetTagsInput{ResourceArn: arn})
		wantError(t, err, want[0], want[1])
	}
}
