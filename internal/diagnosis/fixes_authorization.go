package diagnosis

import (
	"encoding/json"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/fault"
)

// url is the address of the request, for a command of the client's. Its query is left
// to the client.
func (c *diagnosed) url() string {
	host := valueOf(c.headers, "Host")
	scheme := valueOf(c.headers, "X-Forwarded-Proto")
	if host == "" {
		host = c.record.ApiId + ".execute-api.localhost:4566"
	}
	if scheme == "" {
		scheme = "http"
	}
	path := "/" + c.record.StageName + c.record.Path
	if !strings.Contains(host, ".execute-api") {
		path = "/_aws/execute-api/" + c.record.ApiId + path
	}
	return scheme + "://" + host + path
}

func (c *diagnosed) signedRequest() string {
	words := []string{"curl", "--aws-sigv4", "aws:amz:" + c.record.Region + ":execute-api"}
	if c.record.HttpMethod != "GET" {
		words = append(words, "-X", c.record.HttpMethod)
	}
	return command(words...) + ` --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" ` + quote(c.url())
}

func fixSignatureMissing(c *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Wanted = "a request signed with Signature Version 4 for service execute-api in region " + c.record.Region
	finding.Fix = Fix{Text: "Sign the request.", Command: c.signedRequest()}
}

func fixSignature(c *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Fix = Fix{
		Text:    "Sign exactly what is sent, for service execute-api in region " + c.record.Region + ", with the clock set; the difference stands above.",
		Command: c.signedRequest(),
	}
}

func fixAccessKey(_ *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Fix = Fix{Text: "Sign with an access key that exists here and is active.", Command: command("aws", "iam", "list-access-keys")}
}

// allowStatement is a statement that would let the request pass.
type allowStatement struct {
	Effect    string
	Principal any `json:",omitempty"`
	Action    string
	Resource  string
	Condition any `json:",omitempty"`
}

// methodArn is what the request was to be allowed.
func (c *diagnosed) methodArn() string {
	scope := apigw.Scope{Account: c.record.AccountId, Region: c.record.Region}
	return scope.ExecuteApiArn(c.record.ApiId, c.record.StageName, c.record.HttpMethod, strings.TrimPrefix(c.record.ResourcePath, "/"))
}

// wildcardArn is methodArn with path parameters as wildcards, for a policy.
func (c *diagnosed) wildcardArn() string {
	segments := strings.Split(c.methodArn(), "/")
	for i, segment := range segments {
		if strings.HasPrefix(segment, "{") {
			segments[i] = "*"
		}
	}
	return strings.Join(segments, "/")
}

// userParts of arn:aws:iam::{account}:user/{path/}{name}.
const userMark = ":user/"

func fixIamDenied(c *diagnosed, _ *fault.Fault, finding *Finding) {
	document := jsonText(map[string]any{
		"Version": "2012-10-17", "Statement": []allowStatement{{Effect: "Allow", Action: "execute-api:Invoke", Resource: c.wildcardArn()}},
	})
	principal := c.fact("principal")
	_, user, isUser := strings.Cut(principal, userMark)
	finding.Fix = Fix{Text: "Allow " + principal + " to invoke the method."}
	if isUser {
		name := user[strings.LastIndexByte(user, '/')+1:]
		finding.Fix.Command = command("aws", "iam", "put-user-policy", "--user-name", name, "--policy-name", "invoke-"+c.record.ApiId,
			"--policy-document", document)
	}
}

// fixResourcePolicy adds a statement to the policy as it stands.
func fixResourcePolicy(c *diagnosed, f *fault.Fault, finding *Finding) {
	_, sourceIp, _ := strings.Cut(f.Checked, " from ")
	finding.Fix.Text = "Add a statement that allows this method to " + sourceIp + " to the API's resource policy, and deploy."
	if c.definition == nil {
		return
	}
	policy := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(c.definition.Policy), &policy); err != nil {
		return
	}
	var statements []json.RawMessage
	if json.Unmarshal(policy["Statement"], &statements) != nil {
		statements = []json.RawMessage{policy["Statement"]}
	}
	statements = append(statements, json.RawMessage(jsonText(allowStatement{
		Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: c.wildcardArn(),
		Condition: map[string]any{"IpAddress": map[string]string{"aws:SourceIp": sourceIp}},
	})))
	policy["Statement"] = json.RawMessage(jsonText(statements))
	finding.Fix.Command = then(c.apigateway("update-rest-api", "--patch-operations", patch(replace("/policy", jsonText(policy)))), c.deploy())
}

func fixResourcePolicyDeny(_ *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Fix.Text = "Change the statement that denies: an explicit deny wins over every allow. Then deploy."
}
