package diagnosis

import (
	"strings"
	"testing"
)

// [x] is what is marked. The first line of each case is what was sent.
func TestAlternativeMarksWhatDiffers(t *testing.T) {
	for _, c := range []struct{ method, path, nearest, sent, route string }{
		{"GET", "/order/17", "closest deployed: GET /orders/{orderId}", "GET /order/17", "GET /order[s]/{orderId}"},
		{"DELETE", "/orders/17", "closest deployed: GET /orders/{orderId}", "[DELETE] /orders/17", "[GET] /orders/{orderId}"},
		{"GET", "/orders/17", "closest deployed: ANY /orders/{orderId}", "GET /orders/17", "ANY /orders/{orderId}"},
		{"GET", "/pets/", "closest deployed: GET /pets", "GET /pets[/]", "GET /pets"},
		{"GET", "/prod/pets", "closest deployed: GET /pets", "GET [/prod]/pets", "GET /pets"},
		{"GET", "/v1/a/b/c", "exists but is not deployed: GET /v2/{proxy+}", "GET /v[1]/a/b/c", "GET /v[2]/{proxy+}"},
		{"GET", "/cafe", "closest deployed: GET /café", "GET /caf[e]", "GET /caf[é]"},
		{"GET", "/", "closest deployed: GET /pets", "GET /", "GET /[pets]"},
	} {
		got := alternativeOf(c.method, c.path, c.nearest, "")
		if sent, route := bracketed(got.Sent), bracketed(got.Route); sent != c.sent || route != c.route {
			t.Errorf("%s %s, %s:\n got %s and %s\nwant %s and %s", c.method, c.path, c.nearest, sent, route, c.sent, c.route)
		}
	}
	for _, text := range []string{"stages that exist: dev, prod", "the root path / has no method", `did you mean "id"?`, "closest deployed: GET /a b", ""} {
		if got := alternativeOf("GET", "/", text, ""); got.Text != text || got.Route != nil {
			t.Errorf("%q is no route: %+v", text, got)
		}
	}
	key := alternativeOf("MESSAGE", "", "sendMessage", `the route key "sendmessage"`)
	if bracketed(key.Sent) != "send[m]essage" || bracketed(key.Route) != "send[M]essage" {
		t.Errorf("a route key: %+v", key)
	}
	if two := alternativeOf("GET", "/", "id", `"a" and "b"`); two.Route != nil {
		t.Errorf("two quoted texts: %+v", two)
	}
	deep := strings.Repeat("/a", maxCompared+1)
	if got := alternativeOf("GET", deep, "closest deployed: GET /a", ""); bracketed(got.Sent) != "GET "+deep {
		t.Errorf("a path of many parts: %+v", got)
	}
}

func bracketed(parts []part) string {
	var b strings.Builder
	for _, one := range parts {
		if one.Marked {
			b.WriteString("[" + one.Text + "]")
		} else {
			b.WriteString(one.Text)
		}
	}
	return b.String()
}

// A comparison loses nothing of what it compares.
func FuzzComparePaths(f *testing.F) {
	f.Add("/order/17", "/orders/{orderId}")
	f.Add("/a//b/", "/{proxy+}")
	f.Fuzz(func(t *testing.T, path, template string) {
		if !strings.HasPrefix(path, "/") || !strings.HasPrefix(template, "/") {
			return
		}
		sent, wanted := comparePaths(path, template)
		plainly := func(parts []part) (text string) {
			for _, one := range parts {
				text += one.Text
			}
			return text
		}
		if valid := strings.ToValidUTF8(path+template, ""); valid != path+template {
			return
		}
		if plainly(sent) != path || !isGreedyWithin(template) && plainly(wanted) != template {
			t.Errorf("%q, %q: %q, %q", path, template, plainly(sent), plainly(wanted))
		}
	})
}

func isGreedyWithin(template string) bool { return strings.Contains(template, "+}") }

// Bars lie one after another within the line, and the shortest can be seen.
func TestBars(t *testing.T) {
	short, long := 0.001, 9.0
	laid := bars(&Explanation{Milliseconds: 10, Steps: []Step{{Milliseconds: &short}, {}, {Milliseconds: &long}, {Milliseconds: &short}}})
	if laid[0].Width != leastWidth || laid[1].Width != 0 || laid[2].Width != 90 {
		t.Errorf("%+v", laid)
	}
	for _, one := range laid {
		if one.Start < 0 || one.Start+one.Width > 100 {
			t.Errorf("beyond the line: %+v", one)
		}
	}
}
