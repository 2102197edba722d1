package lambda

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// fakeProgram writes a program that answers the finder's question.
func fakeProgram(t *testing.T, path, version string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	script := "#!/bin/sh\necho " + path + "\necho " + version + "\n"
	if version == "" {
		script = "#!/bin/sh\nexit 127\n"
	}
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestInterpreters_Find(t *testing.T) {
	home := t.TempDir()
	bin := filepath.Join(home, "bin")
	python310 := fakeProgram(t, bin+"/python3.10", "3.10.4")
	fakeProgram(t, bin+"/python3.9", "3.9.18")
	fakeProgram(t, bin+"/python3-config", "9.9.9")
	fakeProgram(t, home+"/.pyenv/shims/python3.12", "")
	python313 := fakeProgram(t, home+"/.pyenv/versions/3.13.0/bin/python3.13", "3.13.0")
	python312 := fakeProgram(t, home+"/.pyenv/versions/3.12.1/bin/python3.12", "3.12.1")
	node20 := fakeProgram(t, bin+"/node", "20.1.0")
	node22 := fakeProgram(t, home+"/.nvm/versions/node/v22.3.0/bin/node", "22.3.0")
	both := bin + ":" + home + "/.pyenv/shims"

	cases := []struct {
		path, home, runtime string
		want                Interpreter
	}{
		{both, "", "python3.10", Interpreter{python310, "3.10.4", true}},
		{both, "", "python3.12", Interpreter{python312, "3.12.1", true}},
		{both, "", "python3.11", Interpreter{python313, "3.13.0", false}},
		{bin, "", "python3.12", Interpreter{python310, "3.10.4", false}},
		{bin, home, "python3.12", Interpreter{python312, "3.12.1", true}},
		{bin, "", "nodejs20.x", Interpreter{node20, "20.1.0", true}},
		{bin, "", "nodejs22.x", Interpreter{node20, "20.1.0", false}},
		{bin, home, "nodejs22.x", Interpreter{node22, "22.3.0", true}},
		{bin, home, "nodejs18.x", Interpreter{node22, "22.3.0", false}},
		{"", "", "provided.al2", Interpreter{Exact: true}},
	}
	for _, c := range cases {
		finder := &Interpreters{Path: c.path, Home: c.home}
		got, err := finder.Find(t.Context(), c.runtime)
		if err != nil || got != c.want {
			t.Errorf("%s on %s: got %+v, %v, want %+v", c.runtime, c.path, got, err, c.want)
		}
	}
}

// What is missing is looked for again, what was found is not.
func TestInterpreters_remember(t *testing.T) {
	bin := t.TempDir()
	finder := &Interpreters{Path: bin}
	var missing *ErrRuntimeMissing
	if _, err := finder.Find(t.Context(), "nodejs20.x"); !errors.As(err, &missing) ||
		err.Error() != `runtime "nodejs20.x" needs Node.js, which is not installed on this machine` {
		t.Errorf("got %v", err)
	}
	program := fakeProgram(t, bin+"/node", "18.0.0")
	got, err := finder.Find(t.Context(), "nodejs20.x")
	if err != nil || got.Describe("nodejs20.x") != "Node.js 18.0.0 ("+program+") in place of nodejs20.x" {
		t.Errorf("got %+v, %v", got, err)
	}
	os.Remove(program)
	if again, err := finder.Find(t.Context(), "nodejs20.x"); err != nil || again != got {
		t.Errorf("got %+v, %v", again, err)
	}
}

func TestCompareVersions(t *testing.T) {
	cases := []struct {
		a, b string
		want int
	}{{"3.12.1", "3.9.18", 1}, {"3.9", "3.9.1", -1}, {"20", "20", 0}, {"", "1", -1}}
	for _, c := range cases {
		if got := compareVersions(c.a, c.b); got != c.want {
			t.Errorf("compareVersions(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
