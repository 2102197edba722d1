package arch

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "gatehouse/"

// walls is what a part may never reach, even through others (ARCHITECTURE.md, "Walls").
var walls = []struct {
	from    string   // a package and all beneath it
	never   []string // packages, each with all beneath it
	because string
}{
	{"internal/dataplane", []string{"internal/control", "internal/store", "internal/awsapi", "internal/compile"},
		"a request is served from the published plan alone; it never waits on the control plane"},
	{"internal/control", []string{"internal/dataplane", "internal/plan"},
		"an operation changes records; publish carries them over"},
	{"internal/awsapi", []string{"internal/apigw"}, "generated code knows the model and nothing else"},
	{"internal/compile", []string{"internal/store"}, "compiling is a pure function, so it can be tested on text"},
	{"internal/vtl", []string{"internal"}, "an engine knows no gateway"},
	{"internal/jsonpath", []string{"internal"}, "an engine knows no gateway"},
	{"internal/jsonschema", []string{"internal"}, "an engine knows no gateway"},
	{"internal/value", []string{"internal"}, "the values of the engines know nothing else"},
	{"internal/sigv4", []string{"internal"}, "signatures know no users"},
	{"internal/throttle", []string{"internal"}, "an engine knows no gateway"},
	{"internal/apigw", []string{"internal"}, "the nouns depend on nothing"},
}

// gates are the imports that a wall lets through, each with its reason.
var gates = map[string][]string{
	"internal/vtl":      {"internal/value"}, // the closed set of values that the engines share
	"internal/jsonpath": {"internal/value"},
	// records says where the nouns are kept, so it knows the store; the nouns do not.
	"internal/apigw/records": {"internal/store", "internal/deployment", "internal/apigw"},
}

type listedPackage struct {
	ImportPath string
	Dir        string
	Deps       []string
	Doc        string
	Name       string
	GoFiles    []string
}

func listPackages(t *testing.T) []listedPackage {
	t.Helper()
	command := exec.Command("go", "list", "-json=ImportPath,Dir,Deps,Doc,Name,GoFiles", "gatehouse/...")
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var packages []listedPackage
	decoder := json.NewDecoder(bytes.NewReader(output))
	for {
		var p listedPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

func within(importPath, folder string) bool {
	relative, ok := strings.CutPrefix(importPath, module)
	return ok && (relative == folder || strings.HasPrefix(relative, folder+"/"))
}

func TestWalls(t *testing.T) {
	packages := listPackages(t)
	for _, wall := range walls {
		found := false
		for _, p := range packages {
			if within(p.ImportPath, wall.from) {
				found = true
				checkWall(t, p, wall.from, wall.never, wall.because)
			}
		}
		if !found {
			t.Errorf("the wall of %s stands around nothing", wall.from)
		}
	}
}

func checkWall(t *testing.T, p listedPackage, from string, never []string, because string) {
	t.Helper()
	allowed := append([]string{from}, gates[strings.TrimPrefix(p.ImportPath, module)]...)
	allowed = append(allowed, gates[from]...)
	for _, dep := range p.Deps {
		reaches := slices.ContainsFunc(never, func(folder string) bool { return within(dep, folder) })
		excused := slices.ContainsFunc(allowed, func(folder string) bool { return within(dep, folder) })
		if reaches && !excused {
			t.Errorf("%s reaches %s: %s", p.ImportPath, dep, because)
		}
	}
}
