package situations

import (
	"net/http"
	"strings"
	"testing"

	"gatehouse/internal/config"
	"gatehouse/test/server"
)

// E16: a private API whose resource policy names another VPC endpoint.
func TestPrivateApi_anotherEndpoint(t *testing.T) {
	const endpoint = "vpce-0123456789abcdef0"
	address, err := server.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	g := startGateway(t, func(c *config.Config) { c.VpcEndpoints = []string{endpoint + ",vpc-0123456789abcdef0=" + address} })
	apiId := g.mockApi("prod")
	api := "/restapis/" + apiId
	g.call("PATCH", api, map[string]any{"patchOperations": []map[string]string{
		{"op": "replace", "path": "/endpointConfiguration/types/EDGE", "value": "PRIVATE"},
		{"op": "replace", "path": "/policy", "value": strings.ReplaceAll(resourcePolicy("Allow", `{"StringEquals":{"aws:SourceVpce":"vpce-other"}}`), "\n", "")},
	}})
	g.call("POST", api+"/deployments", map[string]any{"stageName": "prod"})
	send := func() (int, string) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+stageUrl(apiId, "prod")+"/users", nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		return response.StatusCode, requestIdOf(response.Header)
	}
	status, requestId := send()
	explanation := g.explain(requestId)
	if status != http.StatusForbidden || explanation.ErrorId != "GH-A501" {
		t.Fatalf("%d %+v", status, explanation.Finding)
	}
	g.contains(textOfFinding(&explanation.Finding), "the request has "+endpoint, "to "+endpoint, "aws:SourceVpce")
	g.run(explanation.Fix.Command)
	if status, _ := send(); status != http.StatusOK {
		t.Errorf("after the fix: %d", status)
	}
}
