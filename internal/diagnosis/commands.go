package diagnosis

import (
	"encoding/json"
	"strings"

	"gatehouse/internal/fault"
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
	return c.apigateway("create-deployment", "--stage-name", c.record.StageName)
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
