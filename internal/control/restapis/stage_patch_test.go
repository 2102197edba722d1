package restapis

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/apigw"
	"gatehouse/internal/awsapi/apigateway"
)

// The canary's patches. Source: guide
// create-canary-deployment.md, update-canary-deployment.md, promote-canary-deployment.md.
func TestStagePatches_canary(t *testing.T) {
	stage := apigw.Stage{DeploymentId: "old", Variables: map[string]string{"sv0": "0", "sv1": "1"}}
	apply := func(op apigateway.Op, path, from, to string) {
		t.Helper()
		operation := apigateway.PatchOperation{Op: op, Path: &path, From: &from, Value: &to}
		if err := applyStagePatch(&stage, []apigateway.PatchOperation{operation}); err != nil {
			t.Fatalf("%s %s: %v", op, path, err)
		}
	}
	apply("replace", "/canarySettings/percentTraffic", "", "10.5")
	if stage.CanarySettings.DeploymentId != "old" {
		t.Errorf("a new canary is of deployment %q", stage.CanarySettings.DeploymentId)
	}
	apply("replace", "/canarySettings/deploymentId", "", "new")
	apply("replace", "/canarySettings/useStageCache", "", "false")
	apply("replace", "/canarySettings/stageVariableOverrides/sv1", "", "2")
	apply("add", "/canarySettings/stageVariableOverrides/sv2", "", "3")
	want := &apigw.CanarySettings{PercentTraffic: 10.5, DeploymentId: "new", StageVariableOverrides: map[string]string{"sv1": "2", "sv2": "3"}}
	if diff := cmp.Diff(want, stage.CanarySettings); diff != "" {
		t.Error(diff)
	}
	apply("copy", "/deploymentId", "/canarySettings/deploymentId", "")
	apply("copy", "/variables", "/canarySettings/stageVariableOverrides", "")
	apply("remove", "/canarySettings", "", "")
	promoted := apigw.Stage{DeploymentId: "new", Variables: map[string]string{"sv0": "0", "sv1": "2", "sv2": "3"}}
	if diff := cmp.Diff(promoted, stage); diff != "" {
		t.Error(diff)
	}
}

func TestStagePatches_copyNeedsACanary(t *testing.T) {
	stage := apigw.Stage{}
	for path, from := range map[string]string{"/deploymentId": "/canarySettings/deploymentId", "/variables": "/canarySettings/stageVariableOverrides"} {
		err := applyStagePatch(&stage, []apigateway.PatchOperation{{Op: "copy", Path: &path, From: &from}})
		if err == nil {
			t.Errorf("%s was copied from nothing", path)
		}
	}
}
