package dataplane

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// Source: ours; the host form is AWS's, with any suffix.
func TestMatch(t *testing.T) {
	for _, test := range []struct{ host, path, want string }{
		{"a1b2c3.execute-api.us-east-1.amazonaws.com", "/prod/pets/1", "a1b2c3 prod /pets/1"},
		{"A1B2C3.Execute-Api.us-east-1.localhost.localstack.cloud:4566", "/prod/pets", "a1b2c3 prod /pets"},
		{"a1b2c3.execute-api.localhost:4566", "/prod", "a1b2c3 prod /"},
		{"a1b2c3.execute-api", "/prod/", "a1b2c3 prod /"},
		{"a1b2c3.execute-api.localhost", "/", "a1b2c3  /"},
		{"a1b2c3.execute-api.localhost", "/prod//a%2Fb/", "a1b2c3 prod //a%2Fb/"},
		{"a1b2c3.execute-apis.localhost", "/prod", ""},
		{".execute-api.localhost", "/prod", ""},
		{"execute-api.localhost", "/prod", ""},
		{"localhost:4566", "/_aws/execute-api/a1b2c3/prod/pets", "a1b2c3 prod /pets path-style"},
		{"localhost:4566", "/_aws/execute-api/a1b2c3", "a1b2c3  / path-style"},
		{"localhost:4566", "/_aws/execute-api/", ""},
		{"localhost:4566", "/restapis/a1b2c3/prod/_user_request_/pets/1", "a1b2c3 prod /pets/1 path-style"},
		{"localhost:4566", "/restapis/a1b2c3/prod/_user_request_", "a1b2c3 prod / path-style"},
		{"localhost:4566", "/restapis/a1b2c3/resources", ""},
		{"localhost:4566", "/restapis/a1b2c3/stages/prod", ""},
		{"localhost:4566", "/pets", ""},
		{"", "/pets", ""},
	} {
		if got := match(test.host, test.path); got != test.want {
			t.Errorf("%s%s: got %q, want %q", test.host, test.path, got, test.want)
		}
	}
}

func match(host, path string) string {
	request := httptest.NewRequest(http.MethodGet, "http://placeholder"+path, http.NoBody)
	request.Host = host
	target, ok := Match(request)
	if !ok {
		return ""
	}
	text := target.ApiId + " " + target.StageName + " " + target.Path
	if target.PathStyle {
		text += " path-style"
	}
	return text
}

func FuzzMatch(f *testing.F) {
	f.Add("a.execute-api.localhost", "/prod/x")
	f.Add("h", "/restapis/a/b/_user_request_/c")
	f.Add("h", "/_aws/execute-api/a/b//")
	f.Fuzz(func(t *testing.T, host, path string) {
		u, err := url.ParseRequestURI(path)
		if err != nil {
			return
		}
		target, ok := Match(&http.Request{Host: host, URL: u})
		if ok && (target.ApiId == "" || !strings.HasPrefix(target.Path, "/") || strings.Contains(target.StageName, "/")) {
			t.Fatalf("%q %q: %+v", host, path, target)
		}
	})
}
