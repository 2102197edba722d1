package httpapi

import (
	"slices"
	"strings"
	"testing"

	"gatehouse/internal/apigw/apigwv2"
)

// TestLogVariables: an access log's format may name the variables that the data plane has,
// and those of services that Gatehouse has not.
func TestLogVariables(t *testing.T) {
	absent := []string{"identity.cognito", "identity.principalOrgId", "identity.clientCert."}
	allowed := apigwv2.LogVariables(apigwv2.ProtocolTypeHttp)
	for _, name := range allowed {
		if _, ok := contextVariables[name]; !ok && !slices.ContainsFunc(absent, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
			t.Errorf("%s may be named and has never a value", name)
		}
	}
	for name := range contextVariables {
		if !slices.Contains(allowed, name) {
			t.Errorf("%s has a value and may not be named", name)
		}
	}
}
