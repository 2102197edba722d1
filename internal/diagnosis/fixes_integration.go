package diagnosis

import (
	"crypto/tls"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gatehouse/internal/fault"
)

func fixMockStatusCode(c *diagnosed, f *fault.Fault, finding *Finding) {
	if have, isOther := strings.CutPrefix(f.Nearest, "templates for "); isOther && !slices.Contains(strings.Split(have, ", "), c.requestMediaType()) {
		finding.Found = "no request template for Content-Type " + c.requestMediaType() + ", so that the body took its place: " + f.Found
	}
	finding.Fix = Fix{
		Text: "Give the MOCK integration a request template with an integer statusCode, and deploy.",
		Command: then(c.method("update-integration", "--patch-operations",
			patch(add("/requestTemplates/"+pointer(c.requestMediaType()), `{"statusCode": 200}`))), c.deploy()),
	}
}

const contentTypeJSON = "application/json"

// requestMediaType is the Content-Type of the request without its parameters.
func (c *diagnosed) requestMediaType() string {
	mediaType, _, _ := strings.Cut(valueOf(c.headers, "Content-Type"), ";")
	if mediaType = strings.TrimSpace(mediaType); mediaType != "" {
		return mediaType
	}
	return contentTypeJSON
}

func fixUnsupportedMediaType(c *diagnosed, f *fault.Fault, finding *Finding) {
	if c.record.ResourceId == "" || !strings.Contains(f.Found, "passthroughBehavior") {
		finding.Fix.Text = "Send the body without a Content-Encoding, or with gzip or deflate."
		return
	}
	finding.Wanted = "a request template for " + c.requestMediaType() + ", or a passthrough behavior that lets it pass"
	if mediaType := c.requestMediaType(); c.functionTarget() && !strings.Contains(mediaType, "json") && mediaType != formType {
		finding.Fix = Fix{
			Text: "Send a Content-Type that has a template (" + strings.Join(finding.Nearest, ", ") + "), or give the integration one for " + mediaType +
				", which makes JSON of the body as functions need it, and deploy.",
			Command: c.addTemplate(mediaType),
		}
		return
	}
	finding.Fix = Fix{
		Text: "Send a Content-Type that has a template (" + strings.Join(finding.Nearest, ", ") + "), or let bodies without a template pass, and deploy.",
		Command: then(c.method("update-integration", "--patch-operations", patch(replace("/passthroughBehavior", "WHEN_NO_MATCH"))),
			c.deploy()),
	}
}

func fixMethodResponse(c *diagnosed, f *fault.Fault, finding *Finding) {
	_, statusCode, _ := strings.Cut(f.LogLine, "invalid method response: ")
	finding.Wanted = "a method response " + statusCode
	if method := c.definition.restMethod(c.record.ResourceId, c.methodOfResource); method != nil && len(method.MethodResponses) > 0 {
		finding.Nearest = append(finding.Nearest, "method responses that exist: "+joined(slices.Sorted(maps.Keys(method.MethodResponses))))
	}
	finding.Fix = Fix{
		Text:    "Declare the method response " + statusCode + " and deploy.",
		Command: then(c.method("put-method-response", "--status-code", statusCode), c.deploy()),
	}
}

// fixIntegrationResponse makes a default integration response. What succeeded keeps its
// status code; the error of a function becomes 500.
func fixIntegrationResponse(c *diagnosed, f *fault.Fault, finding *Finding) {
	_, statusCode, _ := strings.Cut(f.Found, `"`)
	statusCode = strings.TrimSuffix(statusCode, `"`)
	if c.fixPattern(finding, statusCode) {
		return
	}
	if !isStatusCode(statusCode) {
		statusCode = "500"
		if c.record.Fault.Found == `the answer ""` {
			statusCode = "200"
		}
	}
	finding.Fix.Text = "Add a default integration response, which takes every answer that no pattern matches, and deploy."
	var commands []string
	method := c.definition.restMethod(c.record.ResourceId, c.methodOfResource)
	if method == nil {
		return
	}
	if _, declared := method.MethodResponses[statusCode]; !declared {
		commands = append(commands, c.method("put-method-response", "--status-code", statusCode))
	}
	if existing, ok := method.MethodIntegration.IntegrationResponses[statusCode]; ok {
		finding.Nearest = append(finding.Nearest, "integration response "+statusCode+" has the pattern "+existing.SelectionPattern)
		finding.Fix.Text = "Make the integration response " + statusCode + " the default one, which takes every answer that no pattern matches, and deploy."
		commands = append(commands, c.method("update-integration-response", "--status-code", statusCode, "--patch-operations", patch(replace("/selectionPattern", ""))))
	} else {
		commands = append(commands, c.method("put-integration-response", "--status-code", statusCode, "--selection-pattern", ""))
	}
	finding.Fix.Command = then(append(commands, c.deploy())...)
}

func isStatusCode(text string) bool {
	const least, most = 200, 599
	code, err := strconv.Atoi(text)
	return err == nil && code >= least && code <= most
}

func fixEndpoint(c *diagnosed, f *fault.Fault, finding *Finding) {
	_, address, _ := strings.Cut(f.Checked, " ")
	address = hideInUrls(address)
	finding.Wanted = "an HTTP answer from the backend"
	finding.Fix = Fix{
		Text:    "Start the backend, or correct the integration's URI and deploy.",
		Command: command("curl", "-v", strings.Replace(strings.TrimSuffix(address, "?…"), "***@", "", 1)),
	}
	finding.Fix.Text += " What answers there:"
	sayFailure(finding, f)
}

// fixEndpointInvalid is for a URI that became none once its variables were put in.
func fixEndpointInvalid(c *diagnosed, f *fault.Fault, finding *Finding) {
	_, address, _ := strings.Cut(f.Checked, " ")
	finding.Found = hideInUrls(address) + " is no URL"
	finding.Wanted = "a URL with a host"
	if variable := c.emptyStageVariable(address); variable != "" {
		c.fixStageVariable(variable, finding)
		return
	}
	finding.Fix.Text = "Put the right URI into the integration, in place of $URI, and deploy."
	finding.Fix.Command = c.putUri()
}

// putUri is a command that gives the integration the URI $URI.
func (c *diagnosed) putUri() string {
	if c.isHttp() {
		return strings.Replace(c.updateIntegration("--integration-uri", "URI"), "--integration-uri URI", `--integration-uri "$URI"`, 1)
	}
	return then(c.method("update-integration", "--patch-operations")+` "op=replace,path=/uri,value=$URI"`, c.deploy())
}

// fixMisconfigured is for what could not be compiled: the setting, and what is wrong with it.
func fixMisconfigured(c *diagnosed, f *fault.Fault, finding *Finding) {
	if f.Wanted == "" {
		return
	}
	finding.Found, finding.Wanted = f.Found+": "+f.Wanted, ""
	if f.Found == "target" && c.isHttp() {
		finding.Wanted = "an integration as the target of the route"
		finding.Fix.Text = "Give the route an integration, its id in place of $INTEGRATION, and deploy; aws apigatewayv2 get-integrations lists them."
		finding.Fix.Command = c.thenDeploy(c.apigatewayv2("update-route", "--route-id", c.record.ResourceId, "--target") + ` "integrations/$INTEGRATION"`)
	}
}

// sayFailure adds how the call failed, once.
func sayFailure(finding *Finding, f *fault.Fault) {
	if f.Cause == nil {
		return
	}
	cause := hideInUrls(f.Cause.Error())
	if strings.Contains(cause, finding.Found) {
		finding.Found = cause
		return
	}
	finding.Found += ": " + cause
}

// fixPlainBackend is for a backend that speaks no TLS where https: leads.
func fixPlainBackend(c *diagnosed, finding *Finding) {
	finding.Found += "; what answers there speaks no TLS"
	finding.Wanted = "TLS at the integration's address, or http: in its URI"
	finding.Fix = Fix{Text: "Write http: in place of https: in the integration's URI if that is meant, and deploy; or let the backend speak TLS there."}
	plain := func(uri string) string { return "http:" + strings.TrimPrefix(uri, "https:") }
	if target := c.restIntegration(); target != nil {
		finding.Fix.Command = then(c.method("update-integration", "--patch-operations", patch(replace("/uri", plain(target.Uri)))), c.deploy())
	} else if target := c.definition.httpIntegration(c.record.ResourceId); target != nil {
		// Version 1 of the aws CLI fetches an option that is a URL, unless it stands in JSON.
		finding.Fix.Command = c.updateIntegration("--cli-input-json", jsonText(map[string]string{"IntegrationUri": plain(target.IntegrationUri)}))
	}
}

// fixEndpointName is for a host name that does not resolve; $URI stands for the right URI.
func fixEndpointName(c *diagnosed, f *fault.Fault, finding *Finding) {
	fixEndpoint(c, f, finding)
	finding.Wanted = "a host name that resolves where the server runs"
	finding.Fix.Text = "Put the right URI into the integration, in place of $URI, and deploy; or make the name known to the server's resolver."
	finding.Fix.Command = c.putUri()
}

func fixEndpointTls(c *diagnosed, f *fault.Fault, finding *Finding) {
	sayFailure(finding, f)
	if record := (tls.RecordHeaderError{}); errors.As(f.Cause, &record) {
		fixPlainBackend(c, finding)
		return
	}
	finding.Wanted = "a certificate that is trusted here and names the backend's host"
	text := "Let the backend send a certificate that is trusted, with its intermediates."
	if problem, ok := problemOf(f.Cause); ok {
		finding.Found, text = problem.found, problem.fix
	}
	finding.Fix = Fix{
		Text: text + " Or, for development alone, skip the verification and deploy:",
		Command: then(c.method("update-integration", "--patch-operations", patch(replace("/tlsConfig/insecureSkipVerification", "true"))),
			c.deploy()),
	}
}

// fixRequestTooLarge is for bodies over a limit that cannot be raised.
func fixRequestTooLarge(c *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Checked = "the size of the body"
	sent := c.again()
	sent.body = "smaller-body"
	finding.Fix = c.send("Send less: the limit is fixed. Large files go to a store by themselves, and their URL through the API.", &sent)
}
