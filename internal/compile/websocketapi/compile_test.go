package websocketapi

import (
	"encoding/json"
	"flag"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/compile/websocketapi/snapshottest"
	"gatehouse/internal/deployment/deploymenttest"
)

var update = flag.Bool("update", false, "rewrite the expected sections of the fixtures")

// TestCompile compares the printed plan and diagnostics of each fixture: api, stage,
// plan, diagnostics.
func TestCompile(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { testFixture(t, path) })
	}
}

func testFixture(t *testing.T, path string) {
	archive, err := deploymenttest.ReadArchive(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(archive.Comment, "Source: ") {
		t.Error("the first line must say how we know")
	}
	api, _ := archive.Get("api")
	snapshot, err := snapshottest.Parse([]byte(api))
	if err != nil {
		t.Fatal(err)
	}
	stage := apigwv2.Stage{StageName: "prod", DeploymentId: "d1"}
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
	got := map[string]string{"plan": plan.Text(), "diagnostics": lines.String()}
	for _, name := range []string{"plan", "diagnostics"} {
		want, _ := archive.Get(name)
		if *update {
			archive.Set(name, got[name])
		} else if diff := cmp.Diff(want, got[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if *update {
		if err := archive.Write(path); err != nil {
			t.Fatal(err)
		}
	}
}
