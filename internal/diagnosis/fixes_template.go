package diagnosis

import (
	"encoding/json"
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/mapping"
	"gatehouse/internal/mapping/blame"
	"gatehouse/internal/plan"
	"gatehouse/internal/value"
)

// idOutputNotJson is an output that is not JSON and that nothing refused: a backend or a
// client gets it as it is, as on AWS.
const idOutputNotJson = "GH-M201"

// fixPayloadNotJson is for functions, which take JSON alone.
func fixPayloadNotJson(c *diagnosed, f *fault.Fault, finding *Finding) {
	contentType := c.fact(record.TemplateChosen)
	switch {
	case contentType != "" && strings.Contains(f.Checked, "template"):
		c.mendRequestTemplate(finding, contentType)
	case c.isHttp():
		finding.Fix.Text = "Send JSON, or give the integration a request template that makes JSON of the message, and deploy."
		finding.Fix.Command = c.updateIntegration("--request-templates", jsonText(map[string]string{plan.RouteKeyDefault: wrapBody}))
	case c.requestMediaType() == contentTypeJSON:
		c.sendCorrectBody(finding)
	default:
		finding.Fix = Fix{
			Text:    "Give the integration a request template for " + c.requestMediaType() + " that makes JSON of the body, and deploy.",
			Command: c.addTemplate(c.requestMediaType()),
		}
	}
}

// formType is what curl and HTML forms send where nothing else is said.
const formType = "application/x-www-form-urlencoded"

// functionTarget says whether the integration of a REST API calls a function, which takes JSON alone.
func (c *diagnosed) functionTarget() bool {
	target := c.restIntegration()
	return target != nil && strings.Contains(target.Uri, ":lambda:path/")
}

// addTemplate gives the integration a request template that makes JSON of any body.
func (c *diagnosed) addTemplate(mediaType string) string {
	return then(c.method("update-integration", "--patch-operations", patch(add("/requestTemplates/"+pointer(mediaType), wrapBody))), c.deploy())
}

// wrapBody makes JSON of any body.
const wrapBody = `{"body": "$util.escapeJavaScript($input.body).replaceAll("\\'", "'")"}`

// mendRequestTemplate changes the template as it is defined now; without a change that is
// known to help, the template is the person's to mend, in a file.
func (c *diagnosed) mendRequestTemplate(finding *Finding, contentType string) {
	text, ok := c.requestTemplates()[contentType]
	if wrong := misspelt(text); len(wrong) > 0 {
		_, meant := said(wrong)
		finding.Wanted, finding.Fix.Text = meant, "Write "+meant+" in the template, and deploy: nothing sets what stands there, so that it prints nothing."
		finding.Fix.Command = c.putRequestTemplate(contentType, spelled(text, wrong))
		return
	}
	if mend, has := blame.ParseMend(c.fact(record.TemplateMend)); has && ok {
		if mended, fits := mend.Apply(text); fits {
			finding.Fix.Command = c.putRequestTemplate(contentType, mended)
			return
		}
	}
	if finding.Fix.Text == "" {
		finding.Fix.Text = "Mend the template in the file template.vtl, and deploy. gatehouse template eval renders it without a server."
	}
	if c.isHttp() {
		finding.Fix.Command = c.putMessageTemplateFile(contentType)
		return
	}
	finding.Fix.Command = c.putTemplateFile("update-integration", "/requestTemplates/"+pointer(contentType))
}

func (c *diagnosed) requestTemplates() map[string]string {
	if target := c.definition.httpIntegration(c.record.ResourceId); target != nil {
		return target.RequestTemplates
	}
	if target := c.restIntegration(); target != nil {
		return target.RequestTemplates
	}
	return nil
}

func (c *diagnosed) putRequestTemplate(contentType, text string) string {
	if c.isHttp() {
		return c.updateIntegration("--request-templates", jsonText(map[string]string{contentType: text}))
	}
	return then(c.method("update-integration", "--patch-operations", patch(replace("/requestTemplates/"+pointer(contentType), text))), c.deploy())
}

// putTemplateFile puts template.vtl in the place of a template; words say of what, beside
// the method. The aws CLI reads no part of a patch operation from a file.
func (c *diagnosed) putTemplateFile(operation, path string, words ...string) string {
	operations := `"$(python3 -c 'import json,sys; print(json.dumps([{"op": "replace", "path": sys.argv[1], "value": open("template.vtl").read()}]))' ` +
		quote(path) + `)"`
	return then(c.method(operation, append(words, "--patch-operations")...)+" "+operations, c.deploy())
}

// putMessageTemplateFile is putTemplateFile for a WebSocket API, whose templates have keys.
func (c *diagnosed) putMessageTemplateFile(key string) string {
	templates := ` "$(python3 -c 'import json,sys; print(json.dumps({sys.argv[1]: open("template.vtl").read()}))' ` + quote(key) + `)"`
	target := c.definition.httpIntegration(c.record.ResourceId)
	if target == nil {
		return c.apigatewayv2("get-integrations")
	}
	return c.thenDeploy(c.apigatewayv2("update-integration", "--integration-id", target.IntegrationId, "--request-templates") + templates)
}

// sendCorrectBody is for bodies that are JSON by their Content-Type alone.
func (c *diagnosed) sendCorrectBody(finding *Finding) {
	sent := c.again()
	sent.headers, sent.body = []placed{{"Content-Type", doubleQuoted(c.requestMediaType())}}, "body.json"
	finding.Wanted = "a body that is JSON"
	finding.Fix = c.send("Let the client send JSON: here it is body.json.", &sent)
}

func fixBodyNotJson(c *diagnosed, _ *fault.Fault, finding *Finding) { c.sendCorrectBody(finding) }

// fixTemplateFailed is for templates that cannot be rendered.
func fixTemplateFailed(c *diagnosed, f *fault.Fault, finding *Finding) {
	what, contentType, _ := strings.Cut(f.Checked, "template ")
	finding.Wanted = "a template that can be rendered"
	finding.Fix.Text = "Mend the template in the file template.vtl, and deploy. gatehouse template eval --template template.vtl says the same without a server."
	if what == "" {
		finding.Fix.Command = c.putTemplateFile("update-integration", "/requestTemplates/"+pointer(contentType))
		return
	}
	statusCode := c.chosenStatusCode()
	path := "/responseTemplates/" + pointer(contentType)
	if f.Found != answerNotJson {
		finding.Fix.Command = c.putTemplateFile("update-integration-response", path, "--status-code", statusCode)
		return
	}
	finding.Wanted = "a backend that answers JSON, which the template reads"
	finding.Fix = Fix{
		Text: "Let the backend answer JSON, or give such answers an integration response of their own, by their status. To see what the backend answers, pass it on as it is, and deploy:",
		Command: then(c.method("update-integration-response", "--status-code", statusCode, "--patch-operations", patch(replace(path, "$input.body"))),
			c.deploy()),
	}
}

// answerNotJson is what pipelines found of an answer that a template reads.
const answerNotJson = "a response body that is not JSON"

// chosenStatusCode is that of the integration response that was selected.
func (c *diagnosed) chosenStatusCode() string {
	_, statusCode, _ := strings.Cut(c.fact(record.PatternChosen), " → ")
	return statusCode
}

// outputNotJson finds an output that is not JSON where JSON was meant, and that AWS sends
// on nevertheless: to a backend that refused it, or, as far as a data trace shows it, to
// a backend or a client that took it.
func (c *diagnosed) outputNotJson() (Finding, bool) {
	finding := Finding{
		ErrorId: idOutputNotJson, Name: "output-not-json", Summary: "What a mapping template rendered is not JSON; it was sent as it is.",
		Wanted: "JSON", Nearest: []string{}, Article: idOutputNotJson,
	}
	if text := c.fact(record.TemplateOutput); text != "" {
		contentType := c.fact(record.TemplateChosen)
		finding.Checked = "the output of request template " + contentType + ", which the backend answered with an error"
		finding.Found = text
		if mend, ok := blame.ParseMend(c.fact(record.TemplateMend)); ok {
			finding.Fix.Text = "Write " + mend.New + " in the place of " + mend.Old + " in the template, and deploy."
		}
		c.mendRequestTemplate(&finding, contentType)
		return finding, true
	}
	return c.responseNotJson(finding)
}

// responseNotJson looks at what a response template rendered, where payloads were kept.
func (c *diagnosed) responseNotJson(finding Finding) (Finding, bool) {
	contentType := c.factOf("map_response", record.TemplateChosen)
	output, complete := c.body(record.MethodResponseBody)
	if c.record.Fault != nil || !complete || contentType == "" || !strings.Contains(valueOf(c.replied, "Content-Type"), "json") || json.Valid(output) {
		return Finding{}, false
	}
	statusCode, template := c.chosenStatusCode(), ""
	if target := c.restIntegration(); target != nil {
		template = target.IntegrationResponses[statusCode].ResponseTemplates[contentType]
	}
	answer, _ := c.body(record.EndpointReplyBody)
	blamed, ok := blame.Explain(blame.Rendering{Template: template, Input: inputOf(answer)}, output)
	if !ok || template == "" {
		return Finding{}, false
	}
	path := "/responseTemplates/" + pointer(contentType)
	finding.Checked, finding.Found = "the output of response template "+contentType+", which the client got as it is", blamed.String()
	finding.Fix.Text = "Mend the template, and deploy."
	finding.Fix.Command = c.putTemplateFile("update-integration-response", path, "--status-code", statusCode)
	if blamed.Nearest != "" {
		finding.Nearest = append(finding.Nearest, blamed.Nearest)
	}
	if blamed.Mend == nil {
		return finding, true
	}
	if mended, fits := blamed.Mend.Apply(template); fits {
		finding.Fix.Text = "Write " + blamed.Mend.New + " in the place of " + blamed.Mend.Old + " in the template, and deploy."
		finding.Fix.Command = then(c.method("update-integration-response", "--status-code", statusCode, "--patch-operations", patch(replace(path, mended))), c.deploy())
	}
	return finding, true
}

// inputOf makes the input of a response template from the backend's answer alone.
func inputOf(answer []byte) func() *mapping.Input {
	return func() *mapping.Input {
		payload := mapping.NewPayload(answer)
		return &mapping.Input{Payload: &payload, Context: mapping.ContextOf(value.NewMap(0))}
	}
}
