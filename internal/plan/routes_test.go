package plan

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// routesOf makes routes of lines "GET /pets/{id}".
func routesOf(lines ...string) *Routes {
	byPath := map[string]*Route{}
	var list []Route
	var order []string
	for _, line := range lines {
		httpMethod, path, _ := strings.Cut(line, " ")
		route := byPath[path]
		if route == nil {
			route = &Route{ResourceId: path, Path: path}
			byPath[path] = route
			order = append(order, path)
		}
		route.Methods = append(route.Methods, &Method{HttpMethod: httpMethod, ResourcePath: path, PathParameters: ParameterNames(path)})
	}
	for _, path := range order {
		list = append(list, *byPath[path])
	}
	return NewRoutes(list)
}

// Sources: facts 1 to 3 and 35 observed on AWS; trailing slashes from public reports
// on {proxy+}; empty segments are unconfirmed.
func TestFind(t *testing.T) {
	tests := []struct {
		name, routes, request, want string
	}{
		{"Literal", "GET /pets", "GET /pets", "GET /pets []"},
		{"Root", "GET /", "GET /", "GET / []"},
		{"RootMissing", "GET /pets", "GET /", ""},
		{"LiteralBeatsParam", "GET /pets/{id}, GET /pets/mine", "GET /pets/mine", "GET /pets/mine []"},
		{"ParamBeatsGreedy", "GET /pets/{x+}, GET /pets/{id}", "GET /pets/1", "GET /pets/{id} [1]"},
		{"GreedyTakesTheRest", "GET /pets/{x+}, GET /pets/{id}", "GET /pets/1/2/3", "GET /pets/{x+} [1/2/3]"},
		{"GreedyNeedsASegment", "GET /pets/{x+}", "GET /pets", ""},
		{"GreedyNeedsMoreThanASlash", "GET /pets/{x+}", "GET /pets/", ""},
		{"GreedyAtTheRootNeedsASegment", "GET /{x+}", "GET /", ""},
		{"MethodMissingFallsThrough", "GET /pets/mine, ANY /{x+}", "POST /pets/mine", "ANY /{x+} [pets/mine]"},
		{"MethodMissingFallsThroughToParam", "GET /pets/mine, POST /pets/{id}", "POST /pets/mine", "POST /pets/{id} [mine]"},
		{"BacktracksOutOfALiteral", "GET /a/b/c, GET /{x}/b/d", "GET /a/b/d", "GET /{x}/b/d [a]"},
		{"BacktracksOutOfAParam", "GET /{x}/b, GET /{g+}", "GET /a/c", "GET /{g+} [a/c]"},
		{"DeepestGreedyWins", "GET /{g+}, GET /a/{h+}", "GET /a/b/c", "GET /a/{h+} [b/c]"},
		{"AnyYieldsToTheVerb", "ANY /a, GET /a", "GET /a", "GET /a []"},
		{"AnyServesHead", "ANY /a", "HEAD /a", "ANY /a []"},
		{"GetDoesNotServeHead", "GET /a", "HEAD /a", ""},
		{"AnyDoesNotServeOthers", "ANY /a", "TRACE /a", ""},
		{"TrailingSlashIsIgnored", "GET /pets", "GET /pets/", "GET /pets []"},
		{"TrailingSlashIsNotInGreedy", "GET /{x+}", "GET /a/b/", "GET /{x+} [a/b]"},
		{"EmptySegmentIsNoParam", "GET /a/{x}/b", "GET /a//b", ""},
		{"EmptySegmentIsInGreedy", "GET /a/{x+}", "GET /a//b", "GET /a/{x+} [/b]"},
		{"EncodedSlashStaysInItsSegment", "GET /a/{x}", "GET /a/b%2Fc", "GET /a/{x} [b%2Fc]"},
		{"EncodedLiteral", "GET /caf\u00e9", "GET /caf%C3%A9", "GET /caf\u00e9 []"},
		{"CaseCounts", "GET /Pets", "GET /pets", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			routes := routesOf(strings.Split(test.routes, ", ")...)
			if got := find(routes, test.request); got != test.want {
				t.Errorf("%s: got %q, want %q", test.request, got, test.want)
			}
		})
	}
}

func find(routes *Routes, request string) string {
	httpMethod, path, _ := strings.Cut(request, " ")
	method, captures := routes.Find(VerbOf(httpMethod), path, nil)
	if method == nil {
		return ""
	}
	var values []string
	for _, capture := range captures {
		values = append(values, path[capture.Start:capture.End])
	}
	return method.HttpMethod + " " + method.ResourcePath + " [" + strings.Join(values, " ") + "]"
}

// TestFindAgreesWithANaiveMatcher tries every route on its own and takes the first in
// order of precedence.
func TestFindAgreesWithANaiveMatcher(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		segment := rapid.SampledFrom([]string{"a", "b", "{p}", "{q}"})
		paths := map[string]bool{}
		for _, segments := range rapid.SliceOfN(rapid.SliceOfN(segment, 0, 4), 1, 10).Draw(t, "paths") {
			path := "/" + strings.Join(segments, "/")
			if rapid.Bool().Draw(t, "greedy") {
				path = strings.TrimSuffix(path, "/") + "/{g+}"
			}
			paths[strings.ReplaceAll(path, "{q}", "{p}")] = true // siblings share one parameter
		}
		var lines []string
		for path := range paths {
			for _, verb := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"GET", "POST", "ANY"}), 1, 2, rapid.ID[string]).Draw(t, "verbs") {
				lines = append(lines, verb+" "+path)
			}
		}
		requested := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 5).Draw(t, "request")
		request := rapid.SampledFrom([]string{"GET", "POST", "PUT"}).Draw(t, "verb") + " /" + strings.Join(requested, "/")
		got := find(routesOf(lines...), request)
		want := naiveFind(lines, request)
		if got, _, _ := strings.Cut(got, " ["); got != want {
			t.Fatalf("%s among %q: got %q, want %q", request, lines, got, want)
		}
	})
}

// naiveFind ranks each matching line by the kinds of its segments, from the left.
func naiveFind(lines []string, request string) string {
	verb, path, _ := strings.Cut(request, " ")
	best, bestRank := "", ""
	for _, line := range lines {
		lineVerb, linePath, _ := strings.Cut(line, " ")
		if lineVerb != verb && lineVerb != AnyMethod {
			continue
		}
		rank, ok := naiveRank(SplitPath(linePath), SplitPath(path))
		if !ok {
			continue
		}
		if lineVerb == AnyMethod {
			rank += "z"
		}
		if best == "" || rank < bestRank {
			best, bestRank = line, rank
		}
	}
	return best
}

func naiveRank(route, request []string) (string, bool) {
	rank := ""
	for i, segment := range route {
		_, greedy, isParameter := PathParameter(segment)
		switch {
		case i >= len(request):
			return "", false
		case greedy:
			return rank + "c", true
		case isParameter:
			rank += "b"
		case segment != request[i]:
			return "", false
		default:
			rank += "a"
		}
	}
	return rank, len(route) == len(request)
}

func TestFindDoesNotAllocate(t *testing.T) {
	routes := routesOf("GET /a/b/c", "GET /a/{x}/d", "GET /{g+}")
	captures := make([]Capture, 0, 4)
	for _, path := range []string{"/a/b/c", "/a/b/d", "/x/y"} {
		if n := testing.AllocsPerRun(100, func() { routes.Find(VerbGet, path, captures[:0]) }); n != 0 {
			t.Errorf("%s: %v allocations", path, n)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("/a/b%2")
	f.Add("//")
	f.Add("/a//")
	routes := routesOf("GET /a/{x}", "GET /a/{x}/b", "GET /{g+}", "GET /")
	f.Fuzz(func(t *testing.T, path string) {
		method, captures := routes.Find(VerbGet, path, nil)
		if method == nil {
			return
		}
		if len(captures) != len(method.PathParameters) {
			t.Fatalf("%d captures for %v", len(captures), method.PathParameters)
		}
		for _, c := range captures {
			if c.Start < 0 || c.End > len(path) || c.Start > c.End {
				t.Fatalf("capture %v of %q", c, path)
			}
		}
	})
}

func TestNearest(t *testing.T) {
	routes := routesOf("GET /user/{id}", "POST /user", "GET /", "DELETE /orders/{id}/lines")
	for request, want := range map[string]string{
		"GET /users/123":       "GET /user/{id}",
		"GET /User/123":        "GET /user/{id}",
		"GET /uesr/123":        "GET /user/{id}", // two letters swapped
		"PUT /user/1":          "GET /user/{id}",
		"GET /orders/1/lines":  "DELETE /orders/{id}/lines",
		"GET /nothing/like/it": "",
	} {
		httpMethod, path, _ := strings.Cut(request, " ")
		if got := routes.Nearest(httpMethod, path); got != want {
			t.Errorf("%s: got %q, want %q", request, got, want)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	routes := routesOf("GET /pets", "GET /pets/{id}", "GET /pets/{id}/photos", "POST /orders", "ANY /{proxy+}")
	captures := make([]Capture, 0, 4)
	b.ReportAllocs()
	for b.Loop() {
		routes.Find(VerbGet, "/pets/42/photos", captures[:0])
	}
}
