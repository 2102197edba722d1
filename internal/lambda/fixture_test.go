package lambda

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the results and log of the fixtures")

const fixtureRequestID = "8f5079b4-5a28-4c3a-9d1b-0a4c5c1f7f11"

// TestFixtures runs a function per file of testdata: config, its files, and
// events one after the other; results and log are compared.
func TestFixtures(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			runFixture(t, file)
		})
	}
}

func runFixture(t *testing.T, file string) {
	text, err := readArchive(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(text.comment) < 10 {
		t.Errorf("%s does not say how we know", file)
	}
	fixture := readFixture(text)
	f := testFunction("", zipCode(t, fixture.files))
	fixture.configure(t, &f)
	r, log := newTestRunner(t)
	var results strings.Builder
	for _, event := range fixture.events {
		result, err := r.Invoke(t.Context(), f, Invocation{
			RequestID: fixtureRequestID, Payload: []byte(event), TraceID: "Root=1-5e1b4151-5ac6c58f5a5b5c5d5e5f6061",
			ClientContext:   []byte(`{"client":{"app_title":"pets"},"custom":{"a":1},"env":{"locale":"en"}}`),
			CognitoIdentity: []byte(`{"cognitoIdentityId":"id","cognitoIdentityPoolId":"pool"}`),
		})
		if err != nil {
			t.Fatal(err)
		}
		if result.FunctionError != "" {
			results.WriteString(result.FunctionError + " ")
		}
		results.WriteString(string(result.Payload) + "\n")
	}
	got := map[string]string{"results": normalize(results.String()), "log": normalize(log.text() + "\n")}
	if *update {
		rewriteFixture(t, file, text, got)
		return
	}
	for name, text := range got {
		if diff := cmp.Diff(fixture.want[name], text); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

type fixture struct {
	config []string
	files  map[string]string
	events []string
	want   map[string]string
}

func readFixture(a *archive) fixture {
	f := fixture{files: map[string]string{}, want: map[string]string{}}
	for _, file := range a.files {
		text := file.text
		switch file.name {
		case "config":
			f.config = strings.Split(strings.TrimSpace(text), "\n")
		case "events":
			f.events = strings.Split(strings.TrimSpace(text), "\n")
		case "results", "log":
			f.want[file.name] = text
		default:
			f.files[file.name] = text
		}
	}
	return f
}

func (x fixture) configure(t *testing.T, f *Function) {
	for _, line := range x.config {
		key, value, _ := strings.Cut(line, ": ")
		var err error
		switch key {
		case "runtime":
			f.Runtime = value
		case "handler":
			f.Handler = value
		case "timeout":
			f.Timeout, err = time.ParseDuration(value)
		case "memory":
			f.MemorySize, err = strconv.Atoi(value)
		case "environment":
			f.Environment = map[string]string{}
			for _, pair := range strings.Fields(value) {
				name, text, _ := strings.Cut(pair, "=")
				f.Environment[name] = text
			}
		default:
			t.Errorf("unknown key in config: %q", key)
		}
		if err != nil {
			t.Error(err)
		}
	}
}

// normalizations replace what differs from run to run and machine to machine.
var normalizations = []struct {
	pattern *regexp.Regexp
	by      string
}{
	{regexp.MustCompile(fixtureRequestID), "REQUEST_ID"},
	{regexp.MustCompile(`(INIT_START Runtime Version: [^\t]*)\t.*`), "$1"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT[\d:.]+Z`), "TIME"},
	{regexp.MustCompile(`Duration: [\d.]+ ms`), "Duration: N ms"},
	{regexp.MustCompile(`Max Memory Used: \d+ MB`), "Max Memory Used: N MB"},
	{regexp.MustCompile(`/[^ "(]*/importlib/__init__.py(\\?"), line \d+`), `importlib$1, line N`},
	{regexp.MustCompile(`(<frozen [^,]*), line \d+`), "$1, line N"},
	{regexp.MustCompile(`index\.mjs:\d+:\d+`), "index.mjs:L:C"},
	{regexp.MustCompile(`,"    at [^"]*\(?node:[^"]*"`), ""}, // frames of Node.js itself change with its version
}

func normalize(text string) string {
	for _, n := range normalizations {
		text = n.pattern.ReplaceAllString(text, n.by)
	}
	return text
}

func rewriteFixture(t *testing.T, file string, a *archive, got map[string]string) {
	for i := range a.files {
		if text, ok := got[a.files[i].name]; ok {
			a.files[i].text = text
		}
	}
	if err := os.WriteFile(file, []byte(a.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
