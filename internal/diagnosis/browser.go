package diagnosis

import (
	"strings"

	"gatehouse/internal/dataplane/record"
)

// Findings that are no fault of an exchange: the answer was made as configured, and the
// client cannot use it. Their ids are laid out in the knowledge base.
const (
	idCors = "GH-R401"
)

// others finds what is wrong beside a fault.
func (c *diagnosed) others() []Finding {
	var found []Finding
	if finding, ok := c.domainMapping(); ok {
		found = append(found, finding)
	}
	if finding, ok := c.pathUnfilled(); ok {
		found = append(found, finding)
	}
	if text := c.fact(record.Base64AsText); text != "" {
		found = append(found, c.base64AsText(text))
	}
	found = append(found, c.bodiesDamaged()...)
	if finding, ok := c.backendAnswer(); ok {
		found = append(found, finding)
	}
	if finding, ok := c.errorAsSuccess(); ok {
		found = append(found, finding)
	}
	if finding, ok := c.proxyAnswer(); ok {
		found = append(found, finding)
	}
	found = append(found, c.misspeltReferences()...)
	if finding, ok := c.outputNotJson(); ok {
		found = append(found, finding)
	}
	if command, ok := c.plainToTls(); ok {
		found = append(found, plainToTlsFinding(command))
	}
	if origin := valueOf(c.headers, "Origin"); isOrigin(origin) && c.blocks() {
		found = append(found, c.cors(origin))
	}
	if undeployed, ok := c.undeployed(); ok {
		found = append(found, undeployed)
	}
	if c.record.Fault == nil {
		found = append(found, c.cached()...)
	}
	return found
}

// cors explains why a browser will not show the response.
func (c *diagnosed) cors(origin string) Finding {
	finding := Finding{
		ErrorId: idCors, Name: "cors", Summary: "A browser refuses to show a response, because it has no CORS headers.", Article: idCors,
		Checked: "the response's " + allowOrigin + " for Origin " + origin, Found: "no such header", Nearest: []string{},
		Wanted: allowOrigin + ": " + origin,
	}
	if refused := c.refusesOrigin(); refused != "" {
		finding.Found = "the response " + refused
	}
	switch {
	case c.isHttp():
		c.fixHttpCors(&finding, origin)
	case c.isPreflight():
		c.fixPreflightAnswer(&finding, origin)
	case c.record.Fault == nil:
		c.fixBackendCors(&finding, origin)
	default:
		c.fixGatewayCors(&finding, origin)
	}
	return finding
}

// blocked says of a record that is not prepared yet whether a browser keeps the response
// from its page.
func (c *diagnosed) blocked() bool {
	c.headers = c.fields(record.RequestHeaders)
	if !isOrigin(valueOf(c.headers, "Origin")) {
		return false
	}
	c.replied = c.fields(record.MethodResponseHeaders)
	return c.blocks()
}

// blocks says whether a browser keeps the response from its page. A preflight that no
// method answers has a finding already; those of HTTP APIs are answered by the gateway.
func (c *diagnosed) blocks() bool {
	if c.isPreflight() && c.record.Fault != nil {
		return false
	}
	if _, host, _ := strings.Cut(valueOf(c.headers, "Origin"), "://"); host != "" && host == valueOf(c.headers, "Host") {
		return false // a page of the API itself
	}
	if valueOf(c.replied, allowOrigin) == "" || c.refusesOrigin() != "" {
		return true
	}
	return c.isPreflight() && (!c.allowsMethod() || len(c.headersNotAllowed()) > 0)
}

const (
	allowMethods  = "Access-Control-Allow-Methods"
	requestMethod = "Access-Control-Request-Method"
)

// allowsMethod says whether a preflight's answer has the method that was asked for;
// GET, HEAD and POST need not be there (Fetch standard).
func (c *diagnosed) allowsMethod() bool {
	asked := valueOf(c.headers, requestMethod)
	if asked == "GET" || asked == "HEAD" || asked == "POST" {
		return true
	}
	for allowed := range strings.SplitSeq(valueOf(c.replied, allowMethods), ",") {
		if allowed = strings.TrimSpace(allowed); allowed == asked || allowed == "*" {
			return true
		}
	}
	return false
}

// isOrigin says whether a browser may have sent an Origin: what else a client says there is
// no value for a mapping.
func isOrigin(text string) bool {
	scheme, host, ok := strings.Cut(text, "://")
	return ok && isToken(scheme) && strings.Trim(host, wordCharacters+".:[]") == "" && host != "" || text == "null"
}

// isToken says whether text is the name of a method or of headers, commas between.
func isToken(text string) bool { return text != "" && strings.Trim(text, wordCharacters+"_, ") == "" }

const allowOrigin = "Access-Control-Allow-Origin"

// fixGatewayCors lets a browser read what the gateway itself answers.
func (c *diagnosed) fixGatewayCors(finding *Finding, origin string) {
	gatewayResponse := "DEFAULT_4XX"
	if c.record.StatusCode >= firstServerError {
		gatewayResponse = "DEFAULT_5XX"
	}
	finding.Found += ": the response is the gateway's (" + itoa(c.record.StatusCode) + " " + c.record.Fault.Entry.ResponseType +
		"), so that the backend's CORS headers were never used; the real problem is " + string(c.record.Fault.Id())
	finding.Fix = Fix{
		Text: "If pages of " + origin + " may read errors, add the header to " + gatewayResponse + " and deploy.",
		Command: then(c.apigateway("put-gateway-response", "--response-type", gatewayResponse, "--response-parameters",
			jsonText(map[string]string{"gatewayresponse.header." + allowOrigin: "'" + origin + "'"})), c.deploy()),
	}
}

// fixBackendCors adds the header where the answer is made: in the function, or in the
// integration response of what is no proxy.
func (c *diagnosed) fixBackendCors(finding *Finding, origin string) {
	if c.refusesOrigin() == "" {
		finding.Found += " in the backend's answer"
	}
	finding.Fix.Text = "If pages of " + origin + " may read it, let the backend answer " + allowOrigin + ": " + origin + "."
	target := c.restIntegration()
	switch {
	case target == nil:
	case target.Type == "AWS_PROXY":
		finding.Fix = c.fixCode(functionOfUri(target.Uri), "If pages of "+origin+" may read it, let the function answer the header "+allowOrigin+": "+origin+".")
	case target.Type != "HTTP_PROXY":
		finding.Fix = Fix{
			Text:    "If pages of " + origin + " may read it, map the header in the integration response " + itoa(c.record.StatusCode) + ", and deploy.",
			Command: c.mapOrigin(origin),
		}
	}
}

// mapOrigin declares the header of the method response and maps it.
func (c *diagnosed) mapOrigin(origin string) string {
	return c.mapHeaders([]record.Field{{Name: allowOrigin, Value: origin}})
}

// mapHeaders declares headers of the method response and maps them to fixed values.
func (c *diagnosed) mapHeaders(headers []record.Field) string {
	statusCode := itoa(c.record.StatusCode)
	method := c.definition.restMethod(c.record.ResourceId, c.methodOfResource)
	var declare, set []patchOperation
	for _, header := range headers {
		parameter := "method.response.header." + header.Name
		if _, declared := method.MethodResponses[statusCode].ResponseParameters[parameter]; !declared {
			declare = append(declare, add("/responseParameters/"+parameter, "false"))
		}
		operation := add
		if _, mapped := method.MethodIntegration.IntegrationResponses[statusCode].ResponseParameters[parameter]; mapped {
			operation = replace
		}
		set = append(set, operation("/responseParameters/"+parameter, "'"+header.Value+"'"))
	}
	var commands []string
	if len(declare) > 0 {
		commands = append(commands, c.method("update-method-response", "--status-code", statusCode, "--patch-operations", patch(declare...)))
	}
	return then(append(commands, c.method("update-integration-response", "--status-code", statusCode, "--patch-operations", patch(set...)), c.deploy())...)
}

const firstServerError = 500

func (c *diagnosed) isPreflight() bool {
	return c.record.HttpMethod == "OPTIONS" && isToken(valueOf(c.headers, requestMethod)) && isOrigin(valueOf(c.headers, "Origin"))
}

// fixPreflight makes the OPTIONS method that a browser asks before it sends its request.
func (c *diagnosed) fixPreflight(finding *Finding) {
	origin, wanted := valueOf(c.headers, "Origin"), valueOf(c.headers, "Access-Control-Request-Method")
	finding.Summary = "A browser asked whether it may send a request, and no OPTIONS method answers."
	if c.isHttp() {
		c.fixHttpCors(finding, origin)
		return
	}
	finding.Fix.Text = "If pages of " + origin + " may call the method, make an OPTIONS method that answers the browser, and deploy."
	resource, ok := c.definition.ofPath(c.record.Path)
	if !ok {
		return
	}
	headers := valueOf(c.headers, "Access-Control-Request-Headers")
	at := []string{"--resource-id", resource.id, "--http-method", "OPTIONS"}
	on := func(operation string, words ...string) string {
		return c.apigateway(operation, append(append([]string{}, at...), words...)...)
	}
	declared, mapped := map[string]bool{}, map[string]string{}
	for name, value := range map[string]string{
		"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Methods": wanted, "Access-Control-Allow-Headers": headers,
	} {
		if value != "" && (value == origin || isToken(value)) {
			declared["method.response.header."+name] = false
			mapped["method.response.header."+name] = "'" + value + "'"
		}
	}
	finding.Fix.Command = then(
		on("put-method", "--authorization-type", "NONE"),
		on("put-integration", "--type", "MOCK", "--request-templates", `{"application/json":"{\"statusCode\": 200}"}`),
		on("put-method-response", "--status-code", "200", "--response-parameters", jsonText(declared)),
		on("put-integration-response", "--status-code", "200", "--response-parameters", jsonText(mapped)),
		c.deploy(),
	)
}
