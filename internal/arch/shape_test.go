package arch

import (
	"bufio"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Bounds of STYLE.md, rule 10.
const maxFileLines = 800

var bannedNames = []string{"util", "utils", "common", "helpers", "base", "misc", "models", "manager"}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	for _, p := range listPackages(t) {
		if len(p.GoFiles) == 0 {
			continue
		}
		if p.Doc == "" {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
		if slices.Contains(bannedNames, p.Name) {
			t.Errorf("%s: the name says nothing; see STYLE.md", p.ImportPath)
		}
	}
}

func TestFilesAreShort(t *testing.T) {
	for _, p := range listPackages(t) {
		for _, name := range p.GoFiles {
			path := filepath.Join(p.Dir, name)
			lines, generated := measure(t, path)
			if lines > maxFileLines && !generated {
				t.Errorf("%s has %d lines, at most %d are readable", path, lines, maxFileLines)
			}
		}
	}
}

func measure(t *testing.T, path string) (lines int, generated bool) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		lines++
		generated = generated || strings.HasSuffix(scanner.Text(), "DO NOT EDIT.")
	}
	if err := scanner.Err(); err != nil {
		t.Fatal(err)
	}
	return lines, generated
}

var quotedPath = regexp.MustCompile("`((?:cmd|internal|tools|test|docs|examples)/[^`*{}<> ]+)`")

// ARCHITECTURE.md and CONTRIBUTING.md lead people to files; each must be there.
func TestDocumentsNameWhatExists(t *testing.T) {
	for _, document := range []string{"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "STYLE.md", "DEPENDENCIES.md"} {
		text, err := os.ReadFile(filepath.Join("..", "..", document))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, match := range quotedPath.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join("..", "..", match[1])); err != nil {
				t.Errorf("%s names %s, which does not exist", document, match[1])
			}
		}
	}
}

// Every direct dependency is argued for.
func TestDependenciesAreArguedFor(t *testing.T) {
	argued, err := os.ReadFile(filepath.Join("..", "..", "DEPENDENCIES.md"))
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := os.ReadFile(filepath.Join("..", "..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(manifest)) {
		fields := strings.Fields(line)
		if len(fields) != 2 || !strings.HasPrefix(fields[1], "v") || !strings.Contains(fields[0], ".") {
			continue // indirect, or no requirement
		}
		if name := fields[0]; !strings.Contains(string(argued), name) && !strings.HasPrefix(name, "github.com/aws/aws-sdk-go-v2/") {
			t.Errorf("DEPENDENCIES.md does not argue for %s", name)
		}
	}
}
