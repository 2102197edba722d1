package diagnosis

import (
	"strings"

	"gatehouse/internal/fault"
)

// authorizerId is the authorizer of the method, as it is defined now; empty when that is
// not known.
func (c *diagnosed) authorizerId() string {
	if c.definition == nil {
		return ""
	}
	for _, method := range c.definition.Methods {
		if method.ResourceId == c.record.ResourceId && method.HttpMethod == c.methodOfResource {
			return method.AuthorizerId
		}
	}
	return ""
}

// showAuthorizer is a command that shows the method's authorizer.
func (c *diagnosed) showAuthorizer() string {
	if id := c.authorizerId(); id != "" {
		return c.apigateway("get-authorizer", "--authorizer-id", id)
	}
	return c.apigateway("get-authorizers")
}

func fixIdentityMissing(c *diagnosed, f *fault.Fault, finding *Finding) {
	finding.Fix = Fix{Text: "Send what the authorizer's identity sources name (" + f.Found + ").", Command: c.showAuthorizer()}
}

// fixAuthorizerAnswer is for authorizers whose function has to be mended.
func fixAuthorizerAnswer(c *diagnosed, f *fault.Fault, finding *Finding) {
	finding.Fix = Fix{Text: "Mend the authorizer's function; its log has what it printed.", Command: c.showAuthorizer()}
	if f.Wanted != "" {
		finding.Fix.Text = "Let the authorizer's function answer " + f.Wanted + "."
	}
}

func fixAuthorizerDenied(c *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Wanted = "a policy that allows execute-api:Invoke on " + c.wildcardArn()
	finding.Fix = Fix{Text: "Let the authorizer's function return a policy that allows the method to this client.", Command: c.showAuthorizer()}
}

func fixCachedPolicy(c *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Fix.Text = "Let the authorizer return a policy for all methods that the client may call, or keep no policies: set its " +
		"authorizerResultTtlInSeconds to 0 and deploy."
	finding.Fix.Command = c.apigateway("flush-stage-authorizers-cache", "--stage-name", c.record.StageName)
	if id := c.authorizerId(); id != "" {
		finding.Fix.Command = then(c.apigateway("update-authorizer", "--authorizer-id", id, "--patch-operations",
			patch(replace("/authorizerResultTtlInSeconds", "0"))), c.deploy())
	}
}

func fixAuthorizerUnreachable(c *diagnosed, f *fault.Fault, finding *Finding) {
	_, source, denied := strings.Cut(f.Wanted, "SourceArn ")
	invoked, _, _ := strings.Cut(strings.TrimPrefix(f.Checked, "invoking "), " ")
	if !denied {
		finding.Fix = Fix{Text: "Name a function that exists in the authorizer's URI, and deploy.", Command: c.showAuthorizer()}
		return
	}
	name, qualifier := nameOfFunction(invoked)
	words := []string{"aws", "lambda", "add-permission", "--function-name", name}
	if qualifier != "" {
		words = append(words, "--qualifier", qualifier)
	}
	finding.Fix = Fix{
		Text: "Allow API Gateway to invoke the authorizer's function.",
		Command: command(append(words, "--statement-id", "authorizer-"+c.record.ApiId+"-"+c.authorizerId(), "--action", "lambda:InvokeFunction",
			"--principal", "apigateway.amazonaws.com", "--source-arn", source)...),
	}
}
