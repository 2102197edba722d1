package diagnosis

import (
	"slices"
	"strconv"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/dataplane/record"
)

// proxyAnswer is for a function that answers as a proxy integration wants it, behind an
// integration that is none: its statusCode is data there.
func (c *diagnosed) proxyAnswer() (Finding, bool) {
	text := c.fact(record.ProxyAnswer)
	if text == "" || c.record.Fault != nil {
		return Finding{}, false
	}
	statusCode, names, _ := strings.Cut(text, " ")
	beside := strings.Fields(names)
	isObject := false
	for i, name := range beside {
		if strings.HasPrefix(name, "body:") {
			beside[i], isObject = "body", true
		}
	}
	finding := Finding{
		ErrorId: idProxyAnswer, Name: "proxy-response-unread", Article: "GH-M301", Nearest: []string{},
		Summary: "The function answers as for a proxy integration, and the integration is none, so that the client got its statusCode and body as JSON.",
		Checked: "the answer of the function against the integration of " + c.methodOfResource + " " + c.record.ResourcePath + ", whose type is AWS",
		Found: "the function answered statusCode " + statusCode + " beside " + joined(beside) + ", and no proxy integration reads it: the client got it as JSON, with status " +
			itoa(c.record.StatusCode),
		Wanted: "an integration of type AWS_PROXY, or a response template that sets the status",
	}
	target := c.restIntegration()
	if target == nil {
		finding.Fix.Text = "Make the integration's type AWS_PROXY, and deploy."
		return finding, true
	}
	if isObject {
		finding.Found += "; AWS_PROXY would refuse it, too, for a body that is no string"
	}
	if isObject || len(target.RequestTemplates) > 0 {
		finding.Fix = c.fixByTemplate(isObject)
		return finding, true
	}
	finding.Fix = Fix{
		Text:    "Make the integration's type AWS_PROXY, and deploy. The function then gets the whole request as its event, and its statusCode, headers and body are the response's.",
		Command: then(c.putProxy(target), c.deploy()),
	}
	return finding, true
}

// putProxy is the integration again, as a proxy.
func (c *diagnosed) putProxy(target *apigw.Integration) string {
	words := []string{"--type", "AWS_PROXY", "--integration-http-method", "POST", "--uri", target.Uri}
	if target.Credentials != "" {
		words = append(words, "--credentials", target.Credentials)
	}
	if target.TimeoutInMillis > 0 {
		words = append(words, "--timeout-in-millis", strconv.Itoa(int(target.TimeoutInMillis)))
	}
	return c.method("put-integration", slices.Clip(words)...)
}

// fixByTemplate keeps the integration, whose event or whose answer no proxy would take.
func (c *diagnosed) fixByTemplate(isObject bool) Fix {
	template := "#set($context.responseOverride.status = $input.path('$.statusCode'))"
	if isObject {
		template += "$input.json('$.body')"
	} else {
		template += "$input.path('$.body')"
	}
	return Fix{
		Text: "Let a response template set the status and print the body, and deploy. A proxy integration would do so by itself, with an event that has the whole request and a body that is a string.",
		Command: then(c.method("update-integration-response", "--status-code", c.chosenStatusCode(),
			"--patch-operations", patch(add("/responseTemplates/"+pointer(contentTypeJSON), template))), c.deploy()),
	}
}
