package lambda

import (
	"flag"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/fixture"
)

var update = flag.Bool("update", false, "rewrite the results and log of the fixtures")

const fixtureRequestID = "8f5079b4-5a28-4c3a-9d1b-0a4c5c1f7f11"

// TestFixtures runs a function per file of testdata: config, its files, and
// events one after the other; results and log are compared.
func TestFixtures(t *testing.T) {
	fixture.Each(t, "testdata/*.txtar", runFixture)
}

func runFixture(t *testing.T, archive *fixture.Archive) {
	t.Parallel()
	content := readContent(archive)
	f := testFunction("", zipCode(t, content.files))
	content.configure(t, &f)
	r, log := newTestRunner(t)
	var results strings.Builder
	for _, event := range content.events {
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
	archive.Check(t, update,
		fixture.Section{Name: "results", Text: normalise(results.String())}, fixture.Section{Name: "log", Text: normalise(log.text() + "\n")})
}

// content is what a fixture says of a function and its calls.
type content struct {
	config []string
	files  map[string]string
	events []string
}

func readContent(archive *fixture.Archive) content {
	c := content{files: map[string]string{}}
	for _, section := range archive.Sections {
		switch section.Name {
		case "config":
			c.config = strings.Split(strings.TrimSpace(section.Text), "\n")
		case "events":
			c.events = strings.Split(strings.TrimSpace(section.Text), "\n")
		case "results", "log":
		default:
			c.files[section.Name] = section.Text
		}
	}
	return c
}

func (c content) configure(t *testing.T, f *Function) {
	for _, line := range c.config {
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

func normalise(text string) string {
	for _, n := range normalizations {
		text = n.pattern.ReplaceAllString(text, n.by)
	}
	return text
}
