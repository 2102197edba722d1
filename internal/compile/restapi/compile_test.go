package restapi

import (
	"encoding/json"
	"flag"
	"strings"
	"testing"

	"gatehouse/internal/apigw"
	"gatehouse/internal/deployment/deploymenttest"
	"gatehouse/internal/fixture"
)

var update = flag.Bool("update", false, "rewrite the expected sections of the fixtures")

// TestCompile compares the printed plan and diagnostics of each fixture:
//
//	api          a deploymenttest API
//	stage        an apigw.Stage
//	plan         RestStage.Text
//	diagnostics  one a line
func TestCompile(t *testing.T) {
	fixture.Each(t, "testdata/*.txtar", testFixture)
}

func testFixture(t *testing.T, archive *fixture.Archive) {
	snapshot, err := deploymenttest.Parse([]byte(archive.Text("api")))
	if err != nil {
		t.Fatal(err)
	}
	stage := apigw.Stage{StageName: "prod", DeploymentId: "d1"}
	if section, ok := archive.Get("stage"); ok {
		if err := json.Unmarshal([]byte(section), &stage); err != nil {
			t.Fatal(err)
		}
	}
	plan, diagnostics := Compile(&snapshot, &stage, Options{Scope: apigw.Scope{Account: "123456789012", Region: "us-east-1"}})
	var lines strings.Builder
	for _, diagnostic := range diagnostics {
		lines.WriteString(diagnostic.String() + "\n")
	}
	archive.Check(t, update, fixture.Section{Name: "plan", Text: plan.Text()}, fixture.Section{Name: "diagnostics", Text: lines.String()})
}
