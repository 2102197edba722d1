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
		principal, who = "arn:aws:sts::"+c.scope.Account+roleMark+role[strings.LastIndexByte(role, '/')+1:]+"/any", "the role "+role
	}
	finding.Found = "the integration invokes with " + who + "'s own policies (credentials " + target.Credentials + "), and none of them allows it"
	finding.Wanted = "a policy of " + who + " that allows lambda:InvokeFunction on " + functionArn
	finding.Fix = Fix{Text: "Allow " + who + " to invoke the function.", Command: c.putPolicyOf(principal, &wanted)}
	return true
}
