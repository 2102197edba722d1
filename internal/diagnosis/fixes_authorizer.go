package diagnosis

import (
	"slices"
	"strings"

	"gatehouse/internal/fault"
)

// showAuthorizer is a command that shows the request's authorizer.
func (c *diagnosed) showAuthorizer() string {
	found, ok := c.authorizer()
	switch {
	case c.isHttp() && ok:
		return c.apigatewayv2("get-authorizer", "--authorizer-id", found.id)
	case c.isHttp():
		return c.apigatewayv2("get-authorizers")
	case ok:
		return c.apigateway("get-authorizer", "--authorizer-id", found.id)
	}
	return c.apigateway("get-authorizers")
}

// flushAuthorizers makes the stage forget what its authorizers answered.
func (c *diagnosed) flushAuthorizers() string {
	if c.isHttp() {
		return c.apigatewayv2("reset-authorizers-cache", "--stage-name", c.record.StageName)
	}
	return c.apigateway("flush-stage-authorizers-cache", "--stage-name", c.record.StageName)
}

// token stands for what the authorizer wants: the value itself is the client's, and no
// record keeps it. Where it wants several values each has a variable of its own.
const token = "$TOKEN"

// withIdentity is the request with variables where the authorizer looks for the client's
// identity; the text names them in place of $TOKEN.
func (c *diagnosed) withIdentity(text string) Fix {
	sent := c.again()
	found, _ := c.authorizer()
	var variables []string
	variable := func(prefix, name string) string {
		variables = append(variables, prefix+variableName(name))
		return variables[len(variables)-1]
	}
	for _, source := range found.sources {
		if _, name, isHeader := cutAfter(source, ".header."); isHeader {
			sent.headers = append(sent.headers, placed{name, variable("$HEADER_", name)})
		} else if _, name, isQuery := cutAfter(source, ".querystring."); isQuery {
			sent.query = append(sent.query, placed{name, variable("$QUERY_", name)})
		}
	}
	switch {
	case len(variables) > 1:
		return c.send(strings.ReplaceAll(text, token, joined(variables)), &sent)
	case len(sent.query) == 1:
		sent.query[0].value = token
	case len(sent.headers) == 1:
		sent.headers[0].value = token
	default:
		sent.headers = []placed{{"Authorization", token}}
	}
	return c.send(text, &sent)
}

func cutAfter(text, mark string) (before, after string, found bool) {
	return strings.Cut(strings.TrimSpace(text), mark)
}

func fixIdentityMissing(c *diagnosed, f *fault.Fault, finding *Finding) {
	finding.Checked = strings.TrimSuffix(finding.Checked, ".")
	if _, expression, ok := strings.Cut(f.Checked, "identityValidationExpression "); ok {
		finding.Fix = c.withIdentity("Send a token that " + expression + " matches as a whole, in place of " + token + ".")
		return
	}
	if present := c.presentSources(f.Found); present != "" {
		finding.Nearest = append(finding.Nearest, "present: "+present)
	}
	if variables, all := absentVariables(f.Found); all {
		fix := c.setStageVariable(variables[0])
		fix.Text = "An identity source of the authorizer is a stage variable, which no client can send. " + fix.Text
		finding.Fix = fix
		return
	}
	finding.Fix = c.withIdentity("Send what the authorizer's identity sources name (" + f.Found + "), in place of " + token + ".")
}

// presentSources are the authorizer's identity sources that were not absent.
func (c *diagnosed) presentSources(found string) string {
	absent, ok := strings.CutPrefix(found, "absent: ")
	settings, known := c.authorizer()
	if !ok || !known {
		return ""
	}
	var present []string
	for _, source := range settings.sources {
		if source = strings.TrimSpace(source); source != "" && !slices.Contains(strings.Split(absent, ", "), source) {
			present = append(present, source)
		}
	}
	return joined(present)
}

// absentVariables are the stage variables among what was absent, and whether that is all.
func absentVariables(found string) (names []string, all bool) {
	list := strings.Split(strings.TrimPrefix(found, "absent: "), ", ")
	for _, source := range list {
		if _, name, ok := strings.Cut(source, "stageVariables."); ok {
			names = append(names, name)
		}
	}
	return names, len(names) > 0 && len(names) == len(list)
}

// fixTokenRefused is for a function that looked at the token and said Unauthorized.
func fixTokenRefused(c *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Wanted = "a token that the authorizer's function accepts"
	finding.Fix = c.withIdentity("Send a token that the function accepts, in place of " + token + "; its log says why this one was refused.")
}

// fixFunction is the authorizer's function to mend. What it answered before is kept for
// the same identity, and must be forgotten.
func (c *diagnosed) fixFunction(text string) Fix {
	found, ok := c.authorizer()
	if !ok {
		return Fix{Text: text, Command: c.showAuthorizer()}
	}
	fix := c.fixCode(functionOfUri(found.uri), text)
	if found.ttl > 0 {
		fix.Text += " Its earlier answers are kept for " + itoa(int(found.ttl)) + " s: make the stage forget them."
		fix.Command = then(fix.Command, c.flushAuthorizers())
	}
	return fix
}

// fixAuthorizerAnswer is for authorizers whose function has to be mended.
func fixAuthorizerAnswer(c *diagnosed, f *fault.Fault, finding *Finding) {
	if limit, ok := timedOut(f.Found); ok {
		c.fixSlowAuthorizer(finding, limit)
		return
	}
	if found, ok := c.authorizer(); ok && c.isHttp() && strings.Contains(f.Found, "isAuthorized") && strings.Contains(f.Wanted, "enableSimpleResponses is off") {
		finding.Fix = Fix{
			Text:    "Let the authorizer take simple responses, as its function gives one, and deploy.",
			Command: c.thenDeploy(c.apigatewayv2("update-authorizer", "--authorizer-id", found.id, "--enable-simple-responses")),
		}
		return
	}
	text := "Mend the authorizer's function; its log has what it printed."
	if f.Wanted != "" {
		text = "Let the authorizer's function answer " + f.Wanted + "."
	}
	finding.Fix = c.fixFunction(text)
}

// fixSlowAuthorizer gives the authorizer's function more time.
func (c *diagnosed) fixSlowAuthorizer(finding *Finding, seconds int) {
	finding.Wanted = "an answer within the function's own timeout"
	found, ok := c.authorizer()
	if !ok {
		finding.Fix = Fix{Text: "Make the authorizer's function faster, or give it more time.", Command: c.showAuthorizer()}
		return
	}
	name, _ := nameOfFunction(functionOfUri(found.uri))
	finding.Fix = Fix{
		Text:    "Give the authorizer's function more time than the " + itoa(seconds) + " s that it has, or make it faster.",
		Command: command("aws", "lambda", "update-function-configuration", "--function-name", name, "--timeout", itoa(min(2*seconds, longestFunction))),
	}
}

func fixAuthorizerDenied(c *diagnosed, f *fault.Fault, finding *Finding) {
	finding.Wanted = "a policy that allows execute-api:Invoke on " + c.wildcardArn()
	text := "Let the authorizer's function return a policy that allows the method to this client."
	if strings.HasPrefix(f.Wanted, "isAuthorized") {
		finding.Wanted = f.Wanted
		text = "Let the authorizer's function answer isAuthorized true to this client."
	}
	finding.Fix = c.fixFunction(text)
}

func fixCachedPolicy(c *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Wanted = "a policy that allows execute-api:Invoke on " + c.wildcardArn()
	finding.Fix.Text = "Let the authorizer return a policy for all methods that the client may call, or keep no policies: set its " +
		"authorizerResultTtlInSeconds to 0"
	finding.Fix.Command = c.flushAuthorizers()
	found, ok := c.authorizer()
	switch {
	case !ok:
	case c.isHttp():
		finding.Fix.Text += "."
		finding.Fix.Command = c.thenDeploy(c.apigatewayv2("update-authorizer", "--authorizer-id", found.id, "--authorizer-result-ttl-in-seconds", "0"))
	default:
		finding.Fix.Text += " and deploy."
		finding.Fix.Command = then(c.apigateway("update-authorizer", "--authorizer-id", found.id, "--patch-operations",
			patch(replace("/authorizerResultTtlInSeconds", "0"))), c.deploy())
	}
}

func fixAuthorizerUnreachable(c *diagnosed, f *fault.Fault, finding *Finding) {
	_, source, denied := strings.Cut(f.Wanted, "SourceArn ")
	invoked, _, _ := strings.Cut(strings.TrimPrefix(f.Checked, "invoking "), " ")
	if !denied {
		finding.Fix = Fix{Text: "Name a function that exists in the authorizer's URI, and deploy.", Command: c.showAuthorizer()}
		if found, ok := c.authorizer(); ok && strings.Contains(f.Found, "does not exist") {
			finding.Wanted = "the function " + invoked
			finding.Fix = c.makeFunction(invoked, "or name one that exists in the authorizer's URI and deploy",
				strings.TrimSuffix(c.scope.ExecuteApiArn(c.record.ApiId, "authorizers", found.id, ""), "/"))
		}
		return
	}
	name, qualifier := nameOfFunction(invoked)
	finding.Fix.Text = "Allow API Gateway to invoke the authorizer's function."
	if c.isOtherAccount(invoked) {
		name = strings.TrimSuffix(invoked, ":"+qualifier)
		c.sayCrossAccount(finding, invoked)
	}
	words := []string{"aws", "lambda", "add-permission", "--function-name", name}
	if qualifier != "" {
		words = append(words, "--qualifier", qualifier)
	}
	found, _ := c.authorizer()
	finding.Fix.Command = command(append(words, "--statement-id", "authorizer-"+c.record.ApiId+"-"+found.id, "--action", "lambda:InvokeFunction",
		"--principal", "apigateway.amazonaws.com", "--source-arn", source)...)
}
