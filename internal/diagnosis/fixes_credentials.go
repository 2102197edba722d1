package diagnosis

import (
	"strings"

	"gatehouse/internal/dataplane/record"
)

// callersCredentials has an integration invoke as whoever called the API.
const callersCredentials = "arn:aws:iam::*:user/*"

// fixCredentials is for an integration that invokes as a role or as its caller, whose
// policies decide in place of the function's.
func (c *diagnosed) fixCredentials(finding *Finding, functionArn string) bool {
	target := c.restIntegration()
	if target == nil || target.Credentials == "" {
		return false
	}
	wanted := permission{action: "lambda:InvokeFunction", resource: functionArn, name: "invoke-function"}
	principal, who := c.fact(record.Principal), "the caller"
	if target.Credentials != callersCredentials {
		_, role, _ := strings.Cut(target.Credentials, ":role/")
		name := role[strings.LastIndexByte(role, '/')+1:]
		principal, who = "arn:aws:sts::"+c.scope.Account+roleMark+name+"/any", "the role "+role
		if accountOf(target.Credentials) == c.scope.Account && c.fixTrust(finding, name, c.putPolicyOf(principal, &wanted)) {
			return true
		}
	}
	finding.Found = "the integration invokes with " + who + "'s own policies (credentials " + target.Credentials + "), and none of them allows it"
	finding.Wanted = "a policy of " + who + " that allows lambda:InvokeFunction on " + functionArn
	finding.Fix = Fix{Text: "Allow " + who + " to invoke the function.", Command: c.putPolicyOf(principal, &wanted)}
	return true
}

// fixTrust is for a role that does not exist, or that API Gateway may not assume. allowing
// gives it the permission that it needs besides.
func (c *diagnosed) fixTrust(finding *Finding, role, allowing string) bool {
	nearest := strings.Join(finding.Nearest, " ")
	trust := policyOf(allowStatement{Effect: "Allow", Principal: map[string]string{"Service": "apigateway.amazonaws.com"}, Action: "sts:AssumeRole"})
	switch {
	case strings.HasPrefix(nearest, "there is no role"):
		finding.Found = "the integration invokes as the role " + role + ", which does not exist"
		finding.Fix = Fix{
			Text:    "Make the role, let API Gateway assume it, and allow it to invoke the function; or take the credentials off the integration and deploy.",
			Command: then(command("aws", "iam", "create-role", "--role-name", role, "--assume-role-policy-document", trust), allowing),
		}
	case strings.Contains(nearest, "apigateway.amazonaws.com"):
		finding.Found = "the integration invokes as the role " + role + ", whose trust policy does not let API Gateway assume it"
		finding.Fix = Fix{
			Text:    "Let API Gateway assume the role (this replaces its trust policy: add whom else it trusts), and allow the role to invoke the function.",
			Command: then(command("aws", "iam", "update-assume-role-policy", "--role-name", role, "--policy-document", trust), allowing),
		}
	default:
		return false
	}
	finding.Wanted = "a role that trusts apigateway.amazonaws.com and may invoke the function"
	return true
}
