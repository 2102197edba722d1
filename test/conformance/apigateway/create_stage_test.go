// Known from: guide apigateway-enabling-xray.md (output); errors observed, those of names unconfirmed.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestCreateStage(t *testing.T) {
	f := newFixture(t)
	output, err := f.client.CreateStage(f.ctx, &apigateway.CreateStageInput{
		RestApiId: f.apiId, StageName: aws.String("prod-1_A"), DeploymentId: f.deploy(""), Description: aws.String("d"),
		Variables: map[string]string{"url": "https://a.b/c?d=e"}, Tags: map[string]string{"k": "v"},
	})
	got := must(t, output, err)
	is(t, "stageName", got.StageName, "prod-1_A")
	is(t, "cacheClusterStatus", &got.CacheClusterStatus, types.CacheClusterStatusNotAvailable)
	if got.MethodSettings == nil || got.CacheClusterEnabled || got.TracingEnabled || got.Tags["k"] != "v" || got.LastUpdatedDate == nil {
		t.Errorf("%+v", got)
	}
}

func TestCreateStage_refuses(t *testing.T) {
	f := newFixture(t)
	id := f.deploy("there")
	for _, row := range []struct {
		in            apigateway.CreateStageInput
		code, message string
	}{
		{apigateway.CreateStageInput{StageName: aws.String("there"), DeploymentId: id}, conflictCode, "Stage already exists"},
		{apigateway.CreateStageInput{StageName: aws.String("s"), DeploymentId: aws.String("zzzzzz")}, badRequestCode, "Deployment id does not exist"},
		{apigateway.CreateStageInput{StageName: aws.String("$default"), DeploymentId: id}, badRequestCode, "Stage name only allows a-zA-Z0-9_"},
		{
			apigateway.CreateStageInput{StageName: aws.String("s"), DeploymentId: id, Variables: map[string]string{"a-b": "c"}}, badRequestCode,
			"Invalid stage variable name: a-b. Please use names of alphanumeric characters and underscores, at most 64 of them.",
		},
		{
			apigateway.CreateStageInput{StageName: aws.String("s"), DeploymentId: id, Variables: map[string]string{"a": "{}"}}, badRequestCode,
			"Invalid stage variable value: {}. Please use values with alphanumeric characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','.",
		},
		{apigateway.CreateStageInput{StageName: aws.String("s"), DeploymentId: id, Tags: map[string]string{"aws:a": "b"}}, badRequestCode, "Tag keys must have 1 to 128 characters and must not begin with 'aws:'"},
	} {
		in := row.in
		in.RestApiId = f.apiId
		_, err := f.client.CreateStage(f.ctx, &in)
		refused(t, err, row.code, row.message)
	}
}

func TestCreateStage_cache(t *testing.T) {
	f := newFixture(t)
	id := f.deploy("")
	output, err := f.client.CreateStage(f.ctx, &apigateway.CreateStageInput{RestApiId: f.apiId, StageName: aws.String("s"), DeploymentId: id, CacheClusterEnabled: true})
	got := must(t, output, err)
	is(t, "cacheClusterStatus", &got.CacheClusterStatus, types.CacheClusterStatusCreateInProgress)
	is(t, "cacheClusterSize", &got.CacheClusterSize, types.CacheClusterSizeSize0Point5Gb)
	_, err = f.client.CreateStage(f.ctx, &apigateway.CreateStageInput{RestApiId: f.apiId, StageName: aws.String("t"), DeploymentId: id, CacheClusterEnabled: true, CacheClusterSize: "2"})
	refused(t, err, "ValidationException", "1 validation error detected: Value '2' at 'createStageInput.cacheClusterSize' failed to satisfy constraint: "+
		"Member must satisfy enum value set: [0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237]")
}
