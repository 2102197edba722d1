package situations

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/app"
	"gatehouse/internal/config"
	"gatehouse/internal/diagnosis"
	"gatehouse/internal/sigv4"
)

// gateway is a server of its own in this process, for situations that need its clock's
// limits or host names that do not resolve.
type gateway struct {
	*testing.T
	server *app.App
}

func startGateway(t *testing.T, changes ...func(*config.Config)) *gateway {
	t.Helper()
	settings := config.Default()
	settings.Listen, settings.Data, settings.Profile = "127.0.0.1:0", t.TempDir(), "dev"
	for _, change := range changes {
		change(&settings)
	}
	g := &gateway{T: t, server: app.New(app.Options{Config: settings, Version: "test", Log: slog.New(slog.DiscardHandler), Path: os.Getenv("PATH")})}
	if err := g.server.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.server.Stop(context.Background()); err != nil {
			t.Errorf("stopping: %v", err)
		}
	})
	return g
}

// ask sends a request to the server, whatever host the URL names.
func (g *gateway) ask(method, url string, body any) (status int, header http.Header, text string) {
	g.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		g.Fatal(err)
	}
	if raw, ok := body.(string); ok {
		encoded = []byte(raw)
	}
	request, err := http.NewRequestWithContext(g.Context(), method, url, bytes.NewReader(encoded))
	if err != nil {
		g.Fatal(err)
	}
	if strings.Contains(url, "/@connections/") {
		signer := sigv4.Signer{Credentials: sigv4.Credentials{AccessKeyID: "test", Secret: "test"}, Scope: sigv4.Scope{Region: "us-east-1", Service: "execute-api"}}
		signed := &sigv4.Request{Method: method, Path: request.URL.EscapedPath(), Host: request.Host, Body: encoded}
		signer.Sign(signed, time.Now())
		for _, header := range signed.Headers {
			request.Header.Set(header.Name, header.Value)
		}
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: g.connect}}
	response, err := client.Do(request)
	if err != nil {
		g.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	read, _ := io.ReadAll(response.Body)
	return response.StatusCode, response.Header, string(read)
}

func (g *gateway) connect(ctx context.Context, network, _ string) (net.Conn, error) {
	return (&net.Dialer{}).DialContext(ctx, network, g.server.Addr())
}

// call makes a control-plane call that must succeed.
func (g *gateway) call(method, path string, body map[string]any) map[string]any {
	g.Helper()
	status, _, text := g.ask(method, g.server.URL()+path, body)
	answer := map[string]any{}
	if status >= http.StatusMultipleChoices || text != "" && json.Unmarshal([]byte(text), &answer) != nil {
		g.Fatalf("%s %s: %d %s", method, path, status, text)
	}
	return answer
}

// explain asks the server about a request; its record is complete a moment after the answer.
func (g *gateway) explain(requestId string) *diagnosis.Explanation {
	g.Helper()
	for deadline := time.Now().Add(patience); ; {
		explanation, err := diagnosis.Fetch(g.Context(), http.DefaultClient, g.server.URL(), requestId)
		if err == nil {
			return explanation
		}
		if time.Now().After(deadline) {
			g.Fatalf("%s: %v", requestId, err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// run runs the command of a fix in a shell, as it is printed.
func (g *gateway) run(command string) string {
	g.Helper()
	shell := exec.CommandContext(g.Context(), "bash", "-e", "-o", "pipefail", "-c", command)
	shell.Env = append(os.Environ(), "AWS_ENDPOINT_URL="+g.server.URL(), "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_DEFAULT_REGION=us-east-1", "AWS_PAGER=")
	output, err := shell.CombinedOutput()
	if err != nil {
		g.Fatalf("%v\n%s\n%s", err, command, output)
	}
	return string(output)
}

// mockApi makes a REST API whose GET /users answers 200, deployed to a stage, and returns
// its id.
func (g *gateway) mockApi(stageName string) string {
	g.Helper()
	created := g.call("POST", "/restapis", map[string]any{"name": "pets"})
	api := "/restapis/" + created["id"].(string)
	g.mockMethod(api, created["rootResourceId"].(string), "users")
	g.call("POST", api+"/deployments", map[string]any{"stageName": stageName})
	return created["id"].(string)
}

func (g *gateway) mockMethod(api, root, part string) {
	g.Helper()
	method := api + "/resources/" + g.call("POST", api+"/resources/"+root, map[string]any{"pathPart": part})["id"].(string) + "/methods/GET"
	g.call("PUT", method, map[string]any{"authorizationType": "NONE"})
	g.call("PUT", method+"/integration", map[string]any{"type": "MOCK", "requestTemplates": map[string]string{"application/json": `{"statusCode":200}`}})
	g.call("PUT", method+"/responses/200", map[string]any{})
	g.call("PUT", method+"/integration/responses/200", map[string]any{})
}

const domainName = "api.example.com"

func (g *gateway) domain() {
	g.call("POST", "/domainnames", map[string]any{
		"domainName": domainName, "regionalCertificateArn": "arn:aws:acm:us-east-1:000000000000:certificate/1",
		"endpointConfiguration": map[string]any{"types": []string{"REGIONAL"}},
	})
}

func (g *gateway) mapPath(apiId, stageName, basePath string) {
	body := map[string]any{"restApiId": apiId, "stage": stageName}
	if basePath != "" {
		body["basePath"] = basePath
	}
	g.call("POST", "/domainnames/"+domainName+"/basepathmappings", body)
}

func (g *gateway) contains(text string, parts ...string) {
	g.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			g.Errorf("no %q in\n%s", part, text)
		}
	}
}

// matches is contains for what the clock has a part in.
func (g *gateway) matches(text string, patterns ...string) {
	g.Helper()
	for _, pattern := range patterns {
		if !regexp.MustCompile(pattern).MatchString(text) {
			g.Errorf("no %s in\n%s", pattern, text)
		}
	}
}

func textOfFinding(f *diagnosis.Finding) string {
	return strings.Join(append([]string{f.Checked, f.Found, f.Wanted, f.Fix.Text, f.Fix.Command}, f.Nearest...), "\n")
}

// TestDomains is E17: it works on the API's own host and fails on the custom domain name.
// Each situation runs the command that is printed and sees the same request pass.
func TestDomains(t *testing.T) {
	for _, test := range []struct {
		name, path string
		// arrange makes what is there and returns the API's id.
		arrange func(g *gateway) string
		errorId string // of the fault itself; beside it stands GH-R201
		says    []string
	}{
		{"stage in the path too", "/dev/users", func(g *gateway) string {
			apiId := g.mockApi("dev")
			g.mapPath(apiId, "dev", "")
			return apiId
		}, "GH-R101", []string{"api.example.com/dev/users → mapping (none) → API {api} stage dev, path /dev/users", "Remove /dev from the path", "api.example.com/users"}},
		{"stage in the path behind a base path", "/v1/dev/users", func(g *gateway) string {
			apiId := g.mockApi("dev")
			g.mapPath(apiId, "dev", "v1")
			return apiId
		}, "GH-R101", []string{"mapping v1 → API {api} stage dev, path /dev/users", "api.example.com/v1/users", "--api-mapping-key v1/dev"}},
		{"base path missing", "/users", func(g *gateway) string {
			apiId := g.mockApi("prod")
			g.mapPath(apiId, "prod", "v1")
			return apiId
		}, "GH-R107", []string{"api.example.com/users → no mapping", "v1 → API {api} stage prod", "Put the base path /v1 in front of the path", "api.example.com/v1/users"}},
		{"no mapping at all", "/users", func(g *gateway) string { return g.mockApi("prod") },
			"GH-R107", []string{"there are none", "stage prod of API {api} serves GET /users", "--api-id {api} --stage prod"}},
		{"no mapping for the first segment", "/v2/users", func(g *gateway) string {
			apiId := g.mockApi("prod")
			g.mapPath(apiId, "prod", "v1")
			return apiId
		}, "GH-R107", []string{"api.example.com/v2/users → no mapping", "--api-mapping-key v2"}},
		{"mapping to another stage", "/users", func(g *gateway) string {
			apiId := g.mockApi("prod")
			created := g.call("GET", "/restapis/"+apiId, nil)
			for _, resource := range g.call("GET", "/restapis/"+apiId+"/resources", nil)["item"].([]any) {
				if id := resource.(map[string]any)["id"].(string); id != created["rootResourceId"] {
					g.call("DELETE", "/restapis/"+apiId+"/resources/"+id, nil)
				}
			}
			g.mockMethod("/restapis/"+apiId, created["rootResourceId"].(string), "orders")
			g.call("POST", "/restapis/"+apiId+"/deployments", map[string]any{"stageName": "old"})
			g.mapPath(apiId, "old", "")
			return apiId
		}, "GH-R101", []string{"mapping (none) → API {api} stage old, path /users", "stage prod of API {api} serves it", "update-api-mapping", "--stage prod"}},
		{"mapping to another API", "/users", func(g *gateway) string {
			other := g.call("POST", "/v2/apis", map[string]any{"name": "old", "protocolType": "HTTP"})["apiId"].(string)
			g.call("POST", "/v2/apis/"+other+"/stages", map[string]any{"stageName": "old", "autoDeploy": true})
			g.call("POST", "/v2/domainnames/"+domainName+"/apimappings", map[string]any{"apiId": other, "stage": "old"})
			return g.mockApi("prod")
		}, "GH-R102", []string{"stage prod of API {api} serves it", "--api-id {api} --stage prod"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := startGateway(t)
			g.domain()
			apiId := test.arrange(g)
			status, header, text := g.ask("GET", "http://"+domainName+test.path, "")
			if status != http.StatusForbidden && status != http.StatusNotFound {
				t.Fatalf("answered %d %s", status, text)
			}
			explanation := g.explain(requestIdOf(header))
			if explanation.ErrorId != test.errorId || len(explanation.Also) == 0 || explanation.Also[0].ErrorId != "GH-R201" {
				t.Fatalf("explained as %s, also %+v", explanation.ErrorId, explanation.Also)
			}
			finding := &explanation.Also[0]
			for _, part := range test.says {
				g.contains(textOfFinding(finding), strings.ReplaceAll(part, "{api}", apiId))
			}
			g.run(finding.Fix.Command)
			if status, _, text := g.ask("GET", "http://"+domainName+test.path, ""); status != http.StatusOK {
				t.Errorf("after %s: %d %s", finding.Fix.Command, status, text)
			}
		})
	}
}

// E17 with a routing rule: it passes the base path on, which the API does not know.
func TestDomains_routingRule(t *testing.T) {
	g := startGateway(t)
	apiId := g.mockApi("prod")
	g.domain()
	g.call("PATCH", "/v2/domainnames/"+domainName, map[string]any{"routingMode": "ROUTING_RULE_ONLY"})
	rule := map[string]any{
		"priority": 10, "conditions": []any{map[string]any{"matchBasePaths": map[string]any{"anyOf": []string{"v1"}}}},
		"actions": []any{map[string]any{"invokeApi": map[string]any{"apiId": apiId, "stage": "prod"}}},
	}
	id := g.call("POST", "/v2/domainnames/"+domainName+"/routingrules", rule)["routingRuleId"].(string)
	status, header, text := g.ask("GET", "http://"+domainName+"/v1/users", "")
	explanation := g.explain(requestIdOf(header))
	if status != http.StatusForbidden || len(explanation.Also) != 1 || explanation.Also[0].ErrorId != "GH-R201" {
		t.Fatalf("%d %s: %+v", status, text, explanation)
	}
	finding := &explanation.Also[0]
	g.contains(textOfFinding(finding), "api.example.com/v1/users → a routing rule → API "+apiId+" stage prod, path /v1/users", "it would get with stripBasePath")
	g.contains(g.run(finding.Fix.Command), id)
	rule["actions"] = []any{map[string]any{"invokeApi": map[string]any{"apiId": apiId, "stage": "prod", "stripBasePath": true}}}
	g.call("PUT", "/v2/domainnames/"+domainName+"/routingrules/"+id, rule)
	if status, _, text := g.ask("GET", "http://"+domainName+"/v1/users", ""); status != http.StatusOK {
		t.Errorf("after the fix: %d %s", status, text)
	}
}

func requestIdOf(header http.Header) string {
	if id := header.Get("x-amzn-RequestId"); id != "" {
		return id
	}
	return header.Get("Apigw-Requestid")
}
