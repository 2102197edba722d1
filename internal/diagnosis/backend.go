package diagnosis

import (
	"net/http"
	"slices"
	"strings"

	"gatehouse/internal/dataplane/record"
)

// idBackendAnswer is the finding of an error that is the backend's own, and looks like one
// of the gateway's; idErrorAsSuccess that of a backend's error which a client sees as a
// success; idProxyAnswer that of a function that answers as for a proxy integration. All are laid out in the knowledge base.
const (
	idBackendAnswer  = "GH-I106"
	idErrorAsSuccess = "GH-M304"
	idProxyAnswer    = "GH-M305"
)

// ownAnswers are texts of API Gateway's own errors, as every backend may send them that is
// itself an API Gateway, or was written like one.
var ownAnswers = []struct {
	statusCode int
	message    string
}{
	{http.StatusForbidden, "Missing Authentication Token"},
	{http.StatusForbidden, "Forbidden"},
	{http.StatusForbidden, "User is not authorized to access this resource"},
	{http.StatusUnauthorized, "Unauthorized"},
	{http.StatusNotFound, "Not Found"},
	{http.StatusTooManyRequests, "Too Many Requests"},
	{http.StatusTooManyRequests, "Limit Exceeded"},
	{http.StatusInternalServerError, "Internal server error"},
	{http.StatusBadGateway, "Internal server error"},
	{http.StatusServiceUnavailable, "Service Unavailable"},
	{http.StatusGatewayTimeout, "Endpoint request timed out"},
}

// ownAnswer is which of ownAnswers the client got; empty for none. Bodies are not kept, so
// the length has to tell.
func (c *diagnosed) ownAnswer() string {
	if !strings.HasPrefix(valueOf(c.replied, "Content-Type"), contentTypeJSON) {
		return ""
	}
	for _, own := range ownAnswers {
		if length := len(`{"message":""}`) + len(own.message); own.statusCode == c.record.StatusCode &&
			(c.record.ResponseLength == length || c.record.ResponseLength == length+1) { // a blank behind the colon
			return `{"message":"` + own.message + `"}`
		}
	}
	return ""
}

// errorType is the header by which AWS's services name their errors.
const errorType = "x-amzn-ErrorType"

// backendAnswer is for an error that a proxied backend sent, and that everyone takes for
// the gateway's.
func (c *diagnosed) backendAnswer() (Finding, bool) {
	r := c.record
	if r.Fault != nil || !r.Called || r.StatusCode < http.StatusBadRequest {
		return Finding{}, false
	}
	kind, text := valueOf(c.replied, errorType), c.ownAnswer()
	if kind == "" && text == "" {
		return Finding{}, false
	}
	finding := Finding{
		ErrorId: idBackendAnswer, Name: "backend-answer", Article: idBackendAnswer, Nearest: []string{},
		Summary: "The backend itself sent an answer that looks like one of API Gateway's own errors, and it was passed on.",
		Checked: "who made the answer: every step of the gateway's was completed, " + c.fact(record.Route) + " was found and its integration called",
		Found:   "the backend said it, not this gateway: " + itoa(r.StatusCode),
		Wanted:  "a status below 400 from the backend",
	}
	if kind != "" {
		finding.Found += " with " + errorType + " " + kind
	} else {
		finding.Found += ", as long as " + text
	}
	finding.Found += " from " + c.calledBackend()
	if c.isAnApiGateway() {
		finding.Nearest = append(finding.Nearest, "the backend is a service of AWS, or a gateway like this one: look for the cause there, under its own request id")
	}
	finding.Fix = c.fixBackend()
	return finding, true
}

// calledBackend is what the integration called.
func (c *diagnosed) calledBackend() string {
	if arn := c.functionArn(); arn != "" {
		return "function " + arn
	}
	if sent := c.fact(record.Sending); sent != "" {
		return hideInUrls(sent)
	}
	return "the integration"
}

// isAnApiGateway says whether the backend sent the headers of AWS's services. A REST API
// renames those that it sets itself.
func (c *diagnosed) isAnApiGateway() bool {
	return slices.ContainsFunc(c.replied, func(field record.Field) bool {
		name := strings.ToLower(field.Name)
		return name == "x-amzn-remapped-x-amzn-requestid" || name == "x-amzn-requestid" || name == "x-amz-apigw-id"
	})
}

// fixBackend asks the backend without the gateway, or shows what the function printed.
func (c *diagnosed) fixBackend() Fix {
	if arn := c.functionArn(); arn != "" {
		name, _ := nameOfFunction(arn)
		return Fix{
			Text: "Mend the function, which chose the status itself; this is what it printed meanwhile:",
			Command: command("aws", "logs", "filter-log-events", "--log-group-name", "/aws/lambda/"+name,
				"--start-time", itoa(int(c.record.Received.UnixMilli())), "--query", "events[].message", "--output", "text"),
		}
	}
	fix := Fix{Text: "Correct what the integration sends there: the path, a stage, the Host header or credentials, or the backend itself."}
	sent := c.fact(record.Sending)
	address, _, hasQuery := strings.Cut(hideInUrls(sent), "?")
	if !strings.HasPrefix(address, "http") || strings.Contains(address, "***@") {
		return fix
	}
	fix.Text += " This asks the backend without the gateway"
	if hasQuery {
		fix.Text += ", and without its query"
	}
	fix.Text += ":"
	words := []string{"curl", "-i"}
	if httpMethod := c.backendMethod(); httpMethod != "" && httpMethod != http.MethodGet {
		words = append(words, "-X", httpMethod)
	}
	fix.Command = command(append(words, address)...)
	return fix
}

// backendMethod is the HTTP method that the integration calls the backend with; empty where
// it is not known.
func (c *diagnosed) backendMethod() string {
	httpMethod := ""
	if target := c.restIntegration(); target != nil {
		httpMethod = target.HttpMethod
	} else if target := c.definition.httpIntegration(c.record.ResourceId); target != nil {
		httpMethod = target.IntegrationMethod
	}
	if httpMethod == "ANY" {
		return c.record.HttpMethod
	}
	return httpMethod
}

// errorAsSuccess is for a backend's error that no selection pattern matched, so that the
// default integration response made a success of it.
func (c *diagnosed) errorAsSuccess() (Finding, bool) {
	text := c.fact(record.ErrorAsSuccess)
	if text == "" || c.record.Fault != nil {
		return Finding{}, false
	}
	kind, message, _ := strings.Cut(text, ": ")
	finding := Finding{
		ErrorId: idErrorAsSuccess, Name: "error-as-success", Article: "GH-M301", Nearest: []string{},
		Summary: "The backend failed, and the default integration response made a success of it.",
		Checked: "the selection patterns of " + c.methodOfResource + " " + c.record.ResourcePath + " against what the backend answered",
		Found:   "no pattern matches the " + kind + " " + quotedShort(message) + ", so that the default integration response answered " + itoa(c.record.StatusCode),
		Wanted:  "an integration response whose pattern matches all of it",
	}
	if c.fixPattern(&finding, message) {
		return finding, true
	}
	statusCode, pattern := "500", anyMessage
	if isStatusCode(message) {
		statusCode, pattern = message, message[:1]+`\d{2}`
	}
	method := c.definition.restMethod(c.record.ResourceId, c.methodOfResource)
	if method == nil || method.MethodIntegration == nil {
		finding.Fix.Text = "Add an integration response for errors, and deploy."
		return finding, true
	}
	var commands []string
	if _, declared := method.MethodResponses[statusCode]; !declared {
		commands = append(commands, c.method("put-method-response", "--status-code", statusCode))
	}
	if _, taken := method.MethodIntegration.IntegrationResponses[statusCode]; taken {
		commands = append(commands, c.method("update-integration-response", "--status-code", statusCode, "--patch-operations", patch(replace("/selectionPattern", pattern))))
	} else {
		commands = append(commands, c.method("put-integration-response", "--status-code", statusCode, "--selection-pattern", pattern))
	}
	finding.Fix = Fix{
		Text:    "Add an integration response whose pattern takes such errors, and deploy. The status of an integration without proxy is the integration response's, whatever the body says.",
		Command: then(append(commands, c.deploy())...),
	}
	return finding, true
}

// maxQuoted bounds what of an error message stands in a finding, bytes.
const maxQuoted = 200

func quotedShort(text string) string {
	if len(text) > maxQuoted {
		text = strings.ToValidUTF8(text[:maxQuoted], "") + "…"
	}
	return `"` + text + `"`
}
