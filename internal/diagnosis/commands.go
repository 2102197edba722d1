package diagnosis

import (
	"encoding/json"
	"strings"

	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
)

// quote makes text one word of a shell's command, command a whole one of several.
func quote(text string) string { return fault.Quote(text) }

func command(words ...string) string { return fault.Command(words...) }

// then makes one command of several that follow each other.
func then(commands ...string) string { return strings.Join(commands, " &&\n") }

// apigateway is a command of aws apigateway for the API of the request.
func (c *diagnosed) apigateway(operation string, words ...string) string {
	return command(append([]string{"aws", "apigateway", operation, "--rest-api-id", c.record.ApiId}, words...)...)
}

// method is such a command for the method that served the request.
func (c *diagnosed) method(operation string, words ...string) string {
	return c.apigateway(operation, append([]string{"--resource-id", c.record.ResourceId, "--http-method", c.methodOfResource}, words...)...)
}

// deploy makes a change visible in the stage of the request.
func (c *diagnosed) deploy() string {
	if c.isHttp() {
		return c.apigatewayv2("create-deployment", "--stage-name", c.record.StageName)
	}
	return c.apigateway("create-deployment", "--stage-name", c.record.StageName)
}

// thenDeploy is commands with the deployment that it needs; HTTP APIs may deploy by themselves.
func (c *diagnosed) thenDeploy(commands ...string) string {
	if c.definition != nil && c.definition.Stages[c.record.StageName].AutoDeploy {
		return then(commands...)
	}
	return then(append(commands, c.deploy())...)
}

// isHttp says whether commands are those of apigatewayv2.
func (c *diagnosed) isHttp() bool {
	return c.record.ProtocolType != "" || c.definition != nil && c.definition.Http != nil
}

// apigatewayv2 is a command of aws apigatewayv2 for the API of the request.
func (c *diagnosed) apigatewayv2(operation string, words ...string) string {
	return command(append([]string{"aws", "apigatewayv2", operation, "--api-id", c.record.ApiId}, words...)...)
}

// urlOf is the address of a path in a stage, on the host that the client knows.
func (c *diagnosed) urlOf(stage, path string) string {
	host, scheme := valueOf(c.headers, "Host"), valueOf(c.headers, "X-Forwarded-Proto")
	if host == "" {
		return c.ownUrlOf(stage, path)
	}
	if scheme != "https" {
		scheme = "http"
	}
	if c.record.DomainName != "" {
		return scheme + "://" + host + c.record.BasePath + path
	}
	if !strings.Contains(host, ".execute-api") {
		return scheme + "://" + host + "/_aws/execute-api/" + c.record.ApiId + "/" + stage + path
	}
	if stage != plan.DefaultStage {
		path = "/" + stage + path
	}
	return scheme + "://" + host + path
}

// usualAddress is the server's while nothing says another.
const usualAddress = "127.0.0.1:4566"

// ownUrlOf is the address of a path in a stage on the server's own host.
func (c *diagnosed) ownUrlOf(stage, path string) string {
	scheme, host, _ := strings.Cut(c.helpBase, "://")
	if host, _, _ = strings.Cut(host, "/"); host == "" {
		scheme, host = "http", usualAddress
	}
	return scheme + "://" + host + "/_aws/execute-api/" + c.record.ApiId + "/" + stage + path
}

// place is the stage and the path within it. A request that reached no stage was
// recorded with its whole path.
func (c *diagnosed) place() (stage, path string) {
	stage, path = c.record.StageName, c.record.Path
	if f := c.record.Fault; f == nil || f.Id() != fault.UnknownStage && f.Id() != fault.OtherRegion {
		return stage, path
	}
	if _, isStage := c.stages()[stage]; !isStage && c.isHttp() && c.record.Fault.Id() == fault.OtherRegion {
		return plan.DefaultStage, path // which serves what no stage's name begins
	}
	path = strings.TrimPrefix(path, "/_aws/execute-api/"+c.record.ApiId)
	if rest, ok := strings.CutPrefix(path, "/restapis/"+c.record.ApiId+"/"+stage+"/_user_request_"); ok {
		path = "/" + stage + rest
	}
	if path = strings.TrimPrefix(path, "/"+stage); path == "" {
		path = "/"
	}
	return stage, path
}

// patchOperation is one of the patch operations of an update.
type patchOperation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value string `json:"value"`
}

func patch(operations ...patchOperation) string { return jsonText(operations) }

func replace(path, value string) patchOperation {
	return patchOperation{Op: "replace", Path: path, Value: value}
}

func add(path, value string) patchOperation {
	return patchOperation{Op: "add", Path: path, Value: value}
}

// jsonText is a value as JSON; what is given here always encodes.
func jsonText(value any) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return ""
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// pointer escapes a segment of a patch operation's path.
func pointer(segment string) string {
	return strings.ReplaceAll(strings.ReplaceAll(segment, "~", "~0"), "/", "~1")
}
