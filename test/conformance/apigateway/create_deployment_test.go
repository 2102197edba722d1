// Known from: guide create-api-using-awscli.md, set-up-deployments.md; errors observed, those of a stage unconfirmed.

package apigateway

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestCreateDeployment_makesTheStage(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	f.mock(f.rootId)
	output, err := f.client.CreateDeployment(f.ctx, &apigateway.CreateDeploymentInput{
		RestApiId: f.apiId, StageName: aws.String("test"), StageDescription: aws.String("s"), Description: aws.String("d"), Variables: map[string]string{"a": "b"},
	})
	got := must(t, output, err)
	is(t, "description", got.Description, "d")
	if len(*got.Id) != 6 || got.CreatedDate == nil {
		t.Errorf("%+v", got)
	}
	stage, err := f.client.GetStage(f.ctx, &apigateway.GetStageInput{RestApiId: f.apiId, StageName: aws.String("test")})
	is(t, "deploymentId", must(t, stage, err).DeploymentId, *got.Id)
	is(t, "stage description", stage.Description, "s")
	if stage.Variables["a"] != "b" {
		t.Errorf("%v", stage.Variables)
	}
}

func TestCreateDeployment_movesTheStage(t *testing.T) {
	f := newFixture(t)
	first := f.deploy("test")
	patched, err := f.patchStage(op(types.OpReplace, "/variables/a", "b"))
	must(t, patched, err)
	second := f.deploy("test")
	stage, err := f.client.GetStage(f.ctx, &apigateway.GetStageInput{RestApiId: f.apiId, StageName: aws.String("test")})
	is(t, "deploymentId", must(t, stage, err).DeploymentId, *second)
	if *first == *second || stage.Variables["a"] != "b" {
		t.Errorf("%s %s %v", *first, *second, stage.Variables)
	}
}

// Terraform's provider sends texts that are empty.
func TestCreateDeployment_emptyTexts(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	f.mock(f.rootId)
	output, err := f.client.CreateDeployment(f.ctx, &apigateway.CreateDeploymentInput{
		RestApiId: f.apiId, StageName: aws.String(""), StageDescription: aws.String(""), Description: aws.String(""), Variables: map[string]string{},
	})
	must(t, output, err)
	stages, err := f.client.GetStages(f.ctx, &apigateway.GetStagesInput{RestApiId: f.apiId})
	if got := must(t, stages, err).Item; len(got) != 0 {
		t.Errorf("%v", got)
	}
}

func TestCreateDeployment_refuses(t *testing.T) {
	f := newFixture(t)
	in := &apigateway.CreateDeploymentInput{RestApiId: f.apiId}
	_, err := f.client.CreateDeployment(f.ctx, in)
	refused(t, err, badRequestCode, "The REST API doesn't contain any methods")
	f.method(f.rootId, nil)
	_, err = f.client.CreateDeployment(f.ctx, in)
	refused(t, err, badRequestCode, messageNoBackend)
	f.mock(f.rootId)
	in.StageName = aws.String("a.b")
	_, err = f.client.CreateDeployment(f.ctx, in)
	refused(t, err, badRequestCode, "Stage name only allows a-zA-Z0-9_")
	in.StageName, in.StageDescription = nil, aws.String("lost")
	_, err = f.client.CreateDeployment(f.ctx, in)
	refused(t, err, badRequestCode, "Stage name must be specified with settings of a stage")
	output, err := f.client.GetDeployments(f.ctx, &apigateway.GetDeploymentsInput{RestApiId: f.apiId})
	if got := must(t, output, err).Items; len(got) != 0 {
		t.Errorf("%d deployments are left of refused ones", len(got))
	}
}

func TestCreateDeployment_missing(t *testing.T) {
	_, err := client(t).CreateDeployment(context.Background(), &apigateway.CreateDeploymentInput{RestApiId: aws.String(missingId)})
	refused(t, err, notFoundCode, messageApi)
}
