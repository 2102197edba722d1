package restapi

import (
	"testing"

	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/tracing"
)

// Source: DataBiosphere/azul#4348 for "(none)"; a public log of 2023 for a request that is not
// traced; the guide (apigateway-enabling-xray.md) for the form of an id.
func TestLoggedVariables(t *testing.T) {
	own := inbound.Request{Host: "a1.execute-api.us-east-1.amazonaws.com", DefaultEndpoint: true, TraceId: "Root=1-5759e988-bd862e3fe1be46a994272793"}
	domain, traced := own, own
	domain.Host, domain.DefaultEndpoint = "api.example.com", false
	mapped := domain
	mapped.BasePath = "/v1/pets"
	traced.Trace = &tracing.Context{Root: "1-5759e988-bd862e3fe1be46a994272793"}
	for _, c := range []struct {
		name string
		in   inbound.Request
		want string
	}{
		{"customDomain.basePathMatched", own, ""},
		{"customDomain.basePathMatched", domain, "(none)"},
		{"customDomain.basePathMatched", mapped, "v1/pets"},
		{"xrayTraceId", own, ""},
		{"xrayTraceId", traced, "1-5759e988-bd862e3fe1be46a994272793"},
	} {
		if got, ok := accessLogVariables[c.name](&exchange{in: &c.in}); got != c.want || ok != (got != "") {
			t.Errorf("%s: %q %v, want %q", c.name, got, ok, c.want)
		}
	}
}
