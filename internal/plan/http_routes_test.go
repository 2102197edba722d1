package plan

import (
	"strings"
	"testing"
)

func httpRoutes(keys ...string) *HttpRoutes {
	var list []*HttpRoute
	for _, key := range keys {
		route := &HttpRoute{RouteKey: key}
		if key != "$default" {
			route.HttpMethod, route.Path, _ = strings.Cut(key, " ")
			route.PathParameters = ParameterNames(route.Path)
		}
		list = append(list, route)
	}
	return NewHttpRoutes(list)
}

func findHttp(routes *HttpRoutes, request string) string {
	method, path, _ := strings.Cut(request, " ")
	route, captures := routes.Find(method, path, nil)
	if route == nil {
		return "-"
	}
	text := route.RouteKey
	for i, name := range route.PathParameters {
		text += " " + name + "=" + path[captures[i].Start:captures[i].End]
	}
	return text
}

// Source: guide, http-api-develop-routes.md; what the page does not say is marked.
func TestHttpRoutes(t *testing.T) {
	routes := httpRoutes("GET /pets/dog/1", "GET /pets/dog/{id}", "GET /pets/{proxy+}", "ANY /{proxy+}", "$default")
	for request, want := range map[string]string{
		"GET /pets/dog/1": "GET /pets/dog/1",
		"GET /pets/dog/2": "GET /pets/dog/{id} id=2",
		"GET /pets/cat/1": "GET /pets/{proxy+} proxy=cat/1",
		"POST /test/5":    "ANY /{proxy+} proxy=test/5",
		"POST /pets/1":    "ANY /{proxy+} proxy=pets/1",
		"GET /":           "$default",
		"PURGE /test":     "$default", // unconfirmed: that ANY means the seven methods
	} {
		if got := findHttp(routes, request); got != want {
			t.Errorf("%s: got %s, want %s", request, got, want)
		}
	}
}

// Unconfirmed: the guide ranks full matches over greedy ones and says no more.
func TestHttpRoutesBesidesTheGuide(t *testing.T) {
	routes := httpRoutes("GET /", "GET /a/{x}", "ANY /a/b", "GET /{y}/1", "GET /a/{rest+}", "POST /a/{x}/c", "GET /slash/", "GET /{p}/deep/{rest+}")
	for request, want := range map[string]string{
		"GET /":           "GET /",
		"POST /":          "-",
		"GET /a/b":        "ANY /a/b",
		"GET /a/1":        "GET /a/{x} x=1",
		"GET /z/1":        "GET /{y}/1 y=z",
		"GET /a/b/c":      "GET /a/{rest+} rest=b/c",
		"POST /a/b/c":     "POST /a/{x}/c x=b",
		"PUT /a/q":        "-",
		"GET /slash":      "-",
		"GET /slash/":     "GET /slash/",
		"GET /z/1/":       "-",
		"GET /a%2Fb/1":    "GET /{y}/1 y=a%2Fb",
		"GET /%61/q":      "GET /a/{x} x=q",
		"GET //1":         "-",
		"GET /a/":         "-",
		"GET /q/deep/r/s": "GET /{p}/deep/{rest+} p=q rest=r/s",
		"GET /q/deep/":    "-",
	} {
		if got := findHttp(routes, request); got != want {
			t.Errorf("%s: got %s, want %s", request, got, want)
		}
	}
}

func FuzzHttpRoutes(f *testing.F) {
	routes := httpRoutes("GET /", "GET /a/{x}", "ANY /a/b", "GET /{y}/1", "GET /a/{rest+}", "POST /a/{x}/c", "ANY /{p}/{q}/{rest+}")
	f.Add("GET", "/a/b/c//")
	f.Fuzz(func(t *testing.T, method, path string) {
		if !strings.HasPrefix(path, "/") {
			return
		}
		route, captures := routes.Find(method, path, nil)
		if route == nil {
			return
		}
		if len(captures) != len(route.PathParameters) {
			t.Fatalf("%s %s: %d captures for %s", method, path, len(captures), route.RouteKey)
		}
		for _, capture := range captures {
			if capture.Start >= capture.End || capture.End > len(path) {
				t.Fatalf("%s %s: capture %v", method, path, capture)
			}
		}
	})
}

func BenchmarkHttpRoutes(b *testing.B) {
	routes := httpRoutes("GET /pets/dog/1", "GET /pets/dog/{id}", "GET /pets/{proxy+}", "ANY /{proxy+}", "$default")
	captures := make([]Capture, 0, 4)
	b.ReportAllocs()
	for b.Loop() {
		if route, _ := routes.Find("GET", "/pets/dog/2", captures[:0]); route == nil {
			b.Fatal("no route")
		}
	}
}
