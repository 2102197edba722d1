package httpapi

import (
	"os"
	"testing"

	"gatehouse/internal/fault"
)

func TestEveryStepHasItsFile(t *testing.T) {
	files := map[string]string{"throttle": "throttle.go"}
	for _, step := range steps {
		file := files[step.name]
		if file == "" {
			file = step.name + ".go"
		}
		if _, err := os.Stat(file); err != nil {
			t.Errorf("step %s: %v", step.name, err)
		}
	}
}

// Every fault that can reach an HTTP API looks like one of a few answers.
func TestRenderings(t *testing.T) {
	for id, want := range map[fault.Id]rendered{
		fault.NoRoute: {404, "Not Found"}, fault.IdentityMissing: {401, "Unauthorized"}, fault.JwtScopeMissing: {403, "Forbidden"},
		fault.Throttled: {429, "Too Many Requests"}, fault.RequestTooLarge: {413, "Request Too Long"},
		fault.IntegrationTimeout: {503, "Service Unavailable"}, fault.Panicked: {500, "Internal Server Error"},
		fault.MalformedProxyResponse: {500, "Internal Server Error"}, fault.AuthorizerFailed: {500, "Internal Server Error"},
	} {
		if got := renderingOf(fault.New(id)); got != want {
			t.Errorf("%s: got %+v, want %+v", id, got, want)
		}
	}
	for id := range renderings {
		if _, ok := fault.Lookup(id); !ok {
			t.Errorf("%s is not registered", id)
		}
	}
}

// Source: RFC 7239; the form of HTTP APIs from public reports.
func TestForwardedNode(t *testing.T) {
	for address, want := range map[string]string{"203.0.113.7": "203.0.113.7", "2001:db8::1": `"[2001:db8::1]"`, "unknown": "unknown"} {
		if got := forwardedNode(address); got != want {
			t.Errorf("%s: got %s", address, got)
		}
	}
}

func TestCutUrl(t *testing.T) {
	for text, want := range map[string]destination{
		"https://a.example.com":         {"https://a.example.com", "", ""},
		"https://a.example.com/x/y?z=1": {"https://a.example.com", "/x/y", "z=1"},
		"http://a:8080?z=1":             {"http://a:8080", "", "z=1"},
		"nonsense":                      {"nonsense", "", ""},
	} {
		if got := cutUrl(text); got != want {
			t.Errorf("%s: got %+v", text, got)
		}
	}
}
