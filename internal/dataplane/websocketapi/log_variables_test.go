package websocketapi

import (
	"slices"
	"strings"
	"testing"

	"gatehouse/internal/apigw/apigwv2"
)

// TestLogVariables: an access log's format may name the variables that the data plane has,
// and those of services that Gatehouse has not.
func TestLogVariables(t *testing.T) {
	absent := []string{"identity.cognito", "identity.principalOrgId", "waf.", "awsEndpointRequestId2"}
	allowed := apigwv2.LogVariables(apigwv2.ProtocolTypeWebSocket)
	for _, name := range allowed {
		_, ok := contextVariables[name]
		_, logged := accessLogVariables[name]
		if !ok && !logged && !slices.ContainsFunc(absent, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
			t.Errorf("%s may be named and has never a value", name)
		}
	}
	for name := range contextVariables {
		if !slices.Contains(allowed, name) {
			t.Errorf("%s has a value and may not be named", name)
		}
	}
}
