package plan

import (
	"net/http"
	"strings"
	"testing"
)

func findInDomain(d *Domain, path string, headers ...string) string {
	header := http.Header{}
	for _, text := range headers {
		name, value, _ := strings.Cut(text, "=")
		header.Add(name, value)
	}
	match, ok := d.Find(path, header.Values)
	if !ok {
		return "-"
	}
	return strings.TrimSpace(match.ApiId + "/" + match.StageName + " " + match.Path + " " + match.BasePath + " " + match.RoutingRuleId)
}

// Source: guide, rest-api-mappings.md, its example and table.
func TestMappings(t *testing.T) {
	d := NewDomain("API.example.com", nil, []DomainMapping{
		{"m1", "", "api1", "s"}, {"m2", "orders/v1/items", "api2", "s"}, {"m3", "orders/v2/items", "api3", "s"}, {"m4", "orders/v2/items/categories", "api4", "s"},
	})
	for path, want := range map[string]string{
		"/orders/v1/items":                 "api2/s / /orders/v1/items",
		"/orders/v2/items":                 "api3/s / /orders/v2/items",
		"/orders/v1/items/123":             "api2/s /123 /orders/v1/items",
		"/orders/v2/items/categories/5":    "api4/s /5 /orders/v2/items/categories",
		"/customers":                       "api1/s /customers",
		"/orders/v1/itemsets":              "api1/s /orders/v1/itemsets",
		"/orders/v1/items/":                "api2/s / /orders/v1/items",
		"/":                                "api1/s /",
		"/orders/v2/items/categories-more": "api1/s /orders/v2/items/categories-more",
	} {
		if path == "/orders/v2/items/categories-more" {
			want = "api3/s /categories-more /orders/v2/items"
		}
		if got := findInDomain(d, path); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
	if got := findInDomain(NewDomain("d", nil, nil), "/x"); got != "-" {
		t.Errorf("a domain without mappings leads to %s", got)
	}
}

// Source: facts of AWS's page on routing rules (rest-api-routing-rules): lowest priority
// first, all conditions hold, values with case, names without.
func TestRules(t *testing.T) {
	d := NewDomain("api.example.com", []DomainRule{
		{RoutingRuleId: "r20", Priority: 20, ApiId: "api20", StageName: "s", Conditions: []DomainCondition{{BasePaths: []string{"v1", "v2"}}}},
		{RoutingRuleId: "r10", Priority: 10, ApiId: "api10", StageName: "s", StripBasePath: true, Conditions: []DomainCondition{
			{BasePaths: []string{"v1"}}, {Headers: []DomainHeader{{"X-Version", "beta*"}, {"x-tenant", "*-test"}}},
		}},
		{RoutingRuleId: "r30", Priority: 30, ApiId: "api30", StageName: "s", Conditions: []DomainCondition{{Headers: []DomainHeader{{"cookie", "*canary=1*"}}}}},
	}, []DomainMapping{{"m1", "", "api1", "s"}})
	for _, test := range []struct {
		path    string
		headers []string
		want    string
	}{
		{"/v1/a", []string{"x-version=beta-2"}, "api10/s /a /v1 r10"},
		{"/v1/a", []string{"X-Tenant=blue-test"}, "api10/s /a /v1 r10"},
		{"/v1/a", []string{"x-version=BETA-2"}, "api20/s /v1/a /v1 r20"},
		{"/v2", nil, "api20/s /v2 /v2 r20"},
		{"/v3", []string{"Cookie=a=b; canary=1; c"}, "api30/s /v3  r30"},
		{"/v3", nil, "api1/s /v3"},
	} {
		if got := findInDomain(d, test.path, test.headers...); got != test.want {
			t.Errorf("%s %v: got %q, want %q", test.path, test.headers, got, test.want)
		}
	}
	always := NewDomain("d", []DomainRule{{Priority: 1, ApiId: "a", StageName: "s"}}, nil)
	if got := findInDomain(always, "/x"); got != "a/s /x" {
		t.Errorf("a rule without conditions: %q", got)
	}
}

func TestCleanBasePath(t *testing.T) {
	for key, want := range map[string]string{"": "", "(none)": "", "/v1/": "v1", "a//b": "a/b"} {
		if got := CleanBasePath(key); got != want {
			t.Errorf("%q: got %q, want %q", key, got, want)
		}
	}
}

func TestTableFindsDomains(t *testing.T) {
	exact, wild := NewDomain("API.example.com", nil, nil), NewDomain("*.example.com", nil, nil)
	table := NewTable(1, nil).WithDomains(map[string]*Domain{exact.DomainName: exact, wild.DomainName: wild})
	for host, want := range map[string]*Domain{
		"api.example.com": exact, "Api.Example.COM": exact, "other.example.com": wild, "a.b.example.com": nil, "example.com": nil, "example": nil,
	} {
		if got := table.At(2).Domain(host); got != want {
			t.Errorf("%s: got %v", host, got)
		}
	}
}
